/** The words of the boards in a language: one file each, with the same keys. */
import { en } from './en'
import { ja } from './ja'

export type TextKey = keyof typeof en
export type Text = (key: TextKey) => string

export const languages = { en, ja } as const satisfies Readonly<Record<string, Readonly<Record<TextKey, string>>>>
export type Language = keyof typeof languages

export const textsOf =
  (language: Language): Text =>
  key =>
    languages[language][key]

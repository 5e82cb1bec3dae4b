// The page's words in the reader's language.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { en } from './en'
import { ja } from './ja'

export type Language = 'en' | 'ja'
export type TextKey = keyof typeof en

export const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, ja }

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key)
}

export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string

/** `{n} {n|span|spans}` with its places filled in: the first form for exactly one. */
export function translate(language: Language): Translate {
  return (key, values) =>
    TEXTS[language][key].replace(
      /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g,
      (place, name: string, one?: string, many?: string) => {
        const value = String(values?.[name] ?? place)
        if (one === undefined) return value
        return value === '1' ? one : many!
      },
    )
}

export interface Preferences {
  readonly language: Language
  readonly theme: 'auto' | 'light' | 'dark'
  readonly t: Translate
  change(change: { language?: Language; theme?: 'auto' | 'light' | 'dark' }): void
}

export const PreferencesContext = createContext<Preferences>({
  language: 'en',
  theme: 'auto',
  t: translate('en'),
  change: () => undefined,
})

export function usePreferences(): Preferences {
  return useContext(PreferencesContext)
}

export function useText(): Translate {
  return useContext(PreferencesContext).t
}

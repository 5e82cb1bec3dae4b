// Which language a text is in: by its script where that tells, else by the small words that no text goes without.
import { wordsOf } from './words'

/** Characters that are read. */
const LONGEST = 4_096
/** So many small words of a language at least have to be found, and so large a share of all words. */
const [FEWEST, SHARE] = [2, 0.12]

/** Each is one language's, among those that we know. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['th', /\p{Script=Thai}/gu],
]

const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to is that it for you with this are be can not have your on as at by from will which or if when was there',
  de: 'der die das und ist nicht ein eine sie mit den von zu auf für dem sich auch es werden wird sind ihre ihr bei oder wenn kann im wir',
  fr: 'le la les des et est une vous que pour dans pas du sur avec qui votre sont ce au ne plus par peut cette il nous ou être',
  es: 'el los las una que es por para con su del está como puede más se lo sus este esta pero usted son al y hay muy también',
  it: 'il di che è un per non una sono con del della le si gli più come questo questa anche può nel alla dei ha lo ma suo',
  pt: 'o os uma que é não para com do da em por seu sua você são mais pode como no na ao se dos das isso também está um',
  nl: 'de het een van en is niet dat op te voor met zijn aan die er maar u kan uw ook wordt bij naar of deze wij worden als',
  sv: 'och att det är inte en som för på med av den till du kan har om ett så eller men din var detta från ska vi också',
  da: 'og det er ikke en at på med af til den du kan har om et som for eller men din fra skal vi også hvis dette jeg',
  pl: 'i w nie się na jest że do z to jak za od po oraz może są dla przez lub tego aby jest pan ten te czy już być',
  tr: 've bir bu için ile de da olarak çok daha ne gibi olan sonra kadar veya en ise size var değil ancak her ya ama olur',
  ru: 'и в не на что с это по как для вы из к от но или же можно при ваш его она они мы если так уже есть может',
  uk: 'і в не на що з це як для ви із до від але або також можна при ваш його вона вони ми якщо так вже є може та',
}

const byWord = new Map<string, string[]>()
for (const [language, words] of Object.entries(SMALL_WORDS))
  for (const word of new Set(words.split(' '))) byWord.set(word, [...(byWord.get(word) ?? []), language])

/** The languages that are told from each other, by their codes in ISO 639-1. */
export const languages: readonly string[] = [...SCRIPTS.map(([code]) => code), ...Object.keys(SMALL_WORDS)]

/** @returns undefined where the text is too short to say, or in a language that is not among them */
export function languageOf(text: string): string | undefined {
  // code and addresses are in no language
  const read = text
    .slice(0, LONGEST)
    .replace(/```[^`]*(?:```|$)/g, ' ')
    .replace(/`[^`\n]{1,200}`|https?:\/\/\S+/g, ' ')
  return byScript(read) ?? bySmallWords(wordsOf(read))
}

function byScript(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const counts = SCRIPTS.map(([code, script]) => [code, text.match(script)?.length ?? 0] as const)
  const count = (code: string) => counts.find(([one]) => one === code)![1]
  // Japanese is written in Chinese characters too, and Chinese has no kana
  if (count('ja') + count('zh') > letters / 2 && count('ja') > 0 && count('ja') >= letters / 20) return 'ja'
  const [best, most] = counts.reduce((a, b) => (b[1] > a[1] ? b : a))
  return most >= 2 && most > letters / 2 ? best : undefined
}

function bySmallWords(words: readonly string[]): string | undefined {
  const found = new Map<string, number>()
  for (const word of words) for (const one of byWord.get(word) ?? []) found.set(one, (found.get(one) ?? 0) + 1)
  const [first, second] = [...found].sort((a, b) => b[1] - a[1])
  if (!first || first[1] < Math.max(FEWEST, words.length * SHARE)) return undefined
  return second?.[1] === first[1] ? undefined : first[0]
}

/** Reads Japanese names: a surname of the list, and a given name by the characters that given names are written with. */
import { codeAt } from '../../../scan/chars'
import { spend } from '../../../scan/work'
import {
  GIVEN_FIRST,
  GIVEN_LAST,
  GIVEN_MIDDLE,
  GIVEN_OF_ONE,
  READINGS,
  SURNAMES_OF_ONE,
  SURNAMES_OF_THREE,
  SURNAMES_OF_TWO,
} from './japanese-lists'
import { isHiragana, isKanji, isKatakana } from './script'

/** Titles of one kanji that are the last character of a run, and titles in words. */
const TITLES =
  '取締役 ちゃん 先生 社長 部長 課長 係長 次長 店長 所長 室長 院長 主任 教授 博士 選手 監督 議員 専務 常務 会長 さん さま くん 様 氏 殿 君'
    .split(' ')
    .map(title => [title.charCodeAt(0), title] as const)
const TITLE_INITIALS = new Set(TITLES.map(([initial]) => initial))
/** Words that begin like a title: 様々, 氏名, 殿下. */
const NO_TITLE = /^(?:様[々子式相態]|氏[名族]|君[主臨]|殿[堂下]|くん[でだ])/

/** Other forms of a character that families keep in their names: 髙橋, 山﨑. */
const VARIANTS = [
  '高髙',
  '崎﨑',
  '辺邉',
  '辺邊',
  '沢澤',
  '斎齋',
  '斎齊',
  '斉齊',
  '浜濱',
  '広廣',
  '桜櫻',
  '国國',
  '島嶋',
  '富冨',
  '滝瀧',
  '徳德',
  '条條',
  '竜龍',
  '関關',
]

const packed = [SURNAMES_OF_ONE, SURNAMES_OF_TWO, SURNAMES_OF_THREE].map((text, index) =>
  withVariants(text.replace(/\s/g, ''), index + 1),
)

/** The surnames of `size` characters each, and then those that other forms of their characters make. */
function withVariants(packed: string, size: number): string {
  let all = packed
  for (let at = 0; at < packed.length; at += size) {
    const surname = packed.slice(at, at + size)
    for (const [plain, other] of VARIANTS) if (surname.includes(plain!)) all += surname.replace(plain!, other!)
  }
  return all
}

interface Lists {
  /** what follows the first character in surnames, the longer ones first */
  readonly surnames: Map<number, string[]>
  /** 1 at surnames of one character, and at the first two characters of the others */
  readonly beginnings: Uint8Array
  readonly first: Set<string>
  readonly middle: Set<string>
  readonly last: Set<string>
  readonly one: Set<string>
  readonly readings: Set<string>
}

let known: Lists | undefined

/** Unpacked when the first name is looked up: most apps never see one. */
function lists(): Lists {
  known ??= {
    surnames: readSurnames(),
    beginnings: readBeginnings(),
    first: new Set(GIVEN_FIRST),
    middle: new Set(GIVEN_MIDDLE),
    last: new Set(GIVEN_LAST),
    one: new Set(GIVEN_OF_ONE),
    readings: new Set(READINGS.split(/\s+/)),
  }
  return known
}

function readSurnames(): Lists['surnames'] {
  const surnames: Lists['surnames'] = new Map()
  for (let size = packed.length; size > 0; size--) {
    const text = packed[size - 1]!
    for (let at = 0; at < text.length; at += size) {
      const first = text.charCodeAt(at)
      const rests = surnames.get(first) ?? []
      rests.push(text.slice(at + 1, at + size))
      surnames.set(first, rests)
    }
  }
  return surnames
}

function readBeginnings(): Uint8Array {
  const beginnings = new Uint8Array(0x20000)
  packed.forEach((text, index) => {
    for (let at = 0; at <= text.length - 1 - index; at += index + 1) {
      const first = text.charCodeAt(at)
      beginnings[index === 0 ? first : pairOf(first, text.charCodeAt(at + 1))] = 1
    }
  })
  return beginnings
}

/** The first characters of all surnames: where a name may begin. */
export function surnameInitials(): string {
  const initials = packed.map((text, index) => [...text].filter((_, at) => at % (index + 1) === 0).join(''))
  return [...new Set(initials.join(''))].join('')
}

/** The end of the longest surname that begins at `at`, `at` when there is none. */
export function surnameEnd(text: string, at: number): number {
  const { surnames, beginnings } = lists()
  const first = codeAt(text, at)
  if (beginnings[first] === 0 && beginnings[pairOf(first, codeAt(text, at + 1))] === 0) return at
  const rests = surnames.get(first)
  if (!rests) return at
  spend(rests.length >> RESTS)
  for (const rest of rests) if (text.startsWith(rest, at + 1)) return at + 1 + rest.length
  return at
}

/** Eight surnames of one beginning are compared in a unit of work, here as bits. */
const RESTS = 3

/** Two characters as one index of `beginnings`; different pairs may share one. */
function pairOf(first: number, second: number): number {
  return 0x10000 | (((first * 31) ^ second) & 0xffff)
}

/** The end of the kanji that begin at `at`, at most `limit` characters on. */
export function kanjiEnd(text: string, at: number, limit: number): number {
  let end = at
  while (end < at + limit && isKanji(codeAt(text, end))) end++
  return end
}

/** The length of the title that begins at `at`, 0 when there is none. */
export function titleAt(text: string, at: number): number {
  const code = codeAt(text, at)
  if (!TITLE_INITIALS.has(code)) return 0
  for (const [initial, title] of TITLES) {
    if (initial === code && text.startsWith(title, at)) return NO_TITLE.test(text.slice(at, at + 3)) ? 0 : title.length
  }
  return 0
}

/** True when given names are written with these one to three kanji. */
export function isGiven(name: string): boolean {
  const { first, middle, last, one } = lists()
  if (name.length === 1) return one.has(name)
  if (name.length > 3 || !first.has(name[0]!) || !last.has(name.at(-1)!)) return false
  return name.length === 2 || middle.has(name[1]!)
}

/** True for a given name in hiragana or katakana that is a popular one. */
export function isReading(name: string): boolean {
  spend(2)
  return lists().readings.has(name.replace(/[\u30a1-\u30f6]/g, kana => String.fromCharCode(kana.charCodeAt(0) - 0x60)))
}

/** The end of the hiragana or of the katakana that begin at `at`, at most `limit` characters on. */
export function kanaEnd(text: string, at: number, limit: number): number {
  const isKana = isHiragana(codeAt(text, at)) ? isHiragana : isKatakana
  let end = at
  while (end < at + limit && isKana(codeAt(text, end))) end++
  return end
}

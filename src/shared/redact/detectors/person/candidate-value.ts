/** Whether a value that a label announces reads like a name or an address. */
import type { NameKind } from '../../locales/name-words'
import { nameWordAt } from '../../words/name-words'
import { isPlaceholder } from '../secrets/plausible'
import { isChineseName, isKoreanName } from './names/east-asian'
import { isGiven, surnameEnd, titleAt } from './names/japanese'
import { fullNameAt, isGivenName } from './names/latin'

/** What is looked for behind a label. */
export type FieldKind = Exclude<NameKind, 'recipient' | 'label'>

/** Characters of what is read as a name, and as an address. */
export const LONGEST_NAME = 80
export const LONGEST_ADDRESS = 200

/** Most countries in four to six digits, Japan, the USA, Brazil, Poland, Sweden, the Netherlands, Canada, UK. */
const POSTAL =
  /^(?:\d{4,6}|\d{3}-?\d{4}|\d{5}-\d{3,4}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{1,2}-\d{4,5})$/i
/** The words for all of them: 住所は都道府県から is about forms. */
const ANY_PLACE = /都道府県|市区?町村/g

/** Letters and a house number with a space between, or Japanese with a digit or two words; no URL, no host, no call. */
export function isAddress(value: string): boolean {
  if (/[@{}<>[\]=]|:\/\/|\w\(|\)\.|^[\d.:a-f]+$/i.test(value)) return false
  if (/[\u3041-\u9fff\uac00-\ud7a3]/.test(value))
    return /\d|[一二三四五六七八九十]|[都道府県市区町村郡]/.test(value.replace(ANY_PLACE, ''))
  return value.length >= 6 && /\d/.test(value) && /[\p{L}\p{M}]{2}/u.test(value) && /[ ,]/.test(value)
}

/** The end of the name in [start, end) without the title behind it: 田中様. */
export function withoutTitle(text: string, start: number, end: number): number {
  for (let at = Math.max(start + 1, end - 3); at < end; at++) if (at + titleAt(text, at) === end) return at
  return end
}

function isLatinName(kind: FieldKind, value: string): boolean {
  if (!/^[\p{L}\p{M} .,'’-]+$/u.test(value)) return false
  const name = fullNameAt(value, 0, true)
  if (!name) return kind === 'name' && isGivenName(value.split(' ')[0]!) && value.length < 40
  // Smith, John
  const rest = value.slice(name.end)
  if (rest !== '' && !/^(?:,? \p{L}[\p{L}.' -]{0,30}|\.)$/u.test(rest)) return false
  if (kind === 'name') return true
  return kind === 'role' ? name.words > 1 || name.isKnown : name.words > 1 && name.isKnown
}

export function isJapaneseName(kind: FieldKind, value: string): boolean {
  const bare = value.slice(0, withoutTitle(value, 0, value.length)).trimEnd()
  if (
    !/^[\u3005\u3041-\u30fc\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]{1,14}(?:[ ・\u3000][\u3005\u3041-\u30fc\u4e00-\u9fff\uff66-\uff9f]{1,14})?$/.test(
      bare,
    )
  )
    return false
  if (kind === 'name') return true
  const surname = surnameEnd(bare, 0)
  if (surname === 0)
    return (
      kind === 'role' &&
      /^(?:[\u30a1-\u30fc]{2,10}[ ・\u3000][\u30a1-\u30fc]{2,10}|[\u3041-\u3096]{2,6}[ \u3000][\u3041-\u3096]{2,6})$/.test(
        bare,
      )
    )
  const given = bare.slice(surname).trimStart()
  return given === ''
    ? kind === 'role'
    : isGiven(given) || bare[surname] === ' ' || /^[\u3041-\u30fc]{2,5}$/.test(given)
}

/** Two to four Arabic words; a comma behind the family name. */
const ARABIC_NAME = /^[\u0621-\u06d3]{2,12}[,،]? [\u0621-\u06d3]{2,12}(?: [\u0621-\u06d3]{2,12}){0,2}$/

/** Words of Hebrew, of the scripts of India, or of Thai. */
const SPACED_NAME =
  /^(?:[\u0590-\u05ff]{1,20}|[\u0900-\u0dff]{1,24}|[\u0e00-\u0e7f]{1,30})(?: [\u0590-\u05ff\u0900-\u0e7f]{1,30}){0,3}$/

/** Names in scripts that have no capitals, where only the label can tell. */
export function isForeignName(kind: FieldKind, value: string): boolean {
  if (kind === 'role' && (isKoreanName(value) || isChineseName(value) || ARABIC_NAME.test(value))) return true
  if (kind === 'role' && value.includes(' ')) return SPACED_NAME.test(value)
  if (kind === 'bare') return ARABIC_NAME.test(value)
  return (
    kind === 'name' && (SPACED_NAME.test(value) || /^(?:[\uac00-\ud7a3]{1,5}|[\u0600-\u06ff ,]{3,40})$/.test(value))
  )
}

/** Whether a quoted value is what its label says. */
export function isValue(kind: FieldKind, value: string): boolean {
  if (value.length > LONGEST_ADDRESS || isPlaceholder(value) || nameWordAt(value, value.length)) return false
  if (kind === 'postal') return POSTAL.test(value)
  if (kind === 'address') return isAddress(value)
  if (value.length > LONGEST_NAME) return false
  return isForeignName(kind, value) || isLatinName(kind, value) || isJapaneseName(kind, value)
}

/** Whether what stands under a bare `name` may be a person's; the surroundings tell. */
export function isLikeName(value: string): boolean {
  if (isPlaceholder(value) || value.length > LONGEST_NAME) return false
  return isLatinName('name', value) || isJapaneseName('role', value) || isForeignName('role', value)
}

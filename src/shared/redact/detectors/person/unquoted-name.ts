/** Names without quotes behind a label: `Name: Ann Lane`, 氏名：山田太郎. */
import { codeAt, is, LETTER } from '../../scan/chars'
import { type FieldKind, isForeignName, isJapaneseName, LONGEST_NAME, withoutTitle } from './candidate-value'
import { withoutKoreanEnding } from './names/east-asian'
import { isReading, kanaEnd, kanjiEnd, surnameEnd } from './names/japanese'
import { fullNameAt } from './names/latin'
import { isArabic, isHangul, isHiragana, isKanji, isKatakana } from './names/script'
import { isPersonAround, isPersonalKeyNear } from './person-near'

/** @param at the separator behind the label; returns the end of the name that begins at `start`, 0 when there is none */
export function bareNameEnd(text: string, at: number, start: number, kind: FieldKind): number {
  const code = codeAt(text, start)
  if (isArabic(code)) {
    const value = ARABIC.exec(text.slice(start, start + LONGEST_NAME))![0]
    return isForeignName(kind, value) ? start + value.length : 0
  }
  if (isKanji(code) || isKatakana(code) || isHiragana(code) || isHangul(code)) {
    const end = foreignEnd(text, start)
    const value = text.slice(start, end)
    // 報告者は何故: は is no colon
    const isLabel = codeAt(text, at) < 128
    return end > start && ((isLabel && isForeignName(kind, value)) || isJapaneseName(kind, value)) ? end : 0
  }
  if (code >= 0x590 && code < 0xe80) {
    const value = SPACED.exec(text.slice(start, start + LONGEST_NAME))?.[0]
    return value && isForeignName(kind, value) ? start + value.length : 0
  }
  const name = fullNameAt(text, start, kind === 'name')
  if (!name || /[\w.([{@/]/.test(nextOf(text, name.end))) return 0
  if (kind === 'bare') {
    if (name.words > 1 && isPersonAround(text, at)) return name.end
    return isPersonalKeyNear(text, at) ? name.end : name.isKnown && name.words > 1 ? name.end : 0
  }
  // a sentence goes on after `client: Create`
  if (kind === 'role' && !name.isKnown && (name.words < 2 || /^ [\p{L}\d]/u.test(text.slice(name.end, name.end + 2))))
    return 0
  return name.end
}

/** The character after a name that would make it code or a host; a full stop at the end of a sentence is none. */
function nextOf(text: string, at: number): string {
  const char = text[at] ?? ''
  // </lastName>, not Map<string>
  if (char === '<') return text[at + 1] === '/' ? '' : '('
  if (char === ':') return text[at + 1] === ':' ? '(' : ''
  return char === '.' && !is(codeAt(text, at + 1), LETTER) ? '' : char
}

/** Arabic words, a comma behind the first ones. */
const ARABIC = /^[\u0621-\u06d3]{1,12}(?:[,،]? [\u0621-\u06d3]{1,12}){0,3}/

/** Words of Hebrew, of the scripts of India, or of Thai, to the end of the line or of the sentence. */
const SPACED = /^[\u0590-\u05ff\u0900-\u0e7f]{1,30}(?: [\u0590-\u05ff\u0900-\u0e7f]{1,30}){0,3}/

/** The end of a Japanese, Chinese or Korean name without quotes: one or two words of one script, without a title. */
function foreignEnd(text: string, start: number): number {
  const surname = surnameEnd(text, start)
  let end = scriptEnd(text, start)
  if (end > surname && surname > start) {
    const given = withoutTitle(text, surname, kanjiEnd(text, surname, 6))
    if (given >= surname) end = given
  } else if (surname > start && end === surname) {
    // 加藤さくら
    for (let kana = kanaEnd(text, surname, 5); kana > surname; kana--)
      if (isReading(text.slice(surname, kana))) return kana
  }
  if ((codeAt(text, end) === 32 || codeAt(text, end) === 0x30fb) && end - start <= 10) {
    const second = scriptEnd(text, end + 1)
    // the next label is no given name
    if (second > end + 1 && second - end <= 10 && codeAt(text, second) !== 58) end = withoutTitle(text, end + 1, second)
  }
  return withoutTitle(text, start, end)
}

function scriptEnd(text: string, at: number): number {
  const code = codeAt(text, at)
  if (isKanji(code)) return kanjiEnd(text, at, 8)
  if (!isHangul(code)) return kanaEnd(text, at, 12)
  let end = at
  while (end < at + 8 && isHangul(codeAt(text, end))) end++
  return at + withoutKoreanEnding(text.slice(at, end)).length
}

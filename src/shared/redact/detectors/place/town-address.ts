/**
 * Street addresses of any street name, which is known by what follows it: a town with its postal code (`Am Markt 3, 50667 Köln`), a
 * town with its state and ZIP code (`7 Old Ways\nReno, NV 89501`, `P.O. Box 12, …`), or the ward, city and prefecture of a
 * Japanese address in Latin letters (`1-2-3 Jinnan, Shibuya-ku, Tokyo`).
 */
import { type Anchor, BEYOND, DIGITS, LETTERS, not, UPPER, WORDS } from '../../scan/anchors'
import { BACKSLASH, BLANK, CAPITAL, codeAt, DIGIT, is, LETTER, runEnd } from '../../scan/chars'
import { ending, endingAt } from '../../scan/pieces'
import type { RunShape } from '../../scan/run-shapes'
import type { Detector } from '../../scan/scanner'
import { spend } from '../../scan/work'

/** Numbers joined by hyphens, and a postal code. */
const LONGEST_BLOCK = 24
const NAME = "[A-ZÀ-ÞĀ-Ž][A-Za-zÀ-ɏ'’.-]{1,24}"
const BREAK = '(?:, ?|,?\\r?\\n|,?\\\\{1,8}n)'
const TOWN = `${NAME}(?:[ -]${NAME}){0,3}`

const STATES =
  'A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]'
const FLAT = '(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm|#)\\.? ?[A-Za-z\\d-]{1,6})?'
/** State and ZIP code, a British or Canadian postcode, an Australian state and postcode. */
const REGION =
  `(?:(?:${STATES}) \\d{5}(?:-\\d{4})?|(?:GIR|[A-Z]{1,2}\\d[A-Z\\d]?) ?\\d[A-Z]{2}|(?:[A-Z]{2},? )?[A-Z]\\d[A-Z] ?\\d[A-Z]\\d` +
  '|(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT),? \\d{4})(?![A-Za-z\\d])'
const REGION_TOWN = `(?:${BREAK}${TOWN}){1,3}(?:,? |${BREAK})${REGION}`
const ENGLISH = new RegExp(
  `\\d{1,6}[A-Za-z]?(?: (?:[A-Z][A-Za-z'.-]{0,20}|\\d{1,3}(?:st|nd|rd|th))){0,5}${FLAT}${REGION_TOWN}`,
  'y',
)
const BOX = ending(/(?:P\.? ?O\.? ?Box|Post Office Box) (?:# ?)?/i)
const BOX_TOWN = new RegExp(`\\d{1,6}(?:${REGION_TOWN}|${BREAK}${TOWN})?`, 'y')

/** Words of a street's name, then the space before its number. */
const STREET = ending(
  new RegExp(
    `(?:${NAME}|[A-ZÀ-Þ]\\.)(?:[ -](?:${NAME}|de|del|della|dei|da|do|dos|das|la|las|los|di|du|des|van|von|der|den|dem|am|im|an|in|zur|zum)){0,4}(?:,| n[º°.]| č\\.p\\.)? `,
  ),
)
const POSTAL =
  '(?:[A-Z]{1,2}-)?(?:\\d{5}-\\d{3}|\\d{2}-\\d{3}|\\d{3} \\d{2}|\\d{5}|\\d{4} [A-Z]{2}|(?:1[0-8]|2[1-9]|[3-9]\\d)\\d{2})'
const EUROPEAN = new RegExp(
  `\\d{1,4} ?[A-Za-z]?(?:[/-]\\d{1,4}[A-Za-z]?)?${BREAK}(?:(?:Apt|Appt|Piso|Lgh|bte|Interno)\\.? ?\\d{1,4}[A-Za-zº°]{0,2}${BREAK})?${POSTAL} ${TOWN}(?: \\([A-Z]{2}\\))?`,
  'y',
)

const ROMAJI =
  /\d{1,4}(?:(?:-\d{1,4}){1,3}|[- ]?[Cc]home(?:[- ]\d{1,3}){0,3}),? [A-Z][a-z]{1,20}(?:-[A-Za-z][a-z]{1,16})?(?:,? [A-Z][a-z]{1,20}(?:-[a-z]{2,6})?){1,4}/y
/** What a Japanese address ends with. */
const ROMAJI_END =
  /^.{4,90}(?:-(?:ku|shi|cho|machi|gun|mura|to|fu|ken)|Tokyo|Osaka|Kyoto|Hokkaido|Kanagawa|Aichi|Fukuoka|Hyogo|Saitama|Chiba|Japan)\b/
const ROMAJI_POSTAL = /(?:,? \d{3}-\d{4}(?!\d))?(?:,? Japan\b)?/y

const MOST_DIGITS = 6
/** What `startsName` and `isJoint` let pass. */
const NAME_STARTS = `${UPPER}${DIGITS}#${BEYOND}`
const JOINTS = ',\n\r\\-/'
/** Where `mayGoOn` may say yes; h is the second letter of chome. */
const BEFORE_TOWN: readonly RunShape[] = [
  { next: ' ', second: `${UPPER}#${BEYOND}${JOINTS}` },
  { next: ' ', second: DIGITS, third: DIGITS + LETTERS },
  { next: ' ', second: LETTERS, third: `h${JOINTS}` },
  { next: LETTERS, second: `h${JOINTS}` },
  { next: LETTERS, second: ' ', third: NAME_STARTS },
  { next: '-/', second: `${DIGITS}cC` },
  { next: ',', second: ' ', third: `b${NAME_STARTS}${JOINTS}` },
  { next: ',', second: `b${NAME_STARTS}${JOINTS}` },
  { next: '\n\r\\' },
].map(shape => ({ ...shape, most: MOST_DIGITS }))

export const townAddress: Detector = {
  finds: 'personal',
  anchors: [
    { at: DIGITS, after: ' ', run: { most: MOST_DIGITS, twoBefore: 'xX#' } },
    ...BEFORE_TOWN.flatMap((run): Anchor[] => [
      { at: DIGITS, after: ' ', run },
      { at: DIGITS, after: `${not(` .-/${WORDS}`)}n`, before: `${DIGITS + LETTERS} -`, run },
    ]),
  ],
  at(text, at, hits) {
    const number = runEnd(text, at, DIGIT, MOST_DIGITS + 1)
    if (number - at > MOST_DIGITS) return at
    const isSpaced = codeAt(text, at - 1) === 32
    const isBox = isSpaced && mayEndBox(codeAt(text, at - 2))
    if (!isBox && !mayGoOn(text, number)) return at
    spend(5)
    let head = isBox ? endingAt(BOX, text, at)?.[1] : undefined
    let end = head ? matchEnd(BOX_TOWN, text, at) : matchEnd(ENGLISH, text, at) || romajiEnd(text, at)
    if (end === 0 && isSpaced) {
      end = matchEnd(EUROPEAN, text, at)
      head = end > 0 ? endingAt(STREET, text, at)?.[1] : undefined
      if (!head) return at
    }
    // the sentence's
    while (codeAt(text, end - 1) === 46) end--
    if (end === 0) return at
    hits.add(at - (head?.length ?? 0), end, 'ADDRESS')
    return end
  },
}

/** The x of Box, or # behind it. */
function mayEndBox(code: number): boolean {
  return (code | 32) === 120 || code === 35
}

/** What a street, a flat or a town begins with, but for letters of their own. */
function startsName(code: number): boolean {
  return is(code, CAPITAL | DIGIT) || code === 35 || code > 127
}

/** Before a line or town (`,`, a line break, its escape), or between two numbers. */
function isJoint(code: number): boolean {
  return code === 44 || code === 10 || code === 13 || code === BACKSLASH || code === 45 || code === 47
}

/** A look at what follows the house number, which is no such thing nearly always. */
function mayGoOn(text: string, number: number): boolean {
  const code = codeAt(text, number)
  const next = codeAt(text, number + 1)
  const third = codeAt(text, number + 2)
  const isChome = (code: number, next: number) => (code | 32) === 99 && next === 104
  if (code === 32) {
    if (is(next, DIGIT)) return isOrdinal(text, number + 1)
    return startsName(next) || isJoint(next) || (is(next, LETTER) && (isJoint(third) || isChome(next, third)))
  }
  if (is(code, LETTER)) return isJoint(next) || (next === 32 && startsName(third)) || isChome(code, next)
  if (code === 45 || code === 47) return (is(next, DIGIT) && endsBlock(text, number)) || isChome(next, third)
  if (code !== 44) return isJoint(code)
  const after = next === 32 ? third : next
  if (is(after, DIGIT)) return isBeforeTown(text, number + (next === 32 ? 2 : 1))
  // b of bte, a box in Belgium
  return startsName(after) || isJoint(after) || after === 98
}

/** `42nd` */
function isOrdinal(text: string, at: number): boolean {
  const end = runEnd(text, at, DIGIT, 4)
  return end - at < 4 && is(codeAt(text, end), LETTER)
}

/** A town's name or the end of a line behind the other numbers of a block: `1-2-3 Jinnan`, `12/4, 1010 Wien`. */
function endsBlock(text: string, at: number): boolean {
  let end = at
  while (
    end < at + LONGEST_BLOCK &&
    (is(codeAt(text, end), DIGIT) || codeAt(text, end) === 45 || codeAt(text, end) === 47)
  )
    end++
  const code = codeAt(text, end)
  if (code === 32) return startsWord(codeAt(text, end + 1))
  // 12/4b, 1010 Wien
  return isJoint(is(code, LETTER) ? codeAt(text, end + 1) : code)
}

/** A town behind its postal code: digits, perhaps in two groups or with two letters. */
function isBeforeTown(text: string, at: number): boolean {
  let end = at
  while (end < at + LONGEST_BLOCK && (is(codeAt(text, end), DIGIT | BLANK) || codeAt(text, end) === 45)) end++
  return codeAt(text, end - 1) === 32 && startsWord(codeAt(text, end))
}

function startsWord(code: number): boolean {
  return is(code, CAPITAL) || code > 127
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : 0
}

function romajiEnd(text: string, at: number): number {
  const end = matchEnd(ROMAJI, text, at)
  if (end === 0) return 0
  const romaji = ROMAJI_END.exec(text.slice(at, end))
  return romaji ? matchEnd(ROMAJI_POSTAL, text, at + romaji[0].length) : 0
}

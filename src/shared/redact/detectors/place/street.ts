/**
 * Street addresses in free text: a house number next to a street word (`12 High Street`, `10 rue de la Paix`, `Hauptstraße
 * 5`, `Calle Mayor 3`), with what follows up to the town: flat, postal code, state.
 */
import { type Anchor, BEYOND, DIGITS, LETTERS, LOWER, not, UPPER, WORDS } from '../../scan/anchors'
import { CAPITAL, codeAt, DIGIT, is, isAccented, LETTER, runEnd, WORD } from '../../scan/chars'
import { ending, endingAt } from '../../scan/pieces'
import type { RunShape } from '../../scan/run-shapes'
import type { Detector } from '../../scan/scanner'
import { spend } from '../../scan/work'

const NUMBER_STARTS = '123456789'
/** How far a street's name is read before its house number. */
const LONGEST_STREET = 48
const NAME_LETTERS = "[A-Za-zÀ-ɏ'’.-]"
/** Behind the last capital of a street's name, `n.` among them. */
const MOST_SMALL_WORDS = 4
const NUMBER_FIRST = new RegExp(
  `\\d{1,5}[A-Za-z]?,? (?:(?:[NSEW]\\.?|North|South|East|West) )?(?:[A-Z\\d]${NAME_LETTERS}{1,20} ){1,3}` +
    '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Square|Sq|Parkway|Pkwy|Highway|Hwy|Crescent)\\b\\.?' +
    `|\\d{1,4}(?: ?(?:bis|ter|[A-Z]))?,? (?:rue|avenue|av\\.|boulevard|bd|place|allée|chemin|impasse|quai|route|cours) (?:(?:de|du|des|la|le|les|l['’]|d['’]) ?){0,3}[A-ZÀ-Þ]${NAME_LETTERS}{1,20}(?: (?:de |du |des |la )?[A-ZÀ-Þ]${NAME_LETTERS}{1,20}){0,3}`,
  'y',
)
const NUMBER_LAST = ending(
  new RegExp(
    `(?:[A-ZÀ-Þ]${NAME_LETTERS}{0,24}(?:straße|strasse|str\\.|gasse|allee|platz|ufer|straat|laan|plein|gracht|gatan|vägen|vej|gade|gata|veien|katu)` +
      `|[A-ZÀ-Þ]${NAME_LETTERS}{1,20}[ -](?:Straße|Str\\.|Allee|Platz|Weg)` +
      `|(?:Calle|C/|Avenida|Avda\\.|Plaza|Paseo|Via|Viale|Piazza|Corso|Rua|Travessa|Praça|ulica|ul\\.|Strada|Bulevardul) (?:(?:de|del|della|dei|da|do|dos|la|las|los) ){0,2}[A-ZÀ-Þ]${NAME_LETTERS}{1,20}(?: ${NAME_LETTERS}{1,20}){0,2}),? (?:n[º°.] ?)?`,
  ),
)
/** After the street: a flat, then a town with its postal code before or behind it. */
const TOWN = new RegExp(
  '(?:,? (?:Apt|Apartment|Unit|Suite|Ste|Flat|#)\\.? ?[A-Za-z\\d-]{1,6})?' +
    `(?:,? (?:\\d{4,5}|\\d{2}-\\d{3}|\\d{3} \\d{2})(?: [A-Z]{2})? [A-ZÀ-Þ]${NAME_LETTERS}{1,20}(?: [A-ZÀ-Þ]${NAME_LETTERS}{1,20})?` +
    `|, [A-ZÀ-Þ]${NAME_LETTERS}{1,20}(?: [A-ZÀ-Þ]${NAME_LETTERS}{1,20}){0,2},? (?:[A-Z]{2} \\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2})|, [A-ZÀ-Þ]${NAME_LETTERS}{1,20}(?=[\\s."',;)\\\\]|$))?`,
  'y',
)

/** What stands in and between the words of a street's name. */
const SMALL = 1
const LARGE = 2
const SPACE = 3
const OTHER_PART = 4
const parts = new Uint8Array(128)
for (const char of `${LOWER}.,-'/`) parts[char.charCodeAt(0)] = SMALL
for (const char of UPPER) parts[char.charCodeAt(0)] = LARGE
parts[32] = SPACE
// u, with which ulica begins
parts[117] = OTHER_PART

/** By two characters: 1 where they are in the list, which has a space between them. */
function pairs(list: string): Uint8Array {
  const all = new Uint8Array(128 * 128)
  for (const pair of list.split(' ')) all[(pair.charCodeAt(0) << 7) | pair.charCodeAt(1)] = 1
  return all
}

function isPair(list: Uint8Array, text: string, at: number): boolean {
  const first = codeAt(text, at)
  const second = codeAt(text, at + 1)
  return first < 128 && second < 128 && list[(first << 7) | second] === 1
}

/** Of rue, route, avenue, allée, av., boulevard, bd, bis, place, chemin, cours, impasse, quai and ter. */
const FRENCH_BEGINNINGS = pairs('ru ro av al bo bd bi pl ch co im qu te')
/** Of Calle, C/, Avenida, Avda., Plaza, Paseo, Praça, Via, Viale, Piazza, Corso, Rua, Travessa, ulica, ul., Strada and Bulevardul. */
const BEGINNINGS = pairs('Ca C/ Av Pl Pa Pr Vi Pi Co Ru Tr ul St Bu')
/** Of strasse, gasse, allee, platz, ufer, straat, laan, plein, gracht, gatan, vägen, vej, gade, gata, veien, katu, Weg. */
const ENDINGS = pairs('se ee tz er at an in ht en ej de ta tu eg')

const MOST_DIGITS = 5
/** Where `startsStreet` may say yes; the letters are those of `FRENCH_BEGINNINGS`. */
const BEFORE_STREET: readonly RunShape[] = [
  { next: ' ', second: UPPER },
  { next: ' ', second: DIGITS, third: `'.-${LETTERS}${BEYOND}` },
  { next: ' ', second: 'rabpciqt', third: 'uovldihme' },
  { next: LETTERS, second: ` ,${LETTERS}` },
  { next: ',', second: ' ' },
].map(shape => ({ ...shape, most: MOST_DIGITS }))

export const street: Detector = {
  finds: 'personal',
  anchors: [
    { at: NUMBER_STARTS, after: ' ', run: { most: MOST_DIGITS, twoBefore: `.,${LETTERS}${BEYOND}` } },
    ...BEFORE_STREET.flatMap((run): Anchor[] => [
      { at: NUMBER_STARTS, after: ' ', run },
      { at: NUMBER_STARTS, after: not(` .-${WORDS}`), before: `${DIGITS + LETTERS} ,`, run },
    ]),
  ],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    const number = runEnd(text, at, DIGIT, MOST_DIGITS + 1)
    if (number - at > MOST_DIGITS) return at
    const isLast = before === 32 && endsWord(codeAt(text, at - 2))
    const isFirst = startsStreet(text, number)
    if (!isLast && !isFirst) return at
    spend(4)
    let start = at
    let end = 0
    if (isFirst) {
      NUMBER_FIRST.lastIndex = at
      if (NUMBER_FIRST.test(text)) end = NUMBER_FIRST.lastIndex
    }
    if (end === 0 && isLast) {
      const words = nameStart(text, at)
      const head = words < at ? endingAt(NUMBER_LAST, text, at)?.[1] : undefined
      if (!head) return at
      start = at - head.length
      end = is(codeAt(text, number), LETTER) && !is(codeAt(text, number + 1), WORD) ? number + 1 : number
    }
    if (end === 0) return at
    TOWN.lastIndex = end
    TOWN.test(text)
    // Copyright 2021 Ann Lane, Reno
    if (!/\d/.test(text.slice(end, TOWN.lastIndex)) && /^(?:19|20)\d\d,? /.test(text.slice(start, start + 6))) return at
    end = Math.max(end, TOWN.lastIndex)
    // the sentence's
    while (codeAt(text, end - 1) === 46) end--
    hits.add(start, end, 'ADDRESS')
    return end
  },
}

/** A letter, full stop or comma: the end of a street's name. */
function endsWord(code: number): boolean {
  return is(code, LETTER) || isAccented(code) || code === 46 || code === 44
}

/**
 * Where the words before `at` begin that can be a street's name: one of them has a capital, and the last ends like a street
 * or an earlier one begins like one. `at` for others.
 */
function nameStart(text: string, at: number): number {
  const stop = Math.max(0, at - LONGEST_STREET)
  let start = at
  let hasCapital = false
  let words = 0
  // straße, str., `5, n. 12`
  let isStreet = !is(codeAt(text, at - 2), LETTER) || !is(codeAt(text, at - 3), LETTER) || isPair(ENDINGS, text, at - 3)
  while (start > stop) {
    const code = codeAt(text, start - 1)
    const part = code < 128 ? parts[code]! : SMALL
    if (part === 0) break
    start--
    if (part === SMALL) {
      if (code >= 0xc0 && code <= 0xde) hasCapital = true
      continue
    }
    if (part === SPACE && ++words > MOST_SMALL_WORDS && !hasCapital) return at
    if (part === LARGE) hasCapital = true
    // the u of ulica
    isStreet ||= (part === LARGE || code === 117) && isPair(BEGINNINGS, text, start)
  }
  return hasCapital && isStreet ? start : at
}

/** After the number and perhaps letters and a comma of its own: a space and what a street's name begins with. */
function startsStreet(text: string, number: number): boolean {
  let at = runEnd(text, number, LETTER, 3)
  if (codeAt(text, at) === 44) at++
  if (codeAt(text, at) !== 32) return false
  const initial = codeAt(text, at + 1)
  // 5th Street, but not the next number
  if (is(initial, DIGIT)) return isNameLetter(codeAt(text, at + 2))
  return is(initial, CAPITAL) || isPair(FRENCH_BEGINNINGS, text, at + 1)
}

/** `NAME_LETTERS` */
function isNameLetter(code: number): boolean {
  return is(code, LETTER) || isAccented(code) || code === 39 || code === 0x2019 || code === 46 || code === 45
}

/**
 * Words that say what the number beside them is: `phone`, `passport no.`, `口座番号`. Called by the rules for numbers, and
 * with attribute keys by `keys.ts`. A number that nothing but its length tells from any other counts only beside one.
 */
import { BACKSLASH, BETWEEN, codeAt, DIGIT, is, isAccented, LETTER, startsToken, WORD } from './chars'
import { createWordFinder, type Found, type Words } from './key-words'

/**
 * `other` numbers (orders, slips, public registers) are nobody's; `version` and `host` are for dotted quads. After `call`
 * stands a number that is dialled, or any other: it counts for what is written like a phone number.
 */
export type NumberKind =
  | 'phone'
  | 'call'
  | 'card'
  | 'ssn'
  | 'national'
  | 'my number'
  | 'licence'
  | 'passport'
  | 'residence'
  | 'pension'
  | 'insurance'
  | 'account'
  | 'birth'
  | 'host'
  | 'version'
  | 'other'

/** Of the kinds that dotted quads need; all others are in `locales/number-words.ts`. */
const WORDS: Words<NumberKind> = {
  host: '-ip -ipaddress -ipaddr -addr -clientip -remoteip -sourceip -ipv4 -from -host',
  version: 'version -ver release -build -revision -rev firmware -section -chapter -clause -oid -schema -§ -driver -sdk',
}

const { find: findAny, learn } = createWordFinder<NumberKind>(WORDS)

export { learn as learnNumberWords }

/** Words of two letters (`DL`, `CF`, `HP`) are abbreviations, in capitals but for `cc` and `né`, and apart from others. */
function find(text: string, end: number): Found<NumberKind> | undefined {
  const found = findAny(text, end)
  if (!found || end - found.start > 2 || !isSpelt(codeAt(text, found.start))) return found
  if (!startsToken(text, found.start)) return undefined
  return isSmall(codeAt(text, found.start)) && found.value !== 'card' && found.value !== 'birth' ? undefined : found
}

/** True for the letters of scripts in which two stand in any word. */
function isSpelt(code: number): boolean {
  return is(code, LETTER) || isAccented(code)
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122
}

/** What may stand between the word and the number, besides signs. */
const { find: findLink, learn: learnLinks } = createWordFinder<'link'>({
  link: 'number numbers -no -num -nr -nbr -id -is -are -was -at -on -me -my -code -digits -to -of -for -the -your -our -jp -us',
})

export { learnLinks }

/** `BETWEEN` beyond ASCII. */
const BETWEEN_BEYOND = 'はがの은는№§「『・、'
const LONGEST_BETWEEN = 16
const MOST_SLASHES = 64
const LONGEST_REMARK = 24
const MOST_LINKS = 4

/** What the text right before `at` says that the number there is; words such as `number is` may stand between. */
export function announced(text: string, at: number): NumberKind | undefined {
  let end = at
  for (let links = 0; links <= MOST_LINKS; links++) {
    let stop = Math.max(0, end - LONGEST_BETWEEN)
    let slashes = 0
    while (end > stop && isBetween(text, end - 1)) {
      end--
      // JSON in JSON doubles the backslashes before each quote
      if (codeAt(text, end) === BACKSLASH && slashes++ < MOST_SLASHES && stop > 0) stop--
      // a mask is no announcement, but headers["phone"] is one
      if (isMaskEnd(text, end)) return undefined
    }
    const found = find(text, end)
    if (found) return found.value
    const link = findLink(text, end)
    if (link) end = link.start
    else if (codeAt(text, end) === 41) end = remarkStart(text, end)
    else return undefined
  }
  return undefined
}

/** How far before and behind a number a word may stand that is not glued to it. */
const BEFORE = 40
const BEHIND = 20
/** A longer number or a mask in between: the word is that one's. */
const OTHER_NUMBER = 5
const LONGEST_CHANCE = 5
const LONGEST_ABBREVIATION = 3

/** What the nearest word before the number [start, end) says that it is, or else the first behind it. */
export function nearest(text: string, start: number, end: number): NumberKind | undefined {
  return nearestBefore(text, start) ?? nearestBehind(text, end)
}

/**
 * What was found out at the last question, since a number may begin at each group of a long row: where the look before it
 * ended, on a word or on what stops it, and up to where there is neither behind.
 */
let last = { text: '', start: 0, stop: 0, word: undefined as NumberKind | undefined, from: 0, clear: 0 }

function remember(text: string): void {
  if (last.text !== text) last = { text, start: 0, stop: 0, word: undefined, from: 0, clear: 0 }
}

function nearestBefore(text: string, start: number): NumberKind | undefined {
  remember(text)
  const known = start > last.start && !is(codeAt(text, last.start - 1), DIGIT) ? last.start : 0
  let stop = start - BEFORE
  let word: NumberKind | undefined
  for (let at = start, digits = 0; at > start - BEFORE && at > 0 && digits < OTHER_NUMBER; at--) {
    if (at === known) {
      stop = last.stop
      if (stop > start - BEFORE) word = last.word
      break
    }
    stop = at
    if (isMaskEnd(text, at - 1)) break
    digits = is(codeAt(text, at - 1), DIGIT) ? digits + 1 : 0
    const found = endsWord(text, at) ? find(text, at) : undefined
    if (found && isApart(text, found.start, at)) {
      word = found.value
      break
    }
  }
  last.start = start
  last.stop = stop
  last.word = word
  return word
}

function nearestBehind(text: string, end: number): NumberKind | undefined {
  remember(text)
  const stop = Math.min(text.length, end + BEHIND)
  let at = end >= last.from && end < last.clear ? last.clear + 1 : end + 1
  let digits = 0
  while (digits < OTHER_NUMBER && at - 2 - digits >= end && is(codeAt(text, at - 2 - digits), DIGIT)) digits++
  for (; at <= stop && digits < OTHER_NUMBER; at++) {
    const code = codeAt(text, at - 1)
    if (code === 91) return undefined
    digits = is(code, DIGIT) ? digits + 1 : 0
    const found = endsWord(text, at) ? find(text, at) : undefined
    if (found && found.start >= end && isApart(text, found.start, at)) return found.value
  }
  if (digits >= OTHER_NUMBER) return undefined
  last.from = end
  last.clear = stop
  return undefined
}

/** True where no letter goes on with the word, but for the s of a plural. */
function endsWord(text: string, at: number): boolean {
  const next = codeAt(text, at)
  if (isAccented(next)) return false
  return !is(next, LETTER | DIGIT) || (next === 115 && !is(codeAt(text, at + 1), LETTER | DIGIT))
}

/** Short words stand in any base64: they count here only apart from letters and digits, and abbreviations as capitals. */
function isApart(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_CHANCE || !isSpelt(codeAt(text, start))) return true
  if ((codeAt(text, start - 1) !== 95 && !startsToken(text, start)) || isAccented(codeAt(text, start - 1))) return false
  return end - start > LONGEST_ABBREVIATION || !isSmall(codeAt(text, start))
}

/** True for the bracket that ends `[EMAIL]` or a pseudonym. */
function isMaskEnd(text: string, at: number): boolean {
  return codeAt(text, at) === 93 && is(codeAt(text, at - 1), WORD)
}

function isBetween(text: string, at: number): boolean {
  const code = codeAt(text, at)
  if (code === 45 || code === 0x2013 || code === 0x2014) return codeAt(text, at + 1) === 32
  return is(code, BETWEEN) || (code > 127 && BETWEEN_BEYOND.includes(text[at]!))
}

/** Where `(YYYY-MM-DD)` begins, whose closing bracket is at `close`. */
function remarkStart(text: string, close: number): number {
  const from = Math.max(0, close - LONGEST_REMARK)
  const opening = text.slice(from, close).lastIndexOf('(')
  return opening < 0 ? close : from + opening
}

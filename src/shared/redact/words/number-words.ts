/**
 * Words that say what the number next to them is: `phone`, `passport no.`, `口座番号`. A number that nothing but its length tells
 * from any other counts only next to such a word.
 */
import { BACKSLASH, BETWEEN, codeAt, DIGIT, is, isAccented, LETTER, startsToken, WORD } from '../scan/chars'
import { spend } from '../scan/work'
import { createWordFinder, type Found, type Words } from './word-finder'

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

/** Where the link that ends at `end` begins, undefined when none does. */
export function linkBefore(text: string, end: number): number | undefined {
  return findLink(text, end)?.start
}

/** `BETWEEN` beyond ASCII. */
const BETWEEN_BEYOND = 'はがの은는№§「『・、'
const LONGEST_BETWEEN = 16
const MOST_SLASHES = 64
const LONGEST_REMARK = 24
const MOST_LINKS = 4
/** What it costs to look beyond one. */
const LINK_WORK = 2

/** What the text right before `at` says that the number there is; words such as `number is` may stand between. */
export function kindBefore(text: string, at: number): NumberKind | undefined {
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
    const start = findLink(text, end)?.start ?? remarkStart(text, end)
    if (start === end) return undefined
    spend(LINK_WORK)
    end = start
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
export function nearestKind(text: string, start: number, end: number): NumberKind | undefined {
  remember(text)
  return nearestBefore(text, start) ?? nearestBehind(text, end)
}

/**
 * A text is looked through once for its words, however many numbers are in it: each of these stands at a place, knows what
 * it has passed, and goes on from there for the next number.
 */
class Cursor {
  /** up to where words were looked for */
  at = Number.POSITIVE_INFINITY
  /** since where */
  from = Number.POSITIVE_INFINITY
  /** digits right before */
  digits = 0
  /** the word that was passed last, and where it begins and ends */
  word: NumberKind | undefined = undefined
  start = 0
  end = 0

  move(to: number): void {
    this.at = this.from = to
    this.digits = this.end = 0
  }

  /** One character further; true when a word ends there. */
  step(text: string): boolean {
    const code = codeAt(text, this.at++)
    this.digits = is(code, DIGIT) ? this.digits + 1 : 0
    // before anything is called: of the signs of ASCII, words end with a full stop alone
    if (code < 128 && !is(code, WORD) && code !== 46) return false
    const found = endsWord(text, this.at) ? find(text, this.at) : undefined
    if (!found || !isApart(text, found.start, this.at)) return false
    this.word = found.value
    this.start = found.start
    this.end = this.at
    return true
  }
}

let before = new Cursor()
/** The end of the last mask or longer number before: words before it are not this number's. */
let barrier = 0
let behind = new Cursor()
/** True when it is behind a word, a mask or a longer number. */
let isStopped = true
/** Of `hasWordsAround`. */
let around = new Cursor()
let last = ''

function remember(text: string): void {
  if (last !== text) {
    before = new Cursor()
    behind = new Cursor()
    around = new Cursor()
  }
  // a text is compared with itself at once, with its copy to its end
  last = text
}

function nearestBefore(text: string, start: number): NumberKind | undefined {
  const from = Math.max(0, start - BEFORE)
  if (before.at > start || before.at < from) {
    before.move(from)
    barrier = from
  }
  while (before.at < start) {
    if (isMaskEnd(text, before.at)) barrier = before.at + 1
    before.step(text)
    if (before.digits >= OTHER_NUMBER) barrier = before.at
  }
  return before.end > barrier && before.end > from ? before.word : undefined
}

function nearestBehind(text: string, end: number): NumberKind | undefined {
  if (end < behind.from || end > behind.at + BEHIND || isPast(end)) moveBehind(end)
  const stop = Math.min(text.length, end + BEHIND)
  while (behind.at < stop && !isStopped) {
    const isMask = codeAt(text, behind.at) === 91
    isStopped = behind.step(text) || isMask || behind.digits >= OTHER_NUMBER
    if (isPast(end)) moveBehind(Math.max(end, behind.at))
  }
  return isStopped && behind.at <= stop && behind.end === behind.at ? behind.word : undefined
}

/** True where what stopped the look is before the end of the number, or begins there. */
function isPast(end: number): boolean {
  return isStopped && (behind.at <= end || (behind.end === behind.at && behind.start < end))
}

function moveBehind(to: number): void {
  behind.move(to)
  isStopped = false
}

/** False where no word stands as far around [start, end) as `nearest` would look, nor inside of it. */
export function hasKeywordsAround(text: string, start: number, end: number): boolean {
  remember(text)
  const from = Math.max(0, start - BEFORE)
  const stop = Math.min(text.length, end + BEHIND)
  if (around.at > stop || around.at < from) around.move(from)
  while (around.at < stop) around.step(text)
  return around.end > from
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

/** Where `(YYYY-MM-DD)` begins, whose closing bracket is at `close`; `close` where none is. */
function remarkStart(text: string, close: number): number {
  if (codeAt(text, close) !== 41) return close
  const from = Math.max(0, close - LONGEST_REMARK)
  const opening = text.slice(from, close).lastIndexOf('(')
  return opening < 0 ? close : from + opening
}

/**
 * Numbers that identify somebody. Called by the scanner at digits. The run of digits and separators is read once, and
 * each rule looks at its groups: telemetry is full of numbers, so most of them have to be let go after one glance.
 */
import { DIGITS } from '../anchors'
import { BACKSLASH, codeAt, DIGIT, HEX, is, LETTER, runEnd, startsToken, WORD } from '../chars'
import type { Detector, Hits } from '../scan'
import { isAddress, readQuad } from './ip4'
import { letterIdEnd } from './letter-ids'
import { macAround } from './mac'
import { FEWEST_DIGITS, type NumberRule, readRun, shortRunEnd, size } from './number-run'

/** The end of what is somebody's, `at` when there is none; [at, first) are its first digits, perhaps after letters. */
export type WrittenEnd = (text: string, at: number, first: number, hits: Hits) => number

/**
 * @param rules the first that knows a run of digits counts
 * @param writtenEnd finds what is not digits only: dates, ids of letters and digits
 */
export const createNumbers = (rules: readonly NumberRule[], writtenEnd: WrittenEnd): Detector => ({
  names: ['card', 'phone', 'national id', 'bank account', 'iban', 'date of birth', 'ip'],
  finds: 'personal',
  anchors: [{ at: DIGITS }],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    if (is(before, LETTER)) {
      const word = wordEnd(writtenEnd, text, at, runEnd(text, at, DIGIT, 20), hits)
      if (word > at) return word
    }
    const inside = insideEnd(text, at, before)
    if (inside > at) return inside
    const first = runEnd(text, at, DIGIT, text.length)
    // most numbers are short or decimal, and nothing goes on before or behind them
    const end = before === 45 || before === 46 ? at : aloneEnd(text, at, first)
    if (end > at && !(before === 32 && isCapital(codeAt(text, at - 2)))) return end
    return readNumber(rules, writtenEnd, text, at, first, hits)
  },
})

/** No date, id, address or further group goes on with these. */
const ends = new Uint8Array(128)
for (const char of `\0\n\r"'\`}]<>|:;`) ends[char.charCodeAt(0)] = 1
/** A fraction of five digits or more is no number that somebody was given. */
const LONGEST_PLACES = 5

function mayGoOn(next: number): boolean {
  return next >= 128 || ends[next] === 0
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

/** The end of a short number or a decimal with nothing behind it that a number goes on with; `at` for others. */
function aloneEnd(text: string, at: number, first: number): number {
  const next = codeAt(text, first)
  if (first - at >= FEWEST_DIGITS) return at
  if (!mayGoOn(next)) return first
  const end = next === 46 ? runEnd(text, first + 1, DIGIT, text.length) : 0
  const isDecimal = end > first + 1 && (end - at <= FEWEST_DIGITS || end - first > LONGEST_PLACES)
  return isDecimal && !mayGoOn(codeAt(text, end)) ? end : at
}

/** Apart from the detector, which V8 compiles into the scanner's loop only while it is small. */
function readNumber(
  rules: readonly NumberRule[],
  writtenEnd: WrittenEnd,
  text: string,
  at: number,
  first: number,
  hits: Hits,
): number {
  const settled = otherEnd(writtenEnd, text, at, first, hits)
  if (settled > at) return settled
  const short = shortRunEnd(text, at, first)
  if (short > 0) return short
  if (isDate(text, at, first)) return first + 6
  const fraction = fractionEnd(text, first)
  if (fraction > first) return fraction
  const run = readRun(text, at, first)
  // 1 2 3 4: a row of a table
  if (!run || (first - at === 1 && size(run, 1) === 1)) return first
  for (const rule of rules) {
    const found = rule(run)
    if (!found) continue
    const start = run.plus >= 0 ? run.plus : run.bracketed ? at - 1 : at
    hits.add(start, found.end, found.tag, bareJsonQuote(text, start, found.end))
    return found.end
  }
  return first
}

/**
 * Where to go on when the digit is inside a word, an escape, a fraction, a version or a UUID; `at` when a number may
 * begin here. Ids in hexadecimal are left in one step: nothing that has an anchor begins inside a word.
 */
function insideEnd(text: string, at: number, before: number): number {
  if (before === 37 && is(codeAt(text, at + 1), HEX)) return at + 2
  if (before === 117 && codeAt(text, at - 2) === BACKSLASH) return at + 4
  if (is(before, WORD)) return startsToken(text, at) ? at : runEnd(text, at, HEX, text.length)
  if (before !== 45 && before !== 46) return at
  // ] ends a mask: what was glued to the number stays so
  const joined = codeAt(text, at - 2)
  return joined === 93 || (is(joined, WORD) && !is(joined, LETTER)) ? runEnd(text, at, DIGIT, text.length) : at
}

/** The end of `0.0123456789`, as in embeddings: five digits or more after the only full stop; `first` for others. */
function fractionEnd(text: string, first: number): number {
  if (codeAt(text, first) !== 46) return first
  const end = runEnd(text, first + 1, DIGIT, text.length)
  return end - first > LONGEST_PLACES && codeAt(text, end) !== 46 ? end : first
}

/** 2024-01-02, the most frequent long number of all. */
function isDate(text: string, at: number, first: number): boolean {
  return (
    first - at === 4 &&
    codeAt(text, first) === 45 &&
    runEnd(text, first + 1, DIGIT, 3) === first + 3 &&
    codeAt(text, first + 3) === 45 &&
    runEnd(text, first + 4, DIGIT, 3) === first + 6
  )
}

/**
 * A number that is a JSON value by itself (`"card": 4111…`, `\"cards\": [4111…]`) needs quotes around its mask, with the
 * backslashes that the key's quotes have. '' everywhere else.
 */
function bareJsonQuote(text: string, start: number, end: number): string {
  if (!/^\s*(?:[,\]}]|$)/.test(text.slice(end, end + 16))) return ''
  const before = text.slice(Math.max(0, start - 300), start)
  return /(\\{0,32}")\s{0,8}:\s{0,8}(?:\[[\s\d.,-]{0,256})?$/.exec(before)?.[1] ?? ''
}

/** The end of an id, a date or an address whose first digits [at, first) stand after letters; `at` when there is none. */
function wordEnd(writtenEnd: WrittenEnd, text: string, at: number, first: number, hits: Hits): number {
  const id = letterIdEnd(text, at, first, hits)
  if (id > at) return id
  const written = writtenEnd(text, at, first, hits)
  return written > at ? written : macAround(text, at, hits)
}

/** The end of what is not groups of digits: dates of birth, ids with letters, addresses; `at` when there is none. */
function otherEnd(writtenEnd: WrittenEnd, text: string, at: number, first: number, hits: Hits): number {
  const next = codeAt(text, first)
  if (is(next, LETTER) || next === 45) {
    const id = letterIdEnd(text, at, first, hits)
    if (id > at) return id
  }
  const written = writtenEnd(text, at, first, hits)
  if (written > at) return written
  const quad = first - at < 4 && next === 46 ? readQuad(text, at) : undefined
  if (quad) {
    if (isAddress(text, at, quad)) hits.add(at, quad.end, 'IP')
    return quad.end
  }
  return first - at < 5 ? macAround(text, at, hits) : at
}

/**
 * Numbers that identify somebody. The run of digits and separators is read once, and each rule looks at its groups:
 * telemetry is full of numbers, so most of them have to be let go after one glance.
 */
import { DIGITS } from '../../scan/anchors'
import {
  BACKSLASH,
  CAPITAL,
  codeAt,
  DIGIT,
  GAP,
  HEX,
  is,
  JOINT,
  LETTER,
  runEnd,
  startsToken,
  WORD,
} from '../../scan/chars'
import { textBefore } from '../../scan/pieces'
import type { Detector, Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { letterIdEnd, lettersStart } from '../national-ids/letter-ids'
import { isAddress, readQuad } from '../network/ip4'
import { macAround } from '../network/mac'
import { FEWEST_DIGITS, type NumberRule, pastOthers, readRun, shortRunEnd, size } from './number-run'

/** The end of what is somebody's, `at` when there is none; [at, first) are its first digits, perhaps after letters. */
export type WrittenEnd = (text: string, at: number, first: number, hits: Hits) => number

/**
 * @param rules the first that knows a run of digits counts
 * @param writtenEnd finds what is not digits only: dates, ids of letters and digits
 */
export const createNumbers = (rules: readonly NumberRule[], writtenEnd: WrittenEnd): Detector => ({
  finds: 'personal',
  anchors: [{ at: DIGITS }],
  at(text, at, hits) {
    const before = codeAt(text, at - 1)
    const first = runEnd(text, at, DIGIT, text.length)
    const word = is(before, LETTER) && !isInside(text, at) ? wordEnd(writtenEnd, text, at, first, hits) : at
    if (word > at) return word
    const inside = insideEnd(text, at, first, before)
    if (inside > at) return inside
    // most numbers are short or decimal, and nothing goes on before or behind them
    const end = isJoined(text, at, before) ? at : aloneEnd(text, at, first)
    if (end === at) return readNumber(rules, writtenEnd, text, at, first, hits)
    // 2 Jan 1985
    return codeAt(text, first) === 32 ? Math.max(writtenEnd(text, at, first, hits), end) : end
  },
})

/** A fraction of five digits or more identifies nobody. */
const LONGEST_PLACES = 5

/** True after the first digits of a word, where those that begin with letters were looked for; most words in hexadecimal. */
function isInside(text: string, at: number): boolean {
  const start = lettersStart(text, at)
  // not the digits of %3D and \u002f, whose letter is no part of the word
  return is(codeAt(text, start - 1), DIGIT) && !startsToken(text, start) && !startsToken(text, start + 1)
}

/** True where nothing that is somebody's goes on behind a number of few digits. */
function isOver(text: string, end: number): boolean {
  const next = codeAt(text, end)
  const behind = codeAt(text, end + 1)
  // January 2, 1985
  if (next === 44) return behind !== 32 || !is(codeAt(text, end + 2), DIGIT)
  if (!is(next, GAP)) return next < 128 && !is(next, LETTER | JOINT)
  return behind < 128 && behind !== 10 && !is(behind, DIGIT | JOINT | GAP | CAPITAL)
}

/** After a group, or after capitals, as in `AB 12 34 56 C`. */
function isJoined(text: string, at: number, before: number): boolean {
  const joined = codeAt(text, at - 2)
  return before === 32 ? is(joined, CAPITAL) : (before === 45 || before === 46) && is(joined, WORD)
}

/** The end of a short number or a decimal with nothing behind it that a number goes on with; `at` for others. */
function aloneEnd(text: string, at: number, first: number): number {
  if (first - at >= FEWEST_DIGITS) return at
  const end = placesEnd(text, first)
  const isRead = end === first || (end > first + 1 && (end - at <= FEWEST_DIGITS || end - first > LONGEST_PLACES))
  return isRead && isOver(text, end) ? end : at
}

/** In one group: of an account (IBAN, ISO 13616). A longer one is nobody's, and no rule has to go over it. */
const MOST_DIGITS = 34

/** What all rules for a run cost beside a question to a detector, and for one of a single group. */
const RUN_WORK = 7
const GROUP_WORK = 4

/** Apart from the detector, which V8 compiles into the scanner's loop only while it is small. */
function readNumber(
  rules: readonly NumberRule[],
  writtenEnd: WrittenEnd,
  text: string,
  at: number,
  first: number,
  hits: Hits,
): number {
  if (first - at > MOST_DIGITS) return first
  const date = dateEnd(text, at, first)
  if (date > at) return Math.max(writtenEnd(text, at, first, hits), date)
  const settled = otherEnd(writtenEnd, text, at, first, hits)
  if (settled > at) return settled
  const short = shortRunEnd(text, at, first)
  if (short > 0) return short
  // 0.0123456789, as in embeddings
  const fraction = placesEnd(text, first)
  if (fraction - first > LONGEST_PLACES && codeAt(text, fraction) !== 46) return fraction
  const run = readRun(text, at, first)
  spend(run && run.count > 1 ? RUN_WORK : GROUP_WORK)
  // 1 2 3 4: a row of a table
  if (!run || (first - at === 1 && size(run, 1) === 1)) return pastOthers(text, first, rules)
  for (const rule of rules) {
    const found = rule.find(run)
    if (!found) continue
    const start = run.plus >= 0 ? run.plus : run.bracketed ? at - 1 : at
    hits.add(start, found.end, found.tag, bareJsonQuote(text, start, found.end))
    return found.end
  }
  return pastOthers(text, first, rules)
}

/**
 * Where to go on when the digit is inside a word, an escape, a fraction, a version or a UUID; `at` when a number may
 * begin here. Ids in hexadecimal are left in one step: nothing that has an anchor begins inside a word.
 */
function insideEnd(text: string, at: number, first: number, before: number): number {
  if (before === 37 && is(codeAt(text, at + 1), HEX)) return at + 2
  if (before === 117 && codeAt(text, at - 2) === BACKSLASH) return at + 4
  if (is(before, WORD)) return startsToken(text, at) ? at : runEnd(text, at, HEX, text.length)
  if (before !== 45 && before !== 46) return at
  // ] ends a mask: what was glued to the number stays so
  const joined = codeAt(text, at - 2)
  return is(joined, DIGIT) || joined === 93 || joined === 95 ? first : at
}

/** The end of the digits behind a full stop at `first`, which is returned where there is none. */
function placesEnd(text: string, first: number): number {
  return codeAt(text, first) === 46 ? runEnd(text, first + 1, DIGIT, text.length) : first
}

/**
 * 2024-01-02, the most frequent long number of all, with the hour of 2024-01-02T03:04:05 and all of 2024-01-02T03:04:05.678Z but
 * the Z, where no value begins.
 */
const DATE = /\d{4}-\d\d-\d\d(?!\d)(?:T\d\d(?=:)(?::\d\d:\d\d\.\d{1,3}(?=Z\b))?)?/y

/** The end of the date whose year is [at, first), `at` when there is none. */
function dateEnd(text: string, at: number, first: number): number {
  if (first - at !== 4 || codeAt(text, first) !== 45) return at
  DATE.lastIndex = at
  return DATE.test(text) ? DATE.lastIndex : at
}

/**
 * A number that is a JSON value by itself (`"card": 4111…`, `\"cards\": [4111…]`) needs quotes around its mask, with the
 * backslashes that the key's quotes have. '' everywhere else.
 */
function bareJsonQuote(text: string, start: number, end: number): string {
  if (!/^\s*(?:[,\]}]|$)/.test(text.slice(end, end + 16))) return ''
  const before = textBefore(text, start, 300)
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

/** Payment cards: an issuer's number range, its length, and the Luhn check digit. */
import { codeAt, DIGIT, is } from '../../scan/chars'
import { isInDump } from '../numbers/dump'
import {
  digitsUpTo,
  endOf,
  type FoundNumber,
  kindBeforeRun,
  type NumberRule,
  type NumberRun,
  nearestKindOf,
  separator,
  separatorOr,
  size,
  startOf,
} from '../numbers/number-run'
import { isCardNumber, isMaestro } from './card-number'

/**
 * One number in ten passes Luhn. Thirteen digits are also every article's bar code, twelve an account, and up to nineteen
 * an id that a machine made: the short ones count near a word about cards, the long ones not near a word about such ids.
 */
export const card: NumberRule = {
  find: findCard,
  mayBegin: (first, _, second) =>
    first >= 12 || (first === 4 && (second === 4 || second === 6)) || (first === 6 && second === 13),
}

/** What their numbers begin with; most other numbers are let go here. */
const ISSUERS = /[456]|3[04-9]|2[1-7]|8[12]|18|97|06/y

function findCard(run: NumberRun): FoundNumber | undefined {
  const end = shapeEnd(run)
  if (end === 0) return undefined
  const start = startOf(run, 0)
  ISSUERS.lastIndex = start
  if (!ISSUERS.test(run.text)) return undefined
  // nothing goes on where the check digit may be wrong
  if (end < endOf(run, run.count - 1) && !passesLuhnUpTo(run, end)) return undefined
  const digits = digitsUpTo(run, end)
  if (!isCardNumber(digits) && !isPrinted(run, end, digits)) return undefined
  if (separatorOr(run, 0) === ' ' && end > endOf(run, 0) && isInDump(run.text, start, end)) return undefined
  const { length } = digits
  if (length < 14 || length > 16) {
    const isSaid = kindBeforeRun(run) === 'card' || nearestKindOf(run, end) === 'card'
    if (!isSaid && (length === 13 || nearestKindOf(run, end) === 'other' || !(length > 16 || isMaestro(digits))))
      return undefined
  }
  return { end, tag: 'CARD' }
}

/** Nine numbers in ten are let go before their digits are put together. */
function passesLuhnUpTo(run: NumberRun, end: number): boolean {
  let sum = 0
  let isDouble = false
  for (let at = end - 1; at >= startOf(run, 0); at--) {
    const digit = codeAt(run.text, at) - 48
    if (digit < 0 || digit > 9) continue
    sum += isDouble ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
    isDouble = !isDouble
  }
  return sum % 10 === 0
}

/** In groups that only a card is printed in, and nothing behind them: here the check digit may be wrong, a slip of a pen. */
function isPrinted(run: NumberRun, end: number, digits: string): boolean {
  const isLast = run.count > 1 && endOf(run, run.count - 1) === end
  return isLast && /^(?:(?:[456]\d|35)\d{14}|3[47]\d{13})$/.test(digits)
}

/**
 * The end of the groups of a card, in one block or as it is printed, with one kind of separator between: 4-4-4-4-3, 4-4-4-4,
 * 4-4-4, 4-6-5, 4-6-4, 6-13. 0 when they are none.
 */
function shapeEnd(run: NumberRun): number {
  const first = size(run, 0)
  if (first >= 12) return first > 19 || isDecimal(run) ? 0 : endOf(run, 0)
  const second = size(run, 1)
  if (first === 4 ? second !== 4 && second !== 6 : first !== 6 || second !== 13) return 0
  const between = separator(run, 0)
  if (between.length !== 1 || !' -./'.includes(between)) return 0
  const sizeOf = (group: number) => (separatorOr(run, group - 1) === between ? size(run, group) : 0)
  if (first === 6) return endOf(run, 1)
  const third = sizeOf(2)
  if (second === 6) return third === 5 || third === 4 ? endOf(run, 2) : 0
  if (third !== 4) return 0
  if (sizeOf(3) !== 4) return endOf(run, 2)
  // a security code may follow a card
  return sizeOf(4) === 3 && isLong(run) ? endOf(run, 4) : endOf(run, 3)
}

/** A fraction or a version goes on after the full stop. */
function isDecimal(run: NumberRun): boolean {
  const end = endOf(run, 0)
  return codeAt(run.text, end) === 46 && is(codeAt(run.text, end + 1), DIGIT)
}

/** Whether the fifth group belongs to a number of 19 digits; a security code may also follow a card. */
function isLong(run: NumberRun): boolean {
  return isCardNumber(digitsUpTo(run, endOf(run, 4)))
}

/** Payment cards: an issuer's number range, its length, and the Luhn check digit. Called by `numbers`. */
import { codeAt, DIGIT, is } from '../chars'
import { nearest } from '../number-words'
import { passesLuhn } from './check-digits'
import { digitsUpTo, type NumberRule, type NumberRun, separator, size } from './number-run'

/** Thirteen digits are also every article's bar code, and one in ten passes Luhn: those count near a word about cards. */
export const card: NumberRule = run => {
  const end = shapeEnd(run)
  if (end === 0) return undefined
  const start = run.starts[0]!
  const digits = digitsUpTo(run, end)
  if (!isIssued(digits) || !passesLuhn(digits)) return undefined
  if (digits.length === 13 && nearest(run.text, start, end) !== 'card') return undefined
  return { end, tag: 'CARD' }
}

/** The end of the groups that a card is printed in: one block, 4-4-4-4(-3), 4-6-5, 4-6-4; one kind of separator. */
function shapeEnd(run: NumberRun): number {
  const first = size(run, 0)
  if (first >= 13 && first <= 19) return isDecimal(run) ? 0 : run.ends[0]!
  if (first !== 4) return 0
  const groups = size(run, 1) === 6 ? 3 : size(run, 1) === 4 && size(run, 2) === 4 ? 4 : 0
  if (groups === 0 || run.starts.length < groups) return 0
  const last = size(run, groups - 1)
  if (groups === 4 ? last !== 4 : last !== 5 && last !== 4) return 0
  const between = separator(run, 0)
  if (between !== ' ' && between !== '-' && between !== '\u00a0') return 0
  for (let group = 1; group < groups - 1; group++) if (separator(run, group) !== between) return 0
  if (groups === 4 && size(run, 4) === 3 && separator(run, 3) === between && isLong(run)) return run.ends[4]!
  return run.ends[groups - 1]!
}

/** A fraction or a version goes on after the full stop. */
function isDecimal(run: NumberRun): boolean {
  const end = run.ends[0]!
  return codeAt(run.text, end) === 46 && is(codeAt(run.text, end + 1), DIGIT)
}

/** Whether the fifth group belongs to a number of 19 digits; a security code may also follow a card. */
function isLong(run: NumberRun): boolean {
  const digits = digitsUpTo(run, run.ends[4]!)
  return passesLuhn(digits) && isIssued(digits)
}

/** Issuer ranges with the lengths that they issue (Visa, Mastercard, Amex, Diners, Discover, JCB, UnionPay, Maestro). */
function isIssued(digits: string): boolean {
  const length = digits.length
  const two = Number(digits.slice(0, 2))
  const three = Number(digits.slice(0, 3))
  const four = Number(digits.slice(0, 4))
  if (digits[0] === '4') return length === 16 || length === 19 || length === 13
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16
  if (two === 34 || two === 37) return length === 15
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return length === 14 || length === 16
  if (four >= 3528 && four <= 3589) return length >= 16
  if (four === 6011 || two === 65 || (three >= 644 && three <= 649) || two === 62) return length >= 16
  if (two === 50 || (two >= 56 && two <= 58) || two === 60 || two === 63 || two === 67) return length === 16
  return false
}

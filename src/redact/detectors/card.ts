/** Payment cards: an issuer's number range, its length, and the Luhn check digit. Called by `numbers`. */
import { codeAt, DIGIT, is } from '../chars'
import { isCardNumber } from './card-number'
import { isInDump } from './dump'
import { digitsUpTo, type NumberRule, type NumberRun, nearOf, separator, separatorOr, size } from './number-run'

/** Thirteen digits are also every article's bar code, and one in ten passes Luhn: those count near a word about cards. */
export const card: NumberRule = run => {
  const end = shapeEnd(run)
  if (end === 0) return undefined
  const start = run.starts[0]!
  const digits = digitsUpTo(run, end)
  if (!isCardNumber(digits)) return undefined
  if (separatorOr(run, 0) === ' ' && end > run.ends[0]! && isInDump(run.text, start, end)) return undefined
  if (digits.length === 13 && nearOf(run, end) !== 'card') return undefined
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
  return isCardNumber(digitsUpTo(run, run.ends[4]!))
}

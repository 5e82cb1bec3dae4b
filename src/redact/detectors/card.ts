/** Payment cards: an issuer's number range, its length, and the Luhn check digit. Called by `numbers`. */
import { codeAt, DIGIT, is } from '../chars'
import { isCardNumber, isMaestro } from './card-number'
import { isInDump } from './dump'
import { digitsUpTo, type NumberRule, type NumberRun, nearOf, saidOf, separator, separatorOr, size } from './number-run'

/**
 * One number in ten passes Luhn. Thirteen digits are also every article's bar code, twelve an account, and up to nineteen
 * an id that a machine made: the short ones count near a word about cards, the long ones not near a word about such ids.
 */
export const card: NumberRule = run => {
  const end = shapeEnd(run)
  if (end === 0) return undefined
  const start = run.starts[0]!
  const digits = digitsUpTo(run, end)
  if (!isCardNumber(digits) && !isPrinted(run, end, digits)) return undefined
  if (separatorOr(run, 0) === ' ' && end > run.ends[0]! && isInDump(run.text, start, end)) return undefined
  const { length } = digits
  if (length < 14 || length > 16) {
    const isSaid = saidOf(run) === 'card' || nearOf(run, end) === 'card'
    if (!isSaid && (length === 13 || nearOf(run, end) === 'other' || !(length > 16 || isMaestro(digits))))
      return undefined
  }
  return { end, tag: 'CARD' }
}

/** How a card is printed; between the groups is one kind of separator. */
const PRINTED = /^(?:4-4-4-4-3|4-4-4-4|4-4-4|4-6-5|4-6-4|6-13|4-4-4-1)(?=-|$)/

/** Groups that only a card is printed in, and nothing behind them: here the check digit may be wrong, a slip of a pen. */
function isPrinted(run: NumberRun, end: number, digits: string): boolean {
  return (
    run.starts.length > 1 &&
    run.ends.at(-1) === end &&
    ((/^(?:[456]\d{3}|35\d\d)$/.test(run.text.slice(run.starts[0], run.ends[0])) && digits.length === 16) ||
      (/^3[47]/.test(digits) && digits.length === 15))
  )
}

/** The end of the groups of a card, in one block or as it is printed; 0 when they are none. */
function shapeEnd(run: NumberRun): number {
  const first = size(run, 0)
  if (first >= 12) return first > 19 || isDecimal(run) ? 0 : run.ends[0]!
  if (first !== 4 && first !== 6) return 0
  const between = separator(run, 0)
  if (between.length !== 1 || !' -./'.includes(between)) return 0
  let sizes = `${first}`
  let groups = 1
  for (; groups < 5 && separatorOr(run, groups - 1) === between; groups++) sizes += `-${size(run, groups)}`
  const found = PRINTED.exec(sizes)
  if (!found) return 0
  const count = found[0].split('-').length
  // a security code may follow a card
  return count === 5 && !isLong(run) ? run.ends[3]! : run.ends[count - 1]!
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

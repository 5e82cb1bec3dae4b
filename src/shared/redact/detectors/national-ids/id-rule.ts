/** One kind of number that a state or an institution gives to a person. Rows of these are read by `ids`. */

import type { Tag } from '../../mask'
import type { NumberKind } from '../../words/number-words'
import { isDay, pairAt } from '../numbers/check-digits'

export interface IdRule {
  /** how many digits it has */
  readonly digits: number
  /** True when structure and check digits are right; gets digits only. */
  readonly valid: (digits: string) => boolean
  /** Printed forms that need no word: sizes of the groups and what is between (`3.3.3-2`). Default: none. */
  readonly bare?: readonly string[]
  /** A bare form that a word about orders and slips rules out: its check passes one number in ten. */
  readonly isWeak?: boolean
  /** the word that makes other forms count; default `national` */
  readonly kind?: NumberKind
  /** default NATIONAL_ID */
  readonly tag?: Tag
}

/** True for a month at `at` and a day after it. */
export function isMonthDay(digits: string, at: number): boolean {
  return isDay(pairAt(digits, at), pairAt(digits, at + 2))
}

/** True for a day at `at` and a month after it. */
export function isDayMonth(digits: string, at: number): boolean {
  return isDay(pairAt(digits, at + 2), pairAt(digits, at))
}

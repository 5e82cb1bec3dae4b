/** Whether digits can be the number of a payment card. Called by `card` and by the browser's core. */
import { passesLuhn } from './luhn'

/** JCB; Discover and UnionPay. */
const LONG = '35(?:2[89]|[3-8])|6(?:011|[25]|4[4-9])'
/** Issuers' ranges by the number of digits that they issue: Visa, Diners, American Express; Mastercard, Maestro and all others. */
const ISSUED: Readonly<Record<number, RegExp>> = {
  13: /^4/,
  14: /^3(?:0[0-5]|[689])/,
  15: /^3[47]/,
  16: new RegExp(`^(?:4|5[0-8]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3(?:0[0-5]|[689])|6[037]|${LONG})`),
  17: new RegExp(`^(?:${LONG})`),
  18: new RegExp(`^(?:${LONG})`),
  19: new RegExp(`^(?:4|${LONG})`),
}

export function isCardNumber(digits: string): boolean {
  return ISSUED[digits.length]?.test(digits) === true && passesLuhn(digits)
}

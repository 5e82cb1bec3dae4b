/** Whether digits can be the number of a payment card. Called by `card` and by the browser's core. */
import { passesLuhn } from './luhn'

/** JCB, Discover and RuPay, UnionPay, Maestro: numbers of 16 to 19 digits. */
const LONG = '35|6(?:[0-35-9]|4[4-9])|81|50(?:18|20|38)'
/** Maestro, as short as 12 digits. */
const SHORT = '50(?:18|20|38)|5[6-8]|6(?:304|390|7)|0604'
/**
 * Issuers' ranges (ISO/IEC 7812) by the number of digits that they issue: Visa, Diners, American Express, JCB of 15;
 * Mastercard, Mir, Elo, Hipercard, Troy and all others.
 */
const ISSUED: Readonly<Record<number, RegExp>> = {
  12: new RegExp(`^(?:${SHORT})`),
  13: new RegExp(`^(?:4|${SHORT})`),
  14: /^3(?:0[0-5]|[689])/,
  15: /^(?:3[47]|2131|1800)/,
  16: new RegExp(`^(?:4|5[0-8]|22(?:0[0-4]|2[1-9]|[3-9])|2[3-6]|27[01]|2720|3(?:0[0-5]|[689])|82|9792|${LONG})`),
  17: new RegExp(`^(?:${LONG})`),
  18: new RegExp(`^(?:${LONG})`),
  19: new RegExp(`^(?:4|${LONG})`),
}

/** True for the ranges of four digits that no other issuer has. */
export function isMaestro(digits: string): boolean {
  return /^(?:50(?:18|20|38)|5893|6304|6390|67(?:59|6[1-3])|0604)/.test(digits)
}

export function isCardNumber(digits: string): boolean {
  return ISSUED[digits.length]?.test(digits) === true && passesLuhn(digits)
}

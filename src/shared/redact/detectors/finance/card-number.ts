/** Whether digits can be the number of a payment card. */
import { passesLuhn } from '../numbers/check-digits'

/** Issuers' ranges (ISO/IEC 7812), behind the number of digits that they issue. */
const ISSUED = new RegExp(
  `^(?:${[
    '1[23] (?:50(?:18|20|38)|5[6-8]|6(?:304|390|7)|0604)', // Maestro
    '1[369] 4', // Visa
    '1[46] 3(?:0[0-5]|[689])', // Diners
    '15 (?:3[47]|2131|1800)', // American Express, JCB
    '1[6-9] (?:35|6(?:[0-35-9]|4[4-9])|81|50(?:18|20|38))', // JCB, Discover and RuPay, UnionPay, Maestro
    '16 (?:5[0-8]|22(?:0[0-4]|2[1-9]|[3-9])|2[3-6]|27[01]|2720|82|9792)', // Mastercard, Mir, Elo, Hipercard, Troy and others
  ].join('|')})`,
)

/** True for the ranges of four digits that no other issuer has. */
export function isMaestro(digits: string): boolean {
  return /^(?:50(?:18|20|38)|5893|6304|6390|67(?:59|6[1-3])|0604)/.test(digits)
}

export function isCardNumber(digits: string): boolean {
  return ISSUED.test(`${digits.length} ${digits}`) && passesLuhn(digits)
}

/** Ids of letters and digits that a state gives to a person: a table for `letter-ids`. */
import { DIGIT, is } from '../../scan/chars'
import { digitAt } from '../numbers/check-digits'
import { rutCheck } from './ids-americas'
import { residentCheck } from './ids-asia'
import type { LetterRule } from './letter-ids'

export const letterIds: readonly LetterRule[] = [
  // Japan: residence card (Immigration Services Agency), passport (Ministry of Foreign Affairs)
  { begins: 'A2D8', pattern: /[A-Z]{2}\d{8}[A-Z]{2}/y, tag: 'RESIDENCE_CARD' },
  { begins: 'A2D7', pattern: /[A-Z]{2}\d{7}/y, tag: 'PASSPORT', kind: 'passport' },
  // United Kingdom: NINO (HMRC, NIM39110), driving licence (DVLA, INF45P)
  {
    begins: 'A2D6',
    pattern: /(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]/y,
    tag: 'NATIONAL_ID',
  },
  { begins: 'A5D6', pattern: /[A-Z]{5}\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}/y, tag: 'DRIVING_LICENCE' },
  { begins: 'A4D7', pattern: /[A-Z]{4}9\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}/y, tag: 'DRIVING_LICENCE' },
  { begins: 'A3D8', pattern: /[A-Z]{3}99\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}/y, tag: 'DRIVING_LICENCE' },
  { begins: 'A2D9', pattern: /[A-Z]{2}999\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}/y, tag: 'DRIVING_LICENCE' },
  // Spain, DNI and NIE: Ministerio del Interior; the letter is the number mod 23
  { begins: 'A0D8', pattern: /\d{8}-?[A-Z]/y, tag: 'NATIONAL_ID', valid: id => isDni(id.replace('-', '')) },
  {
    begins: 'A1D7',
    pattern: /[XYZ]\d{7}-?[A-Z]/y,
    tag: 'NATIONAL_ID',
    valid: id => isDni('XYZ'.indexOf(id[0]!) + id.slice(1).replace('-', '')),
  },
  // Germany, Versicherungsnummer: section 2 VKVV; area, birth date, letter, serial number, check digit
  { begins: 'A0D8', pattern: /\d{8}[A-Z]\d{3}/y, tag: 'NATIONAL_ID', valid: isPensionInsured },
  // Hong Kong, identity card: Immigration Department; mod 11
  { begins: 'A1D6', pattern: /[A-Z]\d{6}\([\dA]\)/y, tag: 'NATIONAL_ID', valid: isHongKong },
  { begins: 'A2D6', pattern: /[A-Z]{2}\d{6}\([\dA]\)/y, tag: 'NATIONAL_ID', valid: isHongKong },
  // United States, Medicare Beneficiary Identifier: CMS, "Understanding the MBI"; no S, L, O, I, B, Z
  {
    begins: 'A0D1',
    pattern:
      /[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}/y,
    tag: 'INSURANCE_NUMBER',
  },
  // Italy, codice fiscale: Ministero delle Finanze, decreto 23 December 1976
  {
    begins: 'A6D2',
    pattern: /[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]/y,
    tag: 'NATIONAL_ID',
    valid: isCodiceFiscale,
  },
  // Finland, henkiloetunnus: DVV, "The personal identity code"; mod 31
  { begins: 'A0D6', pattern: /[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[\dA-Y]/y, tag: 'NATIONAL_ID', valid: isHetu },
  // China, those whose check character is X (GB 11643-1999)
  { begins: 'A0D17', pattern: /\d{17}[Xx]/y, tag: 'NATIONAL_ID', valid: id => residentCheck(id) === 10 },
  // Chile, RUT whose check character is K
  { begins: 'A0D8', pattern: /\d{8}-[Kk]/y, tag: 'NATIONAL_ID', valid: id => rutCheck(id.slice(0, 8)) === 10 },
  // Taiwan: Ministry of the Interior; the letter as two digits, mod 10
  { begins: 'A1D9', pattern: /[A-Z][1289]\d{8}/y, tag: 'NATIONAL_ID', valid: isTaiwanese },
  // Singapore, NRIC of citizens and residents, FIN of foreigners
  { begins: 'A1D7', pattern: /[STFG]\d{7}[A-Z]/y, tag: 'NATIONAL_ID', valid: isNric },
  // India, PAN: Income Tax Department; the fourth letter says of whom
  { begins: 'A5D4', pattern: /[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]/y, tag: 'NATIONAL_ID' },
  // Mexico, CURP: RENAPO; sex, state, consonants
  { begins: 'A4D6', pattern: /[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z\d]\d/y, tag: 'NATIONAL_ID' },
]

function isDni(id: string): boolean {
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(id.slice(0, 8)) % 23] === id[8]
}

function isHetu(id: string): boolean {
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(id.slice(0, 6) + id.slice(7, 10)) % 31] === id[10]
}

/** Values of 0 to 9 and of A to Z in the odd places, which are counted from 1. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

function isCodiceFiscale(id: string): boolean {
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const code = id.charCodeAt(i)
    const value = is(code, DIGIT) ? code - 48 : code - 65
    sum += i % 2 === 0 ? ODD[value]! : value
  }
  return (sum % 26) + 65 === id.charCodeAt(15)
}

function isTaiwanese(id: string): boolean {
  const letter = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(id[0]!) + 10
  let sum = Math.floor(letter / 10) + (letter % 10) * 9
  for (let i = 1; i < 9; i++) sum += digitAt(id, i) * (9 - i)
  return (sum + digitAt(id, 9)) % 10 === 0
}

function isNric(id: string): boolean {
  let sum = /[TG]/.test(id[0]!) ? 4 : 0
  for (const [i, weight] of [2, 7, 6, 5, 4, 3, 2].entries()) sum += digitAt(id, i + 1) * weight
  return (/[ST]/.test(id[0]!) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[sum % 11] === id[8]
}

/** The letter as two digits, A is 01; the sum of the digits of all products, mod 10. */
function isPensionInsured(id: string): boolean {
  const digits = id.slice(0, 8) + String(id.charCodeAt(8) - 64).padStart(2, '0') + id.slice(9, 11)
  let sum = 0
  for (const [i, weight] of [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].entries()) {
    const product = digitAt(digits, i) * weight
    sum += Math.floor(product / 10) + (product % 10)
  }
  return sum % 10 === digitAt(id, 11)
}

/** A letter counts 10 to 35, a place without one 36; A is the check digit 10. */
function isHongKong(id: string): boolean {
  const values = [...id.slice(0, id.length - 3)].map(sign => Number.parseInt(sign, 36))
  const all = values.length === 7 ? [36, ...values] : values
  const check = id[id.length - 2] === 'A' ? 10 : Number(id[id.length - 2])
  return all.reduce((sum, value, i) => sum + value * (9 - i), check) % 11 === 0
}

/** National numbers of Europe that are digits only; those with letters are in `letter-ids`. */

import { remainder } from '../finance/iban'
import { digitAt, isDay, pairAt, passesLuhn, passesMod11x10, weighted } from '../numbers/check-digits'
import { type IdRule, isDayMonth, isMonthDay } from './id-rule'

export const europe: readonly IdRule[] = [
  // United Kingdom, NHS number: NHS Data Model and Dictionary, "NHS NUMBER"
  { digits: 10, valid: d => (11 - (weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(d, 9) },
  // Germany, Steueridentifikationsnummer: section 139b AO, StIdV; ELSTER, "Pruefziffernberechnung"
  { digits: 11, bare: ['2 3 3 3'], valid: d => d[0] !== '0' && hasOneRepeated(d) && passesMod11x10(d) },
  // France, NIR: INSEE, "Numero de securite sociale"; key 97 - (number mod 97)
  { digits: 15, bare: ['15', '1 2 2 2 3 3 2', '1 2 2 2 3 3-2', '13 2'], valid: isNir },
  // Netherlands, burgerservicenummer: RvIG, Logisch Ontwerp BSN, "elfproef"
  { digits: 9, valid: d => weighted(d, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && d !== '000000000' },
  // Belgium, Rijksregisternummer: royal decree of 3 April 1984; those born from 2000 on with a 2 before
  { digits: 11, bare: ['2.2.2-3.2', '11'], valid: isBelgian },
  // Poland, PESEL: gov.pl, "Czym jest numer PESEL"
  { digits: 11, valid: d => isPesel(d) },
  // Sweden, personnummer and samordningsnummer (day + 60): Skatteverket, SKV 704 and SKV 707
  { digits: 10, bare: ['6-4'], isWeak: true, valid: isSwedish },
  { digits: 12, bare: ['8-4'], isWeak: true, valid: d => /^(?:19|20)/.test(d) && isSwedish(d.slice(2)) },
  // Norway, foedselsnummer and D-nummer (day + 40): Skatteetaten
  { digits: 11, bare: ['11', '6 5'], valid: isNorwegian },
  // Denmark, CPR number: cpr.dk, "Opbygning af CPR-nummeret"; since 2007 it has no check digit
  { digits: 10, valid: d => isDayMonth(d, 0) },
  // Portugal, NIF: Portaria 386/98; mod 11
  { digits: 9, valid: d => /^[1235689]/.test(d) && mod11(weighted(d, [9, 8, 7, 6, 5, 4, 3, 2])) === digitAt(d, 8) },
  // Switzerland, AHV number: BSV, "AHVN13"; 756 and the check digit of EAN-13
  { digits: 13, bare: ['3.4.4.2', '13'], valid: d => d.startsWith('756') && isEan13(d) },
  // Austria, Sozialversicherungsnummer: the fourth digit checks the others
  { digits: 10, valid: d => weighted(d, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(d, 3) && isDayMonth(d, 4) },
  // Croatia, OIB: zakon o osobnom identifikacijskom broju, ISO 7064 MOD 11,10
  { digits: 11, valid: passesMod11x10 },
  // Romania, CNP: Legea 105/1996
  {
    digits: 13,
    valid: d => isMonthDay(d, 3) && cnpCheck(d) === digitAt(d, 12),
  },
  // Bulgaria, EGN: GRAO; months + 20 and + 40 for other centuries
  {
    digits: 10,
    valid: d =>
      isDay(pairAt(d, 2) % 20, pairAt(d, 4)) && (weighted(d, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(d, 9),
  },
  // Estonia and Lithuania: EVS 585:2007
  { digits: 11, valid: isBaltic },
  // Greece, AMKA: day, month, year, Luhn
  { digits: 11, valid: d => isDayMonth(d, 0) && passesLuhn(d) },
  // Russia, SNILS: PFR; INN of a person: FNS, order MMV-7-6/435
  { digits: 11, bare: ['3-3-3 2', '3-3-3-2'], valid: isSnils },
  { digits: 12, valid: isInn },
]

/** Of the first ten digits exactly one stands there twice or three times. */
function hasOneRepeated(digits: string): boolean {
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 10; i++) counts[digitAt(digits, i)]!++
  return counts.filter(count => count > 1).length === 1 && counts.every(count => count <= 3)
}

/** Sex, year, month (20 and more where it is unknown), department, commune, order, key. */
function isNir(digits: string): boolean {
  return (
    /^[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)/.test(digits) &&
    97 - remainder(digits.slice(0, 13), 97) === pairAt(digits, 13)
  )
}

function isBelgian(digits: string): boolean {
  if (!isDay(pairAt(digits, 2) % 20 || 1, pairAt(digits, 4) || 1)) return false
  const check = pairAt(digits, 9)
  return [digits.slice(0, 9), `2${digits.slice(0, 9)}`].some(number => 97 - remainder(number, 97) === check)
}

/** The month says the century: + 80, 0, 20, 40, 60. */
function isPesel(digits: string): boolean {
  return (
    isDay(pairAt(digits, 2) % 20, pairAt(digits, 4)) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  )
}

function isSwedish(digits: string): boolean {
  const day = pairAt(digits, 4)
  return isDay(pairAt(digits, 2), day > 60 ? day - 60 : day) && passesLuhn(digits)
}

function isNorwegian(digits: string): boolean {
  const day = pairAt(digits, 0)
  return (
    isDay(pairAt(digits, 2), day > 40 ? day - 40 : day) &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  )
}

function isEan13(digits: string): boolean {
  return weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0
}

function isBaltic(digits: string): boolean {
  if (!isMonthDay(digits, 3) || !/^[1-6]/.test(digits)) return false
  let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  if (check === 10) check = (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10
  return check === digitAt(digits, 10)
}

function isSnils(digits: string): boolean {
  return (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === pairAt(digits, 9)
}

function isInn(digits: string): boolean {
  return (
    (weighted(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(digits, 10) &&
    (weighted(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(digits, 11)
  )
}

/** 11 less the remainder, 0 for the two that are no digit. */
function mod11(sum: number): number {
  const left = sum % 11
  return left < 2 ? 0 : 11 - left
}

/** Of the remainder 10 the digit is 1. */
function cnpCheck(digits: string): number {
  const left = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return left === 10 ? 1 : left
}

/** National numbers of Asia, Oceania and Africa that are digits only. */
import { digitAt, isDay, pairAt, passesLuhn, passesVerhoeff, weighted } from '../numbers/check-digits'
import { type IdRule, isMonthDay } from './id-rule'

export const asia: readonly IdRule[] = [
  // Japan, My Number: ordinance 85 of 2014 of the Ministry of Internal Affairs and Communications, article 5
  { digits: 12, bare: ['4-4-4', '4 4 4'], isWeak: true, kind: 'my number', tag: 'MY_NUMBER', valid: isMyNumber },
  // China, resident identity number: GB 11643-1999; those that end with X are in `letter-ids`
  { digits: 18, bare: ['18'], valid: d => isResidentNumber(d) && residentCheck(d) === digitAt(d, 17) },
  // Korea, resident registration number: since October 2020 its last digits are random, but for sex and century
  { digits: 13, bare: ['6-7'], isWeak: true, valid: isKorean },
  // Korea, driving licence: National Police Agency; region, year, serial number, check
  {
    digits: 12,
    bare: ['2-2-6-2'],
    kind: 'licence',
    tag: 'DRIVING_LICENCE',
    valid: d => pairAt(d, 0) > 10 && pairAt(d, 0) < 29,
  },
  // India, Aadhaar: UIDAI, "Aadhaar number"; Verhoeff, does not begin with 0 or 1
  { digits: 12, bare: ['4 4 4', '4-4-4'], isWeak: true, valid: d => d[0]! > '1' && passesVerhoeff(d) },
  // Thailand: Department of Provincial Administration, mod 11
  { digits: 13, bare: ['1-4-5-2-1', '1 4 5 2 1'], valid: isThai },
  // Malaysia, MyKad: Jabatan Pendaftaran Negara; birth date, place
  { digits: 12, bare: ['6-2-4'], valid: d => isMonthDay(d, 2) && !/^.{6}(?:00|1[789]|20|69|70|73|8[01])/.test(d) },
  // Indonesia, NIK: Permendagri 73/2022; region, birth date (day + 40 for women)
  { digits: 16, valid: d => /^[1-9]/.test(d) && isDay(pairAt(d, 8), pairAt(d, 6) % 40) },
  // Israel, Teudat Zehut: Luhn
  { digits: 9, valid: passesLuhn },
  // Turkey, T.C. Kimlik No: NVI; two check digits
  { digits: 11, valid: isTurkish },
  // United Arab Emirates, Emirates ID: 784, Luhn
  { digits: 15, bare: ['3-4-7-1', '15'], valid: d => d.startsWith('784') && passesLuhn(d) },
  // South Africa: Department of Home Affairs; birth date, citizenship, Luhn. Without spaces only where no time begins so.
  { digits: 13, bare: ['6 4 3', '6 4 2 1', '6 5 2'], valid: isSouthAfrican },
  { digits: 13, bare: ['13'], valid: d => d[0]! > '1' && isSouthAfrican(d) },
  // Australia, TFN: Australian Taxation Office, mod 11; Medicare card: Services Australia
  { digits: 9, valid: d => weighted(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 },
  { digits: 10, bare: ['4 5 1'], kind: 'insurance', tag: 'INSURANCE_NUMBER', valid: isMedicare },
]

/** Eleven less the remainder of the digits from the right times 2 to 7 and 2 to 6; 0 for a remainder of 0 or 1. */
function isMyNumber(digits: string): boolean {
  const left = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return (left < 2 ? 0 : 11 - left) === digitAt(digits, 11) && !/^(\d)\1+$/.test(digits)
}

/** A region, a birth date of this century or the last. */
export function isResidentNumber(digits: string): boolean {
  return /^[1-9]\d{5}(?:19|20)/.test(digits) && isMonthDay(digits, 10)
}

/** ISO 7064 MOD 11-2: 0 to 10, which is written X. */
export function residentCheck(digits: string): number {
  return (12 - (weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11)) % 11
}

function isKorean(digits: string): boolean {
  return isMonthDay(digits, 2) && /[1-8]/.test(digits[6]!)
}

function isThai(digits: string): boolean {
  return (
    (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 12) &&
    digits[0] !== '0'
  )
}

function isTurkish(digits: string): boolean {
  const tenth = (weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7]) + 10_000) % 10
  return (
    digits[0] !== '0' &&
    tenth === digitAt(digits, 9) &&
    weighted(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === digitAt(digits, 10)
  )
}

function isSouthAfrican(digits: string): boolean {
  return isMonthDay(digits, 2) && digits[10]! < '3' && passesLuhn(digits)
}

function isMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8)
}

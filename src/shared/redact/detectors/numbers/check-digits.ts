/** The arithmetic of check digits, over a string of digits. */

/** The digits' sum, each times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += digitAt(digits, i) * weights[i]!
  return sum
}

export function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48
}

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

/** ISO/IEC 7064, MOD 11,10. */
export function passesMod11x10(digits: string): boolean {
  let product = 10
  for (let i = 0; i < digits.length - 1; i++) {
    product = (((digitAt(digits, i) + product) % 10 || 10) * 2) % 11
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1)
}

/** The dihedral group of order 10 and the permutation of J. Verhoeff, Error Detecting Decimal Codes (1969). */
const PERMUTATION = '1576283094'

export function passesVerhoeff(digits: string): boolean {
  let check = 0
  for (let i = 0; i < digits.length; i++) {
    let digit = digitAt(digits, digits.length - 1 - i)
    for (let turn = i % 8; turn > 0; turn--) digit = digitAt(PERMUTATION, digit)
    check = inDihedral(check, digit)
  }
  return check === 0
}

function inDihedral(one: number, other: number): number {
  if (one < 5) return other < 5 ? (one + other) % 5 : 5 + ((one + other) % 5)
  return other < 5 ? 5 + ((one - other + 10) % 5) : (one - other + 10) % 5
}

/** True for a month and a day that a calendar has (29 February in any year). */
export function isDay(month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= (month === 2 ? 29 : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31)
}

/** Two digits as a number. */
export function pairAt(digits: string, at: number): number {
  return digitAt(digits, at) * 10 + digitAt(digits, at + 1)
}

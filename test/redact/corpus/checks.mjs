// Check digits as their standards define them.

/** @param {string} text */
const digitsOf = text => [...text].map(Number)

/** @param {string} digits @param {readonly number[]} weights */
export const weighted = (digits, weights) =>
  digitsOf(digits).reduce((sum, digit, index) => sum + digit * /** @type {number} */ (weights[index]), 0)

/** ISO/IEC 7812-1 annex B. @param {string} head */
export function luhn(head) {
  const sum = digitsOf(head)
    .reverse()
    .reduce((all, digit, index) => all + (index % 2 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0)
  return String((10 - (sum % 10)) % 10)
}

/** Remainder of a number of any length; letters count 10 to 35 (ISO 7064 as IBAN uses it). @param {string} text @param {number} by */
export function modulo(text, by) {
  let rest = 0
  for (const sign of text.toUpperCase()) {
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % by
  }
  return rest
}

/** ISO 13616. @param {string} country @param {string} account */
export const iban = (country, account) =>
  country + String(98 - modulo(`${account}${country}00`, 97)).padStart(2, '0') + account

/** Six characters behind the data of a Bech32 word (BIP 173; BIP 350 with its constant). @param {string} human @param {readonly number[]} data @param {number} constant */
export function bech32(human, data, constant) {
  const letters = [...human].map(letter => letter.charCodeAt(0))
  const all = [...letters.map(code => code >> 5), 0, ...letters.map(code => code & 31), ...data, 0, 0, 0, 0, 0, 0]
  let sum = 1
  for (const value of all) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries())
      if ((top >> bit) & 1) sum ^= generator
  }
  return [0, 1, 2, 3, 4, 5].map(place => ((sum ^ constant) >> (5 * (5 - place))) & 31)
}

/** ISO 7064 mod 11,10. @param {string} head */
export function mod1110(head) {
  let rest = 10
  for (const digit of digitsOf(head)) {
    rest = (rest + digit) % 10 || 10
    rest = (rest * 2) % 11
  }
  return String((11 - rest) % 10)
}

const TURN = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
const PERMUTE = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
  [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
  [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
  [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
  [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
  [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
]
/** Verhoeff, as Aadhaar uses it. @param {string} head */
export function verhoeff(head) {
  let check = 0
  for (const [index, digit] of digitsOf(head).reverse().entries()) {
    check = TURN[check]?.[PERMUTE[(index + 1) % 8]?.[digit] ?? 0] ?? 0
  }
  return String(TURN[check]?.indexOf(0))
}

/** Japan's individual number: ordinance 85 of the Ministry of Internal Affairs, article 5. @param {string} head 11 digits */
export function myNumber(head) {
  const sum = digitsOf(head)
    .reverse()
    .reduce((all, digit, index) => all + digit * (index < 6 ? index + 2 : index - 4), 0)
  return String(sum % 11 <= 1 ? 0 : 11 - (sum % 11))
}

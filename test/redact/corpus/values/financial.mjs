// Payment cards, IBANs and other bank accounts.
import { bech32, iban as checkedIban, luhn } from '../checks.mjs'

/** [first digits, length, groups]: Visa, Mastercard, Amex, JCB, Diners, Discover, UnionPay, Maestro. */
const CARDS = [
  [['4'], 16, [4, 4, 4, 4]],
  [['4'], 16, [4, 4, 4, 4]],
  [['51', '52', '53', '54', '55', '2221', '2511', '2720'], 16, [4, 4, 4, 4]],
  [['34', '37'], 15, [4, 6, 5]],
  [['3528', '3540', '3589'], 16, [4, 4, 4, 4]],
  [['300', '305', '36', '38'], 14, [4, 6, 4]],
  [['6011', '644', '65'], 16, [4, 4, 4, 4]],
  [['620', '622126'], 16, [4, 4, 4, 4]],
]
/** Structure of the account part after the check digits, by country; `A` a letter, `#` a digit. */
const IBANS = { DE: '#'.repeat(18), FR: `${'#'.repeat(10)}A${'#'.repeat(12)}`, GB: `AAAA${'#'.repeat(14)}`, ES: '#'.repeat(20), IT: `A${'#'.repeat(22)}`, NL: `AAAA${'#'.repeat(10)}`, BE: '#'.repeat(12), CH: '#'.repeat(17), AT: '#'.repeat(16), PL: '#'.repeat(24), SE: '#'.repeat(20), DK: '#'.repeat(14), NO: '#'.repeat(11), FI: '#'.repeat(14), IE: `AAAA${'#'.repeat(14)}`, PT: '#'.repeat(21), CZ: '#'.repeat(20), RO: `AAAA${'#'.repeat(16)}`, TR: '#'.repeat(22), SA: '#'.repeat(20), AE: '#'.repeat(19), IL: '#'.repeat(19), UA: '#'.repeat(25), BR: `${'#'.repeat(23)}A#`, HU: '#'.repeat(24), GR: '#'.repeat(23) } // biome-ignore format: a list

/** @param {string} text @param {readonly number[]} sizes @param {string} joint */
export function grouped(text, sizes, joint) {
  const parts = []
  let from = 0
  for (const size of sizes) {
    parts.push(text.slice(from, from + size))
    from += size
  }
  return parts.join(joint)
}

/** @typedef {import('../random.mjs').Random} Random */

/** @param {Random} random */
export function card(random) {
  const [prefixes, length, sizes] = /** @type {[string[], number, number[]]} */ (random.pick(CARDS))
  const prefix = random.pick(prefixes)
  const head = prefix + random.digits(length - prefix.length - 1)
  return grouped(head + luhn(head), sizes, random.pick(['', ' ', '-']))
}

/** @param {Random} random */
export function iban(random) {
  const country = random.pick(Object.keys(IBANS))
  const number = checkedIban(country, random.fill(/** @type {Record<string, string>} */ (IBANS)[country] ?? ''))
  const fours = () => number.replace(/(.{4})(?=.)/g, '$1 ')
  return random.pick([() => number, fours, fours, () => number.toLowerCase()])()
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** The address of a wallet: of a key, of a script, or of Taproot. The last character of a program has bits to spare. @param {Random} random */
export function wallet(random) {
  const [version, characters, spare] = /** @type {[number, number, number]} */ (
    random.pick([
      [0, 32, 0],
      [0, 32, 0],
      [0, 52, 4],
      [1, 52, 4],
    ])
  )
  const program = Array.from({ length: characters }, () => random.int(0, 31))
  program[characters - 1] = (program[characters - 1] ?? 0) & (31 - (2 ** spare - 1))
  const data = [version, ...program]
  const address = `bc1${[...data, ...bech32('bc', data, version === 0 ? 1 : 0x2bc830a3)].map(value => BECH32[value]).join('')}`
  return random.maybe(0.1) ? address.toUpperCase() : address
}

/** An account number that is known only by the words next to it. @param {Random} random */
export const account = random => random.number(random.pick([8, 9, 10, 12]))

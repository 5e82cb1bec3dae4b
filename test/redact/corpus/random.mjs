// The seeded source of chance of the corpus: the same seed gives the same texts on every machine.

/**
 * Mulberry32 with the helpers that makers need.
 * @param {number} seed
 */
export function seeded(seed) {
  let state = seed
  /** @returns {number} from 0 to less than 1 */
  function next() {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  /** @param {number} least @param {number} most both included */
  const int = (least, most) => least + Math.floor(next() * (most - least + 1))
  /** @template T @param {readonly T[]} from @returns {T} */
  const pick = from => /** @type {T} */ (from[Math.floor(next() * from.length)])
  /** @param {number} count @param {string} alphabet */
  const chars = (count, alphabet) => {
    let text = ''
    for (let i = 0; i < count; i++) text += alphabet[Math.floor(next() * alphabet.length)]
    return text
  }
  return {
    int,
    pick,
    chars,
    /** @param {number} chance from 0 to 1 */
    maybe: chance => next() < chance,
    /** @param {number} count */
    digits: count => chars(count, DIGITS),
    /** A number without a leading zero. @param {number} count of digits */
    number: count => chars(1, '123456789') + chars(count - 1, DIGITS),
    /** @param {number} count */
    hex: count => chars(count, '0123456789abcdef'),
    /** @param {number} count */
    alnum: count => chars(count, ALNUM),
    /** @param {number} count */
    base64url: count => chars(count, `${ALNUM}-_`),
    /** @param {number} value @param {number} [width] */
    pad: (value, width = 2) => String(value).padStart(width, '0'),
    /** Digits for `#`, 2 to 9 for `N`, 0 to 8 for `M` (as in North American area codes `NM#`), capital letters for `A`. @param {string} pattern */
    fill: pattern =>
      pattern.replace(/[#NMA]/g, sign =>
        chars(1, sign === '#' ? DIGITS : sign === 'N' ? '23456789' : sign === 'M' ? '012345678' : UPPER),
      ),
    uuid: () => {
      const hex = chars(32, '0123456789abcdef')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}

/** @typedef {ReturnType<typeof seeded>} Random */

export const DIGITS = '0123456789'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = LOWER.toUpperCase()
export const ALNUM = LOWER + UPPER + DIGITS

// What a character is for a reader of words: a letter in small or in capital, a digit, or what stands between words.

export const BETWEEN_WORDS = 0
export const SMALL = 1
export const LARGE = 2
export const NUMERAL = 3
/** A letter of a script without capitals, or one that spaces do not part. */
export const OTHER_LETTER = 4

/** Latin with its extensions; beyond it, capitals are asked of nobody. */
const END_OF_LATIN = 0x250

const kinds = new Uint8Array(END_OF_LATIN)
const folded = new Uint16Array(END_OF_LATIN)
for (let code = 0; code < END_OF_LATIN; code++) {
  const char = String.fromCharCode(code)
  const small = char.toLowerCase()
  const isLetter = code < 128 ? /[a-z]/i.test(char) : code >= 0xc0 && code !== 0xd7 && code !== 0xf7
  kinds[code] = isLetter ? (small === char ? SMALL : LARGE) : /\d/.test(char) ? NUMERAL : BETWEEN_WORDS
  folded[code] = small.charCodeAt(0)
}

export function kindOf(code: number): number {
  if (code < END_OF_LATIN) return kinds[code]!
  // Vietnamese, as small letters: capitals among them begin no name that the lists know
  if (code >= 0x1e00 && code < 0x1f00) return SMALL
  return code < 0x2000 || (code >= 0x2c00 && code < 0x2e00) || code >= 0x3040 ? OTHER_LETTER : BETWEEN_WORDS
}

/** The small letter of a Latin one. */
export function smallOf(code: number): number {
  return code < END_OF_LATIN ? folded[code]! : code
}

const SEED = 0x811c9dc5
const PRIME = 0x01000193

/** A word in small letters as a number of 32 bits. */
export function hashOf(text: string, start: number, end: number): number {
  let hash = SEED
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ smallOf(text.charCodeAt(at)), PRIME)
  return hash
}

/** Spreads the bits, so that a few of them tell as much as others do. */
export function spread(hash: number): number {
  let mixed = hash ^ (hash >>> 15)
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  mixed ^= mixed >>> 12
  mixed = Math.imul(mixed, 0x297a2d39)
  return mixed ^ (mixed >>> 15)
}

// Writes what `src/shared/redact/prose/lexicon.ts` reads.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * @param {ReadonlyMap<number, number>} words what each is known as, by its hash
 * @param {(hash: number) => number} keyOf
 */
export function packLexicon(words, keyOf) {
  /** @type {Map<number, number>} */
  const byKey = new Map()
  for (const [hash, classes] of words) byKey.set(keyOf(hash), (byKey.get(keyOf(hash)) ?? 0) | classes)
  let packed = ''
  let before = 0
  for (const [key, classes] of [...byKey].sort(([a], [b]) => a - b)) {
    const distance = key - before
    before = key
    for (let shift = 20; shift > 0; shift -= 5)
      if (distance >>> shift !== 0) packed += ALPHABET[((distance >>> shift) & 31) | 32]
    packed += `${ALPHABET[distance & 31]}${ALPHABET[classes]}`
  }
  return packed
}

/** @param {ArrayLike<number>} weights whole numbers from -32 to 31 */
export function packWeights(weights) {
  return Array.from(weights, weight => ALPHABET[weight + 32]).join('')
}

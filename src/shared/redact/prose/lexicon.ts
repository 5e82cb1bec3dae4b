// Words and what they are known as: names, places, words of every day. Kept as numbers of 24 bits, of which one in 200 unknown words
// has the number of a known one by chance. `scripts/names/pack.mjs` writes what is read here.
import { spread } from './letters'

export const GIVEN = 1
export const SURNAME = 2
/** A word that is written in small letters too. */
export const COMMON = 4
export const PLACE = 8
// 16 is a name that is among the most frequent of its kind: features have it, no code asks for it

/** A letter of what is packed has six bits. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const values = new Uint8Array(128)
for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i

const KEY_BITS = 24
const CLASS_BITS = 63
/** Letters that are read between two pauses: a millisecond. */
const PIECE = 64 * 1024

/** What the word with this hash is known as. */
export type Lexicon = (hash: number) => number

export const keyOf = (hash: number): number => spread(hash) >>> (32 - KEY_BITS)

/**
 * Reads, for each word, the distance of its key to that of the word before it, five bits a letter, of which the last is below 32, and
 * a letter for what it is. Pauses now and then.
 */
export function* unpackLexicon(packed: string): Generator<void, Lexicon> {
  // a word takes three letters at least
  let size = 1024
  while (size < packed.length * 0.6) size *= 2
  const last = size - 1
  const table = new Uint32Array(size)
  let key = 0
  let distance = 0
  let pause = PIECE
  for (let at = 0; at < packed.length; at++) {
    const value = values[packed.charCodeAt(at)]!
    distance = (distance << 5) | (value & 31)
    if (value >= 32) continue
    key += distance
    distance = 0
    at++
    let slot = key & last
    while (table[slot] !== 0) slot = (slot + 1) & last
    // the highest bit of eight, so that no entry is 0
    table[slot] = (key << 8) | 0x80 | values[packed.charCodeAt(at)]!
    if (at < pause) continue
    yield
    pause += PIECE
  }
  return hash => {
    const wanted = keyOf(hash)
    for (let slot = wanted & last; ; slot = (slot + 1) & last) {
      const entry = table[slot]!
      if (entry === 0) return 0
      if (entry >>> 8 === wanted) return entry & CLASS_BITS
    }
  }
}

/** Whole numbers from -32 to 31, a letter each. */
export function unpackWeights(packed: string): Int8Array {
  const weights = new Int8Array(packed.length)
  for (let at = 0; at < packed.length; at++) weights[at] = values[packed.charCodeAt(at)]! - 32
  return weights
}

/**
 * Addresses of Bitcoin wallets in Bech32 (BIP 173, BIP 350): `bc1`, the version of the program, the program and six
 * characters of checksum. Older addresses (`1…`, `3…`) are left: only SHA-256 distinguishes them from other words.
 */
import { codeAt, runEnd, startsToken, WORD } from '../../scan/chars'
import type { Detector } from '../../scan/scanner'
import { spend } from '../../scan/work'

/** By value, 0 to 31. */
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const HUMAN_READABLE = 'bc1'
const LONGEST = 90
const CHECKSUM = 6
/** What the checksum leaves: of version 0, which has Bech32, and of all others, which have Bech32m. */
const BECH32 = 1
const BECH32M = 0x2bc830a3
/** Of the generator of the checksum, by bit. */
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
/** `bc` before any data: the high bits of both letters, 0, and their low bits. */
const PREFIX = [3, 3, 0, 2, 3]

const values = new Int8Array(128).fill(-1)
for (let value = 0; value < ALPHABET.length; value++) {
  values[ALPHABET.charCodeAt(value)] = value
  values[ALPHABET.toUpperCase().charCodeAt(value)] = value
}

export const bitcoin: Detector = {
  finds: 'personal',
  // versions 0 to 16
  anchors: [{ at: '1', after: 'cC', before: 'qpzry9x8gf2tvdw0sQPZRYXGFTVDWS' }],
  at(text, at, hits) {
    const start = at - 2
    if ((codeAt(text, start) | 32) !== 98 || !startsToken(text, start)) return at
    const end = runEnd(text, start, WORD, LONGEST + 1)
    if (!isAddress(text.slice(start, end))) return at
    hits.add(start, end, 'WALLET')
    return end
  },
}

/** Bytes of the program by the characters of it: five bits each, with fewer than five bits left. */
function programBytes(characters: number): number {
  const bits = characters * 5
  return bits % 8 < 5 ? bits >> 3 : 0
}

function isAddress(word: string): boolean {
  const isOneCase = word === word.toLowerCase() || word === word.toUpperCase()
  if (word.length > LONGEST || !isOneCase) return false
  const version = values[codeAt(word, HUMAN_READABLE.length)]!
  const bytes = programBytes(word.length - HUMAN_READABLE.length - 1 - CHECKSUM)
  if (version === 0 ? bytes !== 20 && bytes !== 32 : bytes < 2 || bytes > 40) return false
  spend(10)
  return checksum(word) === (version === 0 ? BECH32 : BECH32M)
}

/** What the checksum of BIP 173 leaves of the word; -1 with a character that is none of the alphabet. */
function checksum(word: string): number {
  let sum = 1
  for (const value of PREFIX) sum = next(sum, value)
  for (let i = HUMAN_READABLE.length; i < word.length; i++) {
    const value = values[codeAt(word, i) & 127]!
    if (value < 0) return -1
    sum = next(sum, value)
  }
  return sum
}

function next(sum: number, value: number): number {
  const top = sum >>> 25
  let result = ((sum & 0x1ffffff) << 5) ^ value
  for (let bit = 0; bit < GENERATOR.length; bit++) if ((top >> bit) & 1) result ^= GENERATOR[bit]!
  return result
}

// The Collector's `probabilistic` policy keeps a trace when a 64-bit FNV-1a hash over salt and trace id is small enough; this is the same
// hash, held in two 32-bit halves so that it needs no BigInt.
import type { Policies } from './retention-table'

const TWO_32 = 2 ** 32

/** Whether the trace belongs to the baseline. `traceId` is 32 hexadecimal digits, or 16 bytes. */
export function inBaseline(traceId: string | Uint8Array, { percent, salt }: Policies['baseline']): boolean {
  const bytes = typeof traceId === 'string' ? bytesOfHex(traceId) : traceId
  const { high, low } = fnv1a([...bytesOfText(salt), ...bytes])
  // The bound, percent of 2^64, is exact in floating point: it only moves the exponent. The Collector's own bound is one
  // less and inclusive.
  const bound = (percent / 100) * TWO_32
  const boundHigh = Math.floor(bound)
  return high < boundHigh || (high === boundHigh && low < (bound - boundHigh) * TWO_32)
}

/** FNV-1a: for each byte, xor it in, then multiply by the prime 2^40 + 0x1b3, all modulo 2^64. */
function fnv1a(bytes: readonly number[]): { high: number; low: number } {
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0
    const product = low * 0x1b3
    // `low << 8` is what 2^40 shifts out of the lower half into the upper one.
    high = (high * 0x1b3 + Math.floor(product / TWO_32) + ((low << 8) >>> 0)) % TWO_32
    low = product % TWO_32
  }
  return { high, low }
}

const bytesOfText = (text: string): number[] => Array.from(text, char => char.charCodeAt(0))
const bytesOfHex = (hex: string): number[] => (hex.match(/../g) ?? []).map(pair => Number.parseInt(pair, 16))

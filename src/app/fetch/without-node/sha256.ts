// SHA-256 (FIPS 180-4) at once: `crypto.subtle` has it as a promise only, and whoever reads a stream cannot wait.
import type { Sha256 } from '../../llm/wire/sha256'

const BLOCK = 64
/** The fractional parts of the roots of the first 64 primes: their cube roots, and of the first 8 the square roots. */
const fraction = (root: number) => (root * 2 ** 32) | 0
const primes: number[] = []
for (let n = 2; primes.length < BLOCK; n++) if (primes.every(prime => n % prime !== 0)) primes.push(n)
const K = Int32Array.from(primes, prime => fraction(Math.cbrt(prime)))
const START = Int32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime)))

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by))

class Hash implements Sha256 {
  readonly #state = START.slice()
  readonly #block = new Uint8Array(BLOCK)
  readonly #words = new Int32Array(BLOCK)
  #length = 0

  update(data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
    let filled = this.#length % BLOCK
    this.#length += bytes.length
    for (let from = 0; from < bytes.length; ) {
      const to = Math.min(bytes.length, from + BLOCK - filled)
      this.#block.set(bytes.subarray(from, to), filled)
      filled = (filled + to - from) % BLOCK
      from = to
      if (filled === 0) this.#mix()
    }
    return this
  }

  digest(encoding: 'hex' | 'base64'): string {
    const bits = this.#length * 8
    const padding = new Uint8Array(((BLOCK + 55 - (this.#length % BLOCK)) % BLOCK) + 9)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32))
    view.setUint32(padding.length - 4, bits >>> 0)
    this.update(padding)
    const hex = Array.from(this.#state, word => (word >>> 0).toString(16).padStart(8, '0')).join('')
    return encoding === 'hex' ? hex : btoa(hex.replace(/../g, byte => String.fromCharCode(Number.parseInt(byte, 16))))
  }

  #mix(): void {
    const words = this.#words
    const block = new DataView(this.#block.buffer)
    for (let i = 0; i < 16; i++) words[i] = block.getInt32(i * 4)
    for (let i = 16; i < BLOCK; i++) {
      const [early, late] = [words[i - 15]!, words[i - 2]!]
      const before = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)
      const after = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10)
      words[i] = words[i - 16]! + before + words[i - 7]! + after
    }
    let [a, b, c, d, e, f, g, h] = this.#state as unknown as [number, number, number, number, number, number, number, number] // biome-ignore format: one line
    for (let i = 0; i < BLOCK; i++) {
      const choice = (e & f) ^ (~e & g)
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + K[i]! + words[i]!) | 0
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) this.#state[i]! += word
  }
}

export const sha256: typeof import('../../llm/wire/sha256').sha256 = () => new Hash()

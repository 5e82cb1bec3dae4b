// Digest and size of media that stand as base64 inside of JSON, reckoned while their text goes by, which is never kept.
// Called by the value reader for strings that are too long, and by the content mapping for those that are there whole.
import { createHash, type Hash } from 'node:crypto'

export interface Digest {
  /** Hexadecimal digits of SHA-256 over the decoded bytes. */
  readonly sha256: string
  /** Decoded. */
  readonly bytes: number
}

/** What stands before the data of a `data:` URL. */
const DATA_URL = /^data:[^,]{0,256};base64,/i
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

export class MediaDigest {
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0
  /** Less than four characters, which decode together with what comes. */
  #rest = ''
  #padded = false
  #isMedia = true

  /** @param head the beginning of the string */
  constructor(head: string) {
    this.push(head.replace(DATA_URL, ''))
  }

  push(text: string): void {
    if (!this.#isMedia) return
    const all = this.#rest + text
    if (!BASE64.test(all) || (this.#padded && /[^=]/.test(text))) {
      this.#isMedia = false
      return
    }
    const whole = all.length - (all.length % 4)
    this.#decode(all.slice(0, whole))
    this.#rest = all.slice(whole)
    this.#padded = all.endsWith('=')
  }

  /** Undefined for what is no base64. */
  end(): Digest | undefined {
    if (!this.#isMedia) return undefined
    this.#decode(this.#rest)
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes }
  }

  #decode(base64: string): void {
    const decoded = Buffer.from(base64, 'base64')
    this.#hash.update(decoded)
    this.#bytes += decoded.length
  }
}

/** Of a text that is there whole. */
export function digestOf(base64: string): Digest | undefined {
  return new MediaDigest(base64).end()
}

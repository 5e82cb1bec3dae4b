// Digest and size of media that stand as base64 inside of JSON, reckoned while their text goes by, which is never kept.
import { type Sha256, sha256 } from './sha256'

export interface Digest {
  /** Hexadecimal digits of SHA-256 over the decoded bytes. */
  readonly sha256: string
  /** Decoded. */
  readonly bytes: number
}

/** What stands before the data of a `data:` URL. */
const DATA_URL = /^data:[^,]{0,256};base64,/i

export class MediaDigest {
  readonly #hash: Sha256 = sha256()
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
    if (this.#padded && /[^=]/.test(text)) {
      this.#isMedia = false
      return
    }
    const all = this.#rest + text
    const whole = all.length - (all.length % 4)
    this.#rest = all.slice(whole)
    this.#padded = all.endsWith('=')
    this.#decode(all.slice(0, whole))
  }

  /** Undefined for what is no base64. */
  end(): Digest | undefined {
    this.#decode(this.#rest)
    return this.#isMedia ? { sha256: this.#hash.digest('hex'), bytes: this.#bytes } : undefined
  }

  /** Node passes over what is no base64, so that there is less than there should be. */
  #decode(base64: string): void {
    if (!this.#isMedia) return
    const decoded = Buffer.from(base64, 'base64')
    const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
    const whole = Math.floor(((base64.length - padding) * 3) / 4)
    this.#isMedia = decoded.length === whole && base64.length % 4 !== 1
    this.#hash.update(decoded)
    this.#bytes += decoded.length
  }
}

/** Of a text that is there whole. */
export function digestOf(base64: string): Digest | undefined {
  return new MediaDigest(base64).end()
}

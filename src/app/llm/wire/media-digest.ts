// Computes digest and size of base64 media in JSON while its text arrives, without storing it.
import { type Sha256, sha256 } from './sha256'

export interface Digest {
  /** SHA-256 of the decoded bytes, in hexadecimal. */
  readonly sha256: string
  /** Number of decoded bytes. */
  readonly bytes: number
}

/** The prefix of a `data:` URL. */
const DATA_URL = /^data:[^,]{0,256};base64,/i

export class MediaDigest {
  readonly #hash: Sha256 = sha256()
  #bytes = 0
  /** Up to three characters that are decoded together with the next ones. */
  #rest = ''
  #padded = false
  #isMedia = true

  /** @param head the start of the string */
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

  /** Undefined if the text is not base64. */
  end(): Digest | undefined {
    this.#decode(this.#rest)
    return this.#isMedia ? { sha256: this.#hash.digest('hex'), bytes: this.#bytes } : undefined
  }

  /** Node skips characters that are not base64, so the result is then shorter than expected. */
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

/** For a complete text. */
export function digestOf(base64: string): Digest | undefined {
  return new MediaDigest(base64).end()
}

// Digest and size of media that stand as base64 inside of JSON, reckoned while their text goes by, which is never kept.
import { createHash, type Hash } from 'node:crypto'
import type { Bytes } from './bytes'

export interface Digest {
  /** Hexadecimal digits of SHA-256 over the decoded bytes. */
  readonly sha256: string
  /** Decoded. */
  readonly bytes: number
}

/** What stands before the data of a `data:` URL. */
const DATA_URL = /^data:[^,]{0,256};base64,/i

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

// How a string that was too long to keep says so, and how long it was.

const MARK = /…\[cut from (\d+) bytes(?:, sha256 ([0-9a-f]{64}) over (\d+))?\]$/
const LONGEST_MARK = 160

/** Ends the unfinished JSON string at the end of `kept` at a whole character, and marks it. */
export function cutString(kept: Bytes, length: number, digest: Digest | undefined): void {
  while (((kept.byte(kept.size - 1) ?? 0) & 0xc0) === 0x80) kept.size--
  if ((kept.byte(kept.size - 1) ?? 0) >= 0xc0) kept.size--
  // `\u00e9` may be cut in two: go back to before an escape that starts in the last six bytes.
  for (let at = kept.size - 1; at >= kept.size - 6; at--) {
    if (kept.byte(at) !== 0x5c) continue
    while (kept.byte(at - 1) === 0x5c) at--
    kept.size = at
    break
  }
  const media = digest ? `, sha256 ${digest.sha256} over ${digest.bytes}` : ''
  const mark = Buffer.from(`…[cut from ${length} bytes${media}]`)
  kept.append(mark, 0, mark.length)
}

export interface Cut {
  /** Bytes of the string as it stood in the JSON. */
  readonly length: number
  /** Where it was base64. */
  readonly digest: Digest | undefined
}

/** What is known of a string that was cut; undefined for one that is whole. */
export function cutOf(text: string): Cut | undefined {
  const mark = MARK.exec(text.slice(-LONGEST_MARK))
  if (!mark) return undefined
  const [, length, sha256, bytes] = mark
  return { length: Number(length), digest: sha256 === undefined ? undefined : { sha256, bytes: Number(bytes) } }
}

// Marks a string that was too long to keep, with its length.
import type { Bytes } from './bytes'
import type { Digest } from './media-digest'

const MARK = /…\[cut from (\d+) bytes(?:, sha256 ([0-9a-f]{64}) over (\d+))?\]$/
const LONGEST_MARK = 160

/** Ends the unfinished JSON string at the end of `kept` after a whole character, and marks it as truncated. */
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

export interface CutString {
  /** Length of the string in bytes of the JSON. */
  readonly length: number
  /** Set if it was base64. */
  readonly digest: Digest | undefined
}

/** The properties of a truncated string; undefined for a complete one. */
export function cutOf(text: string): CutString | undefined {
  const mark = MARK.exec(text.slice(-LONGEST_MARK))
  if (!mark) return undefined
  const [, length, sha256, bytes] = mark
  return { length: Number(length), digest: sha256 === undefined ? undefined : { sha256, bytes: Number(bytes) } }
}

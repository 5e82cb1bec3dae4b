// How a string that was too long to keep says so, and how long it was. Called by the JSON reader, and by the content
// mapping, which reports the size of media that was never copied.
import type { Bytes } from './bytes'

const MARK = /…\[cut from (\d+) bytes\]$/

/** Ends the unfinished JSON string at the end of `kept` at a whole character, and marks it. */
export function cutString(kept: Bytes, length: number): void {
  while (((kept.byte(kept.size - 1) ?? 0) & 0xc0) === 0x80) kept.size--
  if ((kept.byte(kept.size - 1) ?? 0) >= 0xc0) kept.size--
  // `\u00e9` may be cut in two: go back to before an escape that starts in the last six bytes.
  for (let at = kept.size - 1; at >= kept.size - 6; at--) {
    if (kept.byte(at) !== 0x5c) continue
    while (kept.byte(at - 1) === 0x5c) at--
    kept.size = at
    break
  }
  const mark = Buffer.from(`…[cut from ${length} bytes]`)
  kept.append(mark, 0, mark.length)
}

/** The length that the string had before it was cut. */
export function fullLength(text: string): number {
  const mark = text.length > 40 ? MARK.exec(text.slice(-40)) : null
  return mark ? Number(mark[1]) : text.length
}

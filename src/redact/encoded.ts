/**
 * Words in base64 whose text holds a secret or personal data: `Ym9iQGV4YW1wbGUuY29t`. Nearly every long word is an id or a
 * hash, whose bytes are no text; only what decodes to printable ASCII is read by the detectors, and masked whole.
 */
import { codeAt } from './chars'
import type { Hits } from './scan'

/** Of a word: base64 of 15 bytes. What is shorter holds nothing that a detector knows. */
const SHORTEST = 20
const LONGEST = 8 * 1024

/** The value of a character of either alphabet, -1 for others. */
const SEXTETS = Int8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  const at = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(char)
  return at >= 0 ? at : char === '-' ? 62 : char === '_' ? 63 : -1
})

/** @param read finds what the detectors know in a text */
export function readEncoded(text: string, hits: Hits, read: (text: string) => Hits): void {
  // from one place to the next where a word of the length must have a character: most texts are left after a few looks
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    const code = text.charCodeAt(at)
    if (code > 127 || SEXTETS[code]! < 0) continue
    let start = at
    while (at - start < SHORTEST && isOf(text, start - 1)) start--
    let end = at + 1
    while (isOf(text, end)) end++
    if (end - start >= SHORTEST && end - start <= LONGEST) {
      const decoded = decode(text, start, end)
      const first = decoded === undefined ? undefined : read(decoded).list[0]
      if (first) hits.add(start, paddingEnd(text, end), first.tag)
    }
    at = Math.max(at, end - 1)
  }
}

function isOf(text: string, at: number): boolean {
  const code = codeAt(text, at)
  return code < 128 && SEXTETS[code]! >= 0
}

function paddingEnd(text: string, end: number): number {
  let behind = end
  while (behind < end + 2 && text.charCodeAt(behind) === 61) behind++
  return behind
}

/** The text of a word, `undefined` where its bytes are not printable ASCII. */
function decode(text: string, start: number, end: number): string | undefined {
  if ((end - start) % 4 === 1) return undefined
  let bits = 0
  let count = 0
  const codes: number[] = []
  for (let at = start; at < end; at++) {
    bits = ((bits << 6) | SEXTETS[text.charCodeAt(at)]!) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    const byte = (bits >> count) & 0xff
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return undefined
    codes.push(byte)
  }
  return String.fromCharCode(...codes)
}

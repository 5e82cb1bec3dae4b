/**
 * Words in base64 whose text holds a secret or personal data: `Ym9iQGV4YW1wbGUuY29t`. Nearly every long word is an id or a
 * hash, whose bytes are no text; only what decodes to printable ASCII is read by the detectors, and masked whole.
 */
import type { Hits } from './scanner'
import { spend } from './work'

/** Four characters of a word are decoded in a unit of work, here as bits. */
const DECODED = 2

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
  // A window as long as the shortest word is read from its end: behind a character that no word has, the next window
  // begins. So few characters of most texts are looked at, and a window without such a character begins a word.
  let start = 0
  while (start + SHORTEST <= text.length) {
    let at = start + SHORTEST - 1
    while (at >= start && isSextet(text.charCodeAt(at))) at--
    if (at >= start) {
      start = at + 1
      continue
    }
    const end = wordEnd(text, start + SHORTEST)
    const decoded = end - start <= LONGEST ? decode(text, start, end) : undefined
    const first = decoded === undefined ? undefined : read(decoded).list[0]
    if (first) hits.add(start, paddingEnd(text, end), first.tag)
    start = end + 1
  }
}

function isSextet(code: number): boolean {
  return code < 128 && SEXTETS[code]! >= 0
}

function wordEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && isSextet(text.charCodeAt(end))) end++
  return end
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
  let decoded = ''
  for (let at = start; at < end; at++) {
    bits = ((bits << 6) | SEXTETS[text.charCodeAt(at)]!) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    const byte = (bits >> count) & 0xff
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return undefined
    decoded += String.fromCharCode(byte)
  }
  spend((end - start) >> DECODED)
  return decoded
}

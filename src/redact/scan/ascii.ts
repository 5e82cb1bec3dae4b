/**
 * The characters of a text of ASCII as bytes: one copy by the engine costs a tenth of what it costs to ask a string for each
 * character, and says by itself that there is nothing else in the text.
 */

import { type Folded, fold } from './fold'

/** In Node and in browsers, and in no library of types that both have. */
declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}

declare const Buffer:
  | {
      from(text: string, encoding: 'utf16le'): { toString(encoding: 'utf16le'): string }
      from(bytes: ArrayBufferLike, start: number, length: number): { toString(encoding: 'latin1'): string }
    }
  | undefined

/** What is shorter is never a part of another string, and is read sooner as it is. */
const SHORTEST = 13
/** What is read of a text at most. */
const LONGEST = 257 * 1024
/** So many characters are looked at before all are copied: in other scripts than Latin, one of them says it. */
const SAMPLES = 16
const bytes = new Uint8Array(LONGEST)
const encoder = new TextEncoder()

let last: string | undefined
let isAscii = false

/** Undefined for a text with other characters, and for a short or a long one. There is one array, which is filled anew. */
export function asciiBytes(text: string): Uint8Array | undefined {
  const { length } = text
  if (length < SHORTEST || length > LONGEST) return undefined
  // a text is folded and then read: it is the same string as before
  if (text !== last) {
    last = text
    isAscii = isCopied(text, length)
  }
  return isAscii ? bytes : undefined
}

function isCopied(text: string, length: number): boolean {
  for (let sample = 0; sample < SAMPLES; sample++)
    if (text.charCodeAt(Math.floor((sample * length) / SAMPLES)) > 127) return false
  const { read, written } = encoder.encodeInto(text, bytes)
  return read === length && written === length
}

/** What a part of a text of ASCII that `fold` folds begins with: a search for each, of which most texts have none, costs little. */
const SIGNS = ['%', '&#', '\u001b', '\\u']

function hasSign(text: string): boolean {
  for (let i = 0; i < SIGNS.length; i++) if (text.includes(SIGNS[i]!)) return true
  return false
}

/**
 * As `fold`, with the text itself where nothing has to be folded, in both cases as a string of its own. Strings that a program has cut or
 * joined are of many kinds inside of V8, and from the fifth kind on each `length` and `charCodeAt` of a function is looked up
 * anew, which doubles the time of all detectors.
 */
export function foldFast(text: string): Folded {
  const isAscii = asciiBytes(text) !== undefined
  const folded = isAscii && !hasSign(text) ? undefined : fold(text)
  if (folded) return { text: ofItsOwn(folded.text, false), origin: folded.origin }
  return { text: ofItsOwn(text, isAscii), origin: same }
}

const same = (at: number) => at

function ofItsOwn(text: string, isAscii: boolean): string {
  if (text.length < SHORTEST || typeof Buffer === 'undefined') return text
  if (isAscii) return Buffer.from(bytes.buffer, 0, text.length).toString('latin1')
  return Buffer.from(text, 'utf16le').toString('utf16le')
}

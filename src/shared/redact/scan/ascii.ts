/**
 * A text as numbers, copied by the engine in one call: a character costs a third of what it costs to ask the string for it. That of a text
 * in ASCII are bytes, and say by themselves that there is nothing else in it; of others they are folded on the way.
 */

import { type Folded, fold, originOf } from './fold'
import { spend, work } from './work'

/** In Node and in browsers, and in no library of types that both have. */
declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}

interface NodeBuffer {
  write(text: string, encoding: 'utf16le'): number
  toString(encoding: 'latin1' | 'utf16le', start: number, end: number): string
}

declare const Buffer: { from(bytes: ArrayBufferLike): NodeBuffer } | undefined

/** What is shorter is never a part of another string, and is read sooner as it is. */
const SHORTEST = 13
/** What is read of a text at most. */
const LONGEST = 257 * 1024
/** So many characters are looked at before all are copied: in other scripts than Latin, one of them says it. */
const SAMPLES = 16
/** Characters that are looked at behind the end. */
const BEHIND = 4
const bytes = new Uint8Array(LONGEST + BEHIND)
const units = new Uint16Array(LONGEST + BEHIND)
const encoder = new TextEncoder()
const inBytes = typeof Buffer === 'undefined' ? undefined : Buffer.from(bytes.buffer)
/** Not where the machine has the high byte first, unlike the encoding. */
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
const inUnits = typeof Buffer !== 'undefined' && isLittleEndian ? Buffer.from(units.buffer) : undefined

let last: string | undefined
let isAscii = false
let lastInUnits: string | undefined

/** Undefined for a text with other characters, and for a short or a long one. There is one array, which is filled anew; behind the text are zeros. */
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
  if (read !== length || written !== length) return false
  bytes.fill(0, length, length + BEHIND)
  return true
}

/** The same of a text that `foldFast` has made last and that is not in ASCII. */
export function utf16Units(text: string): Uint16Array | undefined {
  return text === lastInUnits ? units : undefined
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
  const { length } = text
  if (length < SHORTEST || length > LONGEST || !inBytes || !inUnits) return fold(text) ?? { text, origin: same }
  if (asciiBytes(text)) {
    const folded = hasSign(text) ? fold(text) : undefined
    if (folded) return ofItsOwn(folded)
    last = inBytes.toString('latin1', 0, length)
    return { text: last, origin: same }
  }
  inUnits.write(text, 'utf16le')
  return foldUnits(length) ?? ofItsOwn(fold(text) ?? { text, origin: same })
}

const same = (at: number) => at

function ofItsOwn({ text, origin }: Folded): Folded {
  const { length } = text
  if (length < SHORTEST || length > LONGEST) return { text, origin }
  inUnits!.write(text, 'utf16le')
  return { text: unitsUpTo(length), origin }
}

function unitsUpTo(length: number): string {
  lastInUnits = inUnits!.toString('utf16le', 0, 2 * length)
  return lastInUnits
}

/** In `foldedOf`: the character goes, or it depends on the one behind it. Both are no characters of Unicode. */
const GONE = 0xffff
const DEPENDS = 0xfffe
/** What a character becomes that is folded alike wherever it stands; 0 for those that did not come yet. */
const foldedOf = new Uint16Array(0x10000)
for (const sign of '%&\\\u001b\u3002\uff61\ud835\ufffe\uffff') foldedOf[sign.charCodeAt(0)] = DEPENDS

/** Is charged where the character is folded, not here. */
function learn(code: number): number {
  const { spent } = work
  const char = String.fromCharCode(code)
  const folded = (fold(char) ?? { text: char }).text
  work.spent = spent
  foldedOf[code] = folded === '' ? GONE : folded.charCodeAt(0)
  return foldedOf[code]!
}

/** Undefined where the text may have parts of several characters that are folded. */
function foldUnits(length: number): Folded | undefined {
  const here = [0]
  const there = [0]
  let end = 0
  let count = 0
  for (let at = 0; at < length; at++) {
    const code = units[at]!
    let folded = foldedOf[code]!
    if (folded === code) {
      if (end < at) units[end] = code
      end++
      continue
    }
    if (folded === 0) folded = learn(code)
    if (folded === GONE) {
      here.push(end)
      there.push(at + 1)
      count++
      continue
    }
    if (folded === DEPENDS) {
      if (isSign(code, at + 1 < length ? units[at + 1]! : 0)) return undefined
      folded = code
    }
    if (folded !== code) count++
    units[end++] = folded
  }
  spend(count)
  return { text: unitsUpTo(end), origin: here.length > 1 ? at => originOf(at, here, there) : same }
}

/** Whether a part that is folded may begin here. */
function isSign(code: number, next: number): boolean {
  if (code === 92) return next === 117
  if (code === 38) return next === 35
  // between letters of ASCII
  if (code === 0x3002 || code === 0xff61) return (next | 32) >= 97 && (next | 32) <= 122
  return true
}

// The words of one sentence, as numbers in rows: no object for a word, since every word of every prompt is read.
import { BETWEEN_WORDS, hashOf, kindOf, LARGE, NUMERAL, OTHER_LETTER } from './letters'

/** What a word looks like. */
export const SMALL_WORD = 0
export const CAPITALIZED = 1
export const CAPITALS = 2
/** Capitals inside (`McKay`). */
export const MIXED = 3
/** One capital (`J.`). */
export const INITIAL = 4
/** With digits or of another script, or what was masked and is no name. */
export const OTHER_WORD = 5
/** A name that was masked, before or by us. */
export const NAME = 6

/** What stands between two words; the greatest of them counts. */
export const START = 0
export const SPACE = 1
export const LINE = 2
export const HYPHEN = 3
export const APOSTROPHE = 4
export const QUOTE = 5
export const COMMA = 6
export const COLON = 7
export const STOP = 8
/** What programs are made of: words beside it are no prose. */
export const CODE = 9

/** A sentence that has more is read as several. */
export const MOST_WORDS = 240

/** What was found by others, in order. */
export interface Taken {
  readonly start: number
  readonly end: number
  readonly tag: string
}

/** What stands between words, by character; others are code. */
const gaps = new Uint8Array(128).fill(CODE)
for (const [gap, chars] of [
  [SPACE, ' '],
  [LINE, '\n\r\t'],
  [HYPHEN, '-'],
  [APOSTROPHE, "'"],
  [QUOTE, '"()[]{}|#&*'],
  [COMMA, ','],
  [COLON, ':;'],
  [STOP, '.!?'],
] as const)
  for (const char of chars) gaps[char.charCodeAt(0)] = gap

function gapOf(code: number): number {
  if (code < 128) return gaps[code]!
  if (code === 0x2019) return APOSTROPHE
  if (code === 0xa0 || code === 0x3000) return SPACE
  return code === 0x3002 ? STOP : code === 0x3001 ? COMMA : QUOTE
}

const MASKED = /\[[A-Z][A-Z\d_]{1,30}(?::\*?[\dA-Za-z]{4,16})?\]/y

/** Where a mask that begins with the bracket at `at` ends; -1 when none does. */
function maskEnd(text: string, at: number): number {
  MASKED.lastIndex = at
  return MASKED.test(text) ? MASKED.lastIndex : -1
}

/** Of `taken`, the first that ends behind `at`. */
function firstBehind(taken: readonly Taken[], at: number): number {
  let low = 0
  let high = taken.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (taken[middle]!.end <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** One sentence after the other: each is read into the same rows. */
export class Sentence {
  count = 0
  /** behind the sentence */
  end = 0
  /** words that begin with a capital */
  capitals = 0
  readonly starts = new Int32Array(MOST_WORDS + 1)
  readonly ends = new Int32Array(MOST_WORDS + 1)
  readonly hashes = new Int32Array(MOST_WORDS + 1)
  readonly shapes = new Uint8Array(MOST_WORDS + 1)
  /** what stands before each word, and behind the last */
  readonly gaps = new Uint8Array(MOST_WORDS + 2)
  #text = ''
  #at = 0
  #gap = START
  #lines = 0

  /**
   * Reads the sentence that begins at `from`. It ends at a full stop before a capital, or at an empty line.
   * @param taken places that are masked
   */
  read(text: string, from: number, taken: readonly Taken[]): void {
    this.#text = text
    this.#at = from
    this.count = 0
    this.capitals = 0
    this.#gap = START
    this.#lines = 0
    let next = firstBehind(taken, from)
    while (this.#at < text.length && this.count < MOST_WORDS) {
      const mask = next < taken.length ? taken[next]! : undefined
      const isMask = mask !== undefined && this.#at >= mask.start
      if (isMask) next++
      const hasMore = isMask
        ? this.#readMask(mask.end, mask.tag === 'NAME')
        : this.#readNext(mask?.start ?? text.length)
      if (!hasMore) break
    }
    this.gaps[this.count] = this.#at >= text.length && this.#gap === START ? STOP : this.#gap
    this.end = this.#at
  }

  /** @returns whether the sentence goes on */
  #readNext(limit: number): boolean {
    const text = this.#text
    const code = text.charCodeAt(this.#at)
    const kind = kindOf(code)
    if (kind !== BETWEEN_WORDS) return this.#readWord(kind, limit)
    const end = code === 91 ? maskEnd(text, this.#at) : -1
    if (end > 0) return this.#readMask(end, text.startsWith('[NAME', this.#at))
    this.#readGap(code)
    return true
  }

  #readMask(end: number, isName: boolean): boolean {
    if (this.count > 0 && (this.#lines > 1 || (this.#gap === STOP && this.#isEnd()))) return false
    this.#add(Math.max(this.#at, end), 0, isName ? NAME : OTHER_WORD)
    return true
  }

  #readGap(code: number): void {
    const text = this.#text
    let gap = gapOf(code)
    const next = this.#at + 1 < text.length ? text.charCodeAt(this.#at + 1) : 0
    // in JSON a line break is two characters, and so is a quote inside of a text
    if (code === 92 && (next === 110 || next === 114 || next === 116)) {
      gap = LINE
      this.#at++
      if (next === 110) this.#lines++
    } else if (code === 92 && (next === 34 || next === 92)) gap = QUOTE
    else if (code === 10) this.#lines++
    // inside of what is no sentence: `foo.bar`, `a:b`
    else if ((gap === STOP || gap === COLON) && this.#gap === START && kindOf(next) !== BETWEEN_WORDS) gap = CODE
    if (gap > this.#gap) this.#gap = gap
    this.#at++
  }

  #readWord(first: number, limit: number): boolean {
    if (this.count > 0) {
      if (this.#lines > 1) return false
      if (this.#gap === STOP && first === LARGE && this.#isEnd()) return false
    }
    const text = this.#text
    const start = this.#at
    let end = start
    let large = 0
    let others = 0
    for (let kind = first; kind !== BETWEEN_WORDS; ) {
      if (kind === LARGE) large++
      else if (kind === NUMERAL || kind === OTHER_LETTER) others++
      end++
      if (end >= limit) break
      kind = kindOf(text.charCodeAt(end))
    }
    const shape = others > 0 ? OTHER_WORD : shapeOf(first === LARGE, large, end - start)
    if (isCapital(shape)) this.capitals++
    this.#add(end, hashOf(text, start, end), shape)
    return true
  }

  #add(end: number, hash: number, shape: number): void {
    const at = this.count++
    this.starts[at] = this.#at
    this.ends[at] = end
    this.hashes[at] = hash
    this.shapes[at] = shape
    this.gaps[at] = at === 0 && this.#gap !== CODE ? START : this.#gap
    this.#at = end
    this.#gap = START
    this.#lines = 0
  }

  /** The full stop before word `i` became a part of the name before it, which ends at `from` now. */
  shortenGap(i: number, from: number): void {
    let gap = START
    const to = i < this.count ? this.starts[i]! : this.end
    for (let at = from; at < to; at++) {
      const code = this.#text.charCodeAt(at)
      const isEscape = code === 92
      if (isEscape) at++
      gap = Math.max(gap, isEscape ? LINE : gapOf(code))
    }
    this.gaps[i] = gap
  }

  /** True for what stands before names, with a full stop. */
  isTitle(text: string, i: number): boolean {
    return this.shapes[i] === CAPITALIZED && TITLES.has(text.slice(this.starts[i], this.ends[i]))
  }

  /** No full stop of `J.` or `Dr.` is the end. */
  #isEnd(): boolean {
    const last = this.count - 1
    return this.shapes[last] !== INITIAL && !this.isTitle(this.#text, last)
  }
}

const TITLES = new Set('Dr Mr Mrs Ms Prof Sr Sra Srta Hr Fr St Mme Mlle Dott Sig Gen Capt Lt Col Rev Hon Jr'.split(' '))

/** True for a shape that begins with a capital. */
export function isCapital(shape: number): boolean {
  return shape >= CAPITALIZED && shape <= INITIAL
}

function shapeOf(isCapital: boolean, large: number, letters: number): number {
  if (!isCapital) return large > 0 ? OTHER_WORD : SMALL_WORD
  if (letters === 1) return INITIAL
  if (large === letters) return CAPITALS
  return large > 1 ? MIXED : CAPITALIZED
}

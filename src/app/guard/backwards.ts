// Goes through JSON from its end to its start. A client made it, so each quote begins or ends a string unless an odd number of
// backslashes stands before it, whichever way one goes. What is no JSON yields nonsense, and no more work.
import { createHash } from 'node:crypto'
import { SMALL } from '../llm/wire/json-reader'

/** Characters at the end of a text that are read. */
const LAST = 8_388_608
/** Characters that are looked at in one go. */
const PIECE = 65_536
/** Strings of more characters are left out of a value. */
const LONG = 2_048
/** What is kept of them, which says what kind of text it is. */
const HEAD = 256
/** Up to here looking takes less time than a search. */
const SHORT = 48

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]

export class Backwards {
  /** Where the text ends that is not passed yet. */
  at: number
  readonly #text: string
  readonly #bytes: Buffer | undefined
  /** Where the last piece of the work ended. */
  #looked: number
  /** Long strings of the value that was passed, without their quotes, the last one first. */
  #long: { readonly from: number; readonly to: number }[] = []

  constructor(body: string | Uint8Array) {
    if (typeof body === 'string') this.#text = body.slice(-LAST)
    else {
      const last = body.subarray(-LAST)
      this.#bytes = Buffer.from(last.buffer, last.byteOffset, last.byteLength)
      // a character a byte: all that is looked at is ASCII
      this.#text = this.#bytes.toString('latin1')
    }
    this.at = this.#looked = this.#text.length
  }

  /** Whether this character comes next, which is passed then. */
  passes(character: number): boolean {
    while (this.#text.charCodeAt(this.at - 1) <= 0x20) this.at--
    if (this.#text.charCodeAt(this.at - 1) !== character) return false
    this.at--
    return true
  }

  /** Passes a value. @returns whether there was one */
  *value(): Generator<undefined, boolean> {
    this.#long = []
    let depth = 0
    do {
      if (this.passes(QUOTE)) {
        if (!this.#shortString() && !(yield* this.#string())) return false
      } else {
        const code = this.#text.charCodeAt(this.at - 1)
        if (Number.isNaN(code)) return false
        const bracket = code | 0x20 // [ and { differ by this bit alone, and so do ] and }
        if (bracket === 0x7d) {
          depth++
          this.at--
        } else if (bracket === 0x7b) {
          depth--
          this.at--
        } else if (code === COMMA || code === COLON) {
          if (depth === 0) return false
          this.at--
        } else this.#word()
      }
      if (this.#isDue(this.at)) yield
    } while (depth > 0)
    return depth === 0
  }

  /**
   * The value that was just passed, as JSON, with the beginning and a digest in the place of long strings; of more than 64 KiB, nothing.
   * @param to where it ends
   */
  *shortened(to: number): Generator<undefined, string> {
    const long = this.#long.reverse()
    const left = long.reduce((length, one) => length - (one.to - one.from) + HEAD, to - this.at)
    if (left > SMALL) return ''
    let [text, at] = ['', this.at]
    for (const string of long) {
      text += this.#slice(at, string.from) + (yield* this.#marked(string.from, string.to))
      at = string.to
    }
    return text + this.#slice(at, to)
  }

  /** Of a string whose closing quote was passed. @returns whether it was passed, too */
  #shortString(): boolean {
    const text = this.#text
    const least = Math.max(0, this.at - SHORT)
    for (let at = this.at - 1; at >= least; at--) {
      if (text.charCodeAt(at) !== QUOTE) continue
      if (text.charCodeAt(at - 1) === BACKSLASH) return false
      this.at = at
      return true
    }
    return false
  }

  *#string(): Generator<undefined, boolean> {
    const text = this.#text
    const to = this.at
    let at = to
    for (;;) {
      const from = Math.max(0, at - PIECE)
      const found = text.slice(from, at).lastIndexOf('"')
      if (found < 0 && from === 0) return false
      at = from + Math.max(0, found)
      let run = at
      while (found >= 0 && text.charCodeAt(run - 1) === BACKSLASH) run--
      if (found >= 0 && (at - run) % 2 === 0) break
      at = run
      if (this.#isDue(at)) yield
    }
    if (to - at - 1 > LONG) this.#long.push({ from: at + 1, to })
    this.at = at
    return true
  }

  /** A number, or true, false or null. */
  #word(): void {
    const text = this.#text
    do this.at--
    while (isOfWord(text.charCodeAt(this.at - 1)))
  }

  /** Whether a piece was looked at since the last time. */
  #isDue(at: number): boolean {
    if (this.#looked - at < PIECE) return false
    this.#looked = at
    return true
  }

  /** As a string that was cut is marked (llm/wire/cut-string.ts), with a digest of all of it as it stands there. */
  *#marked(from: number, to: number): Generator<undefined, string> {
    const hash = createHash('sha256')
    for (let at = from; at < to; at += PIECE) {
      const end = Math.min(to, at + PIECE)
      if (this.#bytes) hash.update(this.#bytes.subarray(at, end))
      else hash.update(this.#text.slice(at, end), 'utf16le')
      yield
    }
    const head = this.#slice(from, from + HEAD)
    const escaped = head.indexOf('\\')
    const length = to - from
    return `${escaped < 0 ? head : head.slice(0, escaped)}…[cut from ${length} bytes, sha256 ${hash.digest('hex')} over ${length}]`
  }

  #slice(from: number, to: number): string {
    return this.#bytes ? this.#bytes.toString('utf8', from, to) : this.#text.slice(from, to)
  }
}

const isOfWord = (code: number): boolean =>
  code > 0x20 && code !== QUOTE && code !== COMMA && code !== COLON && (code | 0x20) !== 0x7b && (code | 0x20) !== 0x7d

/**
 * What stands around a run of digits, looked at once for all detectors that have digits as anchors: nearly every number is
 * short and plain, and each of six detectors would say so after reading it again.
 */
import { codeAt, DIGIT, is } from './chars'

/** Of the run that begins at the anchor. What is not given may be anything; the sets are as in `Anchor`. */
export interface RunShape {
  /** fewest and most digits */
  readonly least?: number
  readonly most?: number
  /** the character two before the run */
  readonly twoBefore?: string
  /** the one right behind it, and the two behind that */
  readonly next?: string
  readonly second?: string
  readonly third?: string
  /** not right behind another number and a space */
  readonly beginsRow?: true
}

/** In what was seen, for the detectors for which nothing is looked at. */
export const ALWAYS = 1 << 31

/** Runs of more digits are all alike. */
const LONGEST = 15
/** A shape is a bit of a number; the last is `ALWAYS`. */
const MOST_SHAPES = 31

export class RunShapes {
  /** by the number of digits or by a character: the shapes that it is none against */
  readonly #sizes = new Int32Array(LONGEST + 1)
  readonly #twoBefore = new Int32Array(128)
  readonly #next = new Int32Array(128)
  readonly #second = new Int32Array(128)
  readonly #third = new Int32Array(128)
  readonly #known: RunShape[] = []
  /** those of a run behind another number and a space */
  #inRow = 0

  /** The bit of a shape. */
  bitOf(shape: RunShape): number {
    const known = this.#known.indexOf(shape)
    if (known >= 0) return 1 << known
    const bit = 1 << (this.#known.push(shape) - 1)
    if (this.#known.length > MOST_SHAPES) throw new Error('redaction: too many shapes of runs')
    const { least = 1, most = LONGEST, twoBefore, next, second, third, beginsRow } = shape
    if (!beginsRow) this.#inRow |= bit
    for (let size = least; size <= most; size++) this.#sizes[size]! |= bit
    allow(this.#twoBefore, twoBefore, bit)
    allow(this.#next, next, bit)
    allow(this.#second, second, bit)
    allow(this.#third, third, bit)
    return bit
  }

  /**
   * The shapes that the run [at, end) has, as bits.
   * @param bytes the text as `asciiBytes` has it
   */
  of(text: string, bytes: Uint8Array | undefined, at: number, end: number): number {
    if (bytes && at > 1)
      return this.#of(end - at, bytes[at - 2]!, bytes[at - 1]!, bytes[end]!, bytes[end + 1]!, bytes[end + 2]!)
    const next = codeAt(text, end)
    return this.#of(
      end - at,
      codeAt(text, at - 2),
      codeAt(text, at - 1),
      next,
      codeAt(text, end + 1),
      codeAt(text, end + 2),
    )
  }

  #of(digits: number, twoBefore: number, before: number, next: number, second: number, third: number): number {
    const shapes =
      this.#sizes[Math.min(digits, LONGEST)]! &
      this.#next[Math.min(next, 127)]! &
      this.#second[Math.min(second, 127)]! &
      this.#third[Math.min(third, 127)]! &
      this.#twoBefore[Math.min(twoBefore, 127)]!
    const isInRow = before === 32 && is(twoBefore, DIGIT)
    return (isInRow ? shapes & this.#inRow : shapes) | ALWAYS
  }
}

function allow(table: Int32Array, chars: string | undefined, bit: number): void {
  if (chars === undefined) for (let code = 0; code < 128; code++) table[code]! |= bit
  else for (let i = 0; i < chars.length; i++) table[Math.min(chars.charCodeAt(i), 127)]! |= bit
}

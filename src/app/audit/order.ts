/**
 * Follows one chain line by line and reports deviations. Genuine lines cannot be forged without the key, so their numbers are reliable;
 * findings are derived from the numbers of adjacent genuine lines.
 */
import type { Line } from './entry'

/**
 * - `edited`: a line that is not genuine replaces an original one
 * - `inserted`: a line that is not genuine is between two consecutive ones
 * - `repeated`: a genuine line occurs again
 * - `deleted`: lines are missing between two others or at the beginning
 * - `reordered`: a genuine line is not in its place
 * - `truncated`: lines are missing at the end that a checkpoint or a later chain knows of
 * - `torn`: the last line is incomplete, and no repair was recorded
 * - `rewritten`: lines are genuine but differ from those that a checkpoint or a later chain knows, so their author has the key ring
 * - `unverifiable`: the line's key is not in the key ring
 * - `checkpoint`: a checkpoint is not genuine
 */
export type FindingKind =
  | 'edited'
  | 'inserted'
  | 'repeated'
  | 'deleted'
  | 'reordered'
  | 'truncated'
  | 'torn'
  | 'rewritten'
  | 'unverifiable'
  | 'checkpoint'

export interface Finding {
  readonly kind: FindingKind
  readonly chain: string
  /** The line's number, or the first of several; for `inserted`, the number of the following line. */
  readonly seq: number
  /** The last of several. */
  readonly to?: number
  /** Where it was found: `audit-….log:17`. */
  readonly at?: string
}

/** A chain's codes by line number, according to checkpoints and other chains. */
export type Marks = ReadonlyMap<number, string>

type LinePosition = Pick<Line, 'seq' | 'mac' | 'prev'> & { readonly at: string }
/** A line that is not genuine. */
interface Stranger {
  readonly at: string
  readonly seq: number | undefined
  readonly kind: 'edited' | 'unverifiable'
}

export class Order {
  readonly findings: Finding[] = []
  /** The first genuine line. */
  first: LinePosition | undefined
  /** The next number, and the code of the previous line. */
  #next = 0
  #prev: string | undefined
  #strangers: Stranger[] = []
  /** A genuine line whose number is too high: the following line shows whether lines are missing before it, or it is out of place. */
  #jump: LinePosition | undefined
  readonly #ahead = new Map<number, LinePosition>()
  readonly #missing = new Set<number>()

  constructor(
    private readonly chain: string,
    private readonly marks: Marks,
  ) {}

  /** The expected number of lines up to the last genuine one. */
  get length(): number {
    return this.#next
  }

  genuine(line: LinePosition): void {
    if (this.#jump === undefined && line.seq === this.#next && this.#strangers.length === 0) return this.#accept(line)
    if (this.#jump) {
      if (line.seq >= this.#jump.seq) this.#skipTo(this.#jump)
      else {
        this.#find('reordered', this.#jump.seq, this.#jump.at)
        this.#ahead.set(this.#jump.seq, this.#jump)
      }
      this.#jump = undefined
    }
    if (line.seq === this.#next) {
      for (const { at } of this.#strangers) this.#find('inserted', this.#next, at)
      this.#strangers = []
      this.#accept(line)
    } else if (line.seq > this.#next) this.#jump = line
    else this.#find(this.#missing.delete(line.seq) ? 'reordered' : 'repeated', line.seq, line.at)
  }

  /** @param seq the number that the line claims */
  stranger(at: string, seq: number | undefined, kind: Stranger['kind'] = 'edited'): void {
    this.#strangers.push({ at, seq, kind })
  }

  /** @param torn position if the file ends within a line */
  end(torn: string | undefined): void {
    if (this.#jump) this.#skipTo(this.#jump)
    this.#jump = undefined
    const known = lastOf(this.marks)
    for (const { at, seq, kind } of this.#strangers) {
      // occupies the place of the next line
      if (this.#next <= known || seq === this.#next) this.#find(kind, this.#next++, at)
      else this.#find('inserted', this.#next, at)
    }
    if (torn) this.#find('torn', this.#next, torn)
    if (known >= this.#next) this.findings.push({ kind: 'truncated', chain: this.chain, seq: this.#next, to: known })
    for (const [seq, to] of ranges([...this.#missing].sort((a, b) => a - b)))
      this.findings.push({ kind: 'deleted', chain: this.chain, seq, ...(to > seq && { to }) })
  }

  #accept(line: LinePosition): void {
    this.first ??= line
    if (this.#prev !== undefined && line.prev !== this.#prev) this.#find('rewritten', line.seq, line.at)
    this.#take(line)
    for (let early = this.#ahead.get(this.#next); early; early = this.#ahead.get(this.#next)) this.#take(early)
  }

  #take({ seq, mac, at }: LinePosition): void {
    const mark = this.marks.get(seq)
    if (mark !== undefined && mark !== mac) this.#find('rewritten', seq, at)
    this.#next = seq + 1
    this.#prev = mac
  }

  /** Lines are missing before `line`; lines that are not genuine count as their replacements. */
  #skipTo(line: LinePosition): void {
    if (this.first === undefined && this.#strangers.length === 0) this.#next = line.seq
    for (let seq = this.#next; seq < line.seq; seq++) {
      if (this.#ahead.has(seq)) continue
      const stranger = this.#strangers.shift()
      if (stranger) this.#find(stranger.kind, seq, stranger.at)
      else this.#missing.add(seq)
    }
    for (const { at } of this.#strangers) this.#find('inserted', line.seq, at)
    this.#strangers = []
    this.#prev = undefined
    this.#accept(line)
  }

  #find(kind: FindingKind, seq: number, at: string): void {
    this.findings.push({ kind, chain: this.chain, seq, at })
  }
}

/** The number of the last known line; -1 if none is known. */
export function lastOf(marks: Marks): number {
  let last = -1
  for (const seq of marks.keys()) if (seq > last) last = seq
  return last
}

/** Converts `[2, 3, 4, 7]` to `[[2, 4], [7, 7]]`. */
function ranges(numbers: readonly number[]): [number, number][] {
  const found: [number, number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found
}

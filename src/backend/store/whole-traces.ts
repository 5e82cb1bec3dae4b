// Traces that arrive complete in one commit: their spans are written with their nested sets, so nothing has to be written again.
// finalize.ts handles traces that arrive in several commits.
import type { DeferredColumns } from './batch'
import { DedupCache } from './dedup-cache'
import { type AddedSpan, sumsOf, type TraceSums } from './trace-sums'
import { type NestedSet, nestedSets, SpanIds } from './tree'
import type { Fixed, Struct } from './vectors'

/** Number of traces that are remembered as having spans. */
const KNOWN = 2 ** 17

/** Ids are 16 bytes as latin1. */
export interface StoredTraces {
  readonly all: ReadonlySet<string>
  /** Traces that had spans before, or have spans that no root leads to: more spans may arrive. */
  readonly parts: ReadonlySet<string>
  /** The sequence number of the newest span; undefined if there is none. */
  readonly newest: number | undefined
}

export interface AddedTraces extends StoredTraces {
  /** Sums of each of these traces. */
  readonly sums: ReadonlyMap<string, TraceSums>
}

/** Holds the spans that wait for the next commit, in the order of their rows. */
export class WholeTraces implements DeferredColumns {
  readonly columns = ['nleft', 'nright', 'nparent', 'nchildren']
  readonly #known = new DedupCache(KNOWN)
  readonly #spans: AddedSpan[] = []
  readonly #traces: string[] = []
  #places: (NestedSet | undefined)[] = []

  /** @param known traces that already have spans: the 16 bytes of each id as latin1 */
  constructor(known: Iterable<string>) {
    for (const trace of known) this.#isNew(trace)
  }

  /** Adds the span of a row that is complete. */
  add(trace: string, span: AddedSpan): void {
    this.#traces.push(trace)
    this.#spans.push(span)
  }

  savepoint(): number {
    return this.#spans.length
  }

  rollbackTo(mark: number): void {
    this.#spans.length = this.#traces.length = mark
  }

  /** Ends the batch. */
  close(): AddedTraces {
    const rows = new Map<string, number[]>()
    let list: number[] = []
    for (let row = 0; row < this.#traces.length; row++) {
      const trace = this.#traces[row]!
      // spans of a trace usually arrive together
      if (row === 0 || trace !== this.#traces[row - 1]) {
        list = rows.get(trace) ?? []
        if (list.length === 0) rows.set(trace, list)
      }
      list.push(row)
    }
    this.#places = new Array(this.#spans.length)
    const parts = new Set<string>()
    const sums = new Map<string, TraceSums>()
    for (const [trace, list] of rows) {
      const spans = list.map(row => this.#spans[row]!)
      if (!this.#isNew(trace) || !this.#place(list, spans)) parts.add(trace)
      sums.set(trace, sumsOf(spans))
    }
    const last = this.#spans.at(-1)?.seq
    this.rollbackTo(0)
    return { all: new Set(rows.keys()), parts, sums, newest: last && last.high * 2 ** 32 + (last.low >>> 0) }
  }

  #place(rows: readonly number[], spans: readonly AddedSpan[]): boolean {
    // Spans with the same id may be duplicates, which the finalizer removes.
    const ids = new SpanIds(spans)
    if (ids.areTwice) return false
    const places = nestedSets(spans, ids)
    if (!places.every(({ left }) => left > 0)) return false
    for (let at = 0; at < rows.length; at++) this.#places[rows[at]!] = places[at]
    return true
  }

  /** Leaves NULL for spans of incomplete traces. */
  put(columns: Struct, first: number, count: number): void {
    const [left, right, parent, children] = this.columns.map(name => columns.fixed(name)) as [
      Fixed,
      Fixed,
      Fixed,
      Fixed,
    ]
    for (let row = 0; row < count; row++) {
      const place = this.#places[first + row]
      if (!place) continue
      left.set1(row, place.left)
      right.set1(row, place.right)
      parent.set1(row, place.parent)
      children.set1(row, place.children)
    }
  }

  #isNew(trace: string): boolean {
    const word = (at: number): number =>
      (trace.charCodeAt(at) |
        (trace.charCodeAt(at + 1) << 8) |
        (trace.charCodeAt(at + 2) << 16) |
        (trace.charCodeAt(at + 3) << 24)) >>>
      0
    // Trace ids of 64 bits have them at the end.
    return this.#known.add(word(8), word(12) || 1, (Math.imul(word(0), 31) ^ word(4)) >>> 0)
  }
}

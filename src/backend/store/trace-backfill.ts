// Fills the table of traces in the background, one segment of spans at a time, for a file of an earlier version or after the table was
// emptied. In the meantime, the view `traces` reads the spans.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from './duckdb'
import { insertParts, viewsOfParts, viewsOfSpans } from './trace-parts'

/** Number of spans per segment. */
const SEGMENT = 100_000

/** Sequence numbers of spans that are not in the table yet: from `next` to below `until`. */
interface Untraced {
  readonly next: bigint
  readonly until: bigint
}

/**
 * Traces with several rows that each count as complete: a segment ended within the trace, or its spans arrived so far apart that the cache
 * had forgotten it.
 */
const split = 'SELECT trace_id FROM trace_parts GROUP BY trace_id HAVING count(*) > 1'
/** Marks these rows as parts, which the view sums. */
export const joinSplit = `UPDATE trace_parts SET is_part = true WHERE NOT is_part AND trace_id IN (${split})`

export class TraceBackfill {
  /** Used by nothing else in the meantime. */
  readonly #connection: DuckDBConnection
  #untraced: Untraced | undefined

  constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  /** Reads the progress, after the file was opened or the table was emptied. */
  async open(): Promise<void> {
    const reader = await this.#connection.runAndReadAll('SELECT next, until FROM untraced WHERE next < until')
    const [row] = reader.getRowObjects()
    this.#untraced = row as Untraced | undefined
    for (const view of row ? viewsOfSpans : viewsOfParts) await this.#connection.run(view)
  }

  /** A condition on `spans s` for spans that the table includes. Undefined: all are. */
  get traced(): string | undefined {
    return this.#untraced && `(s.seq < ${this.#untraced.next} OR s.seq >= ${this.#untraced.until})`
  }

  /** Adds the next segment, if there is one. @returns whether more remain */
  async next(): Promise<boolean> {
    if (!this.#untraced) return false
    const { next, until } = this.#untraced
    const end = next + BigInt(SEGMENT) < until ? next + BigInt(SEGMENT) : until
    const isLast = end === until
    await inTransaction(this.#connection, [
      insertParts(`s.seq >= ${next} AND s.seq < ${end}`),
      `UPDATE untraced SET next = ${end}`,
      ...(isLast ? [joinSplit, ...viewsOfParts] : []),
    ])
    this.#untraced = isLast ? undefined : { next: end, until }
    return !isLast
  }
}

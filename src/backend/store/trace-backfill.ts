// Adds up the traces of a file that an earlier version has written, or whose table of traces was forgotten, a segment of spans at a time behind
// the writer. Until it is done, `traces` is read from the spans.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from './duckdb'
import { insertParts, viewsOfParts, viewsOfSpans } from './trace-parts'

/** Spans of a segment. */
const SEGMENT = 100_000

/** Numbers of spans that have no rows yet: from `next` on, to before `until`. */
interface Untraced {
  readonly next: bigint
  readonly until: bigint
}

/** Traces of several rows, of which each was taken for all of the trace: segments cut them, or their parts came so far apart that they were not known any more. */
const split = 'SELECT trace_id FROM trace_parts GROUP BY trace_id HAVING count(*) > 1'
/** From now on their rows are added up. */
export const joinSplit = `UPDATE trace_parts SET is_part = true WHERE NOT is_part AND trace_id IN (${split})`

export class TraceBackfill {
  /** That nobody else uses meanwhile. */
  readonly #connection: DuckDBConnection
  #untraced: Untraced | undefined

  constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  /** Reads how far it has come: when the file is opened, and when the table was emptied. */
  async open(): Promise<void> {
    const reader = await this.#connection.runAndReadAll('SELECT next, until FROM untraced WHERE next < until')
    const [row] = reader.getRowObjects()
    this.#untraced = row as Untraced | undefined
    for (const view of row ? viewsOfSpans : viewsOfParts) await this.#connection.run(view)
  }

  /** A condition on `spans s`: the span has its share in a row. Undefined: all have. */
  get traced(): string | undefined {
    return this.#untraced && `(s.seq < ${this.#untraced.next} OR s.seq >= ${this.#untraced.until})`
  }

  /** Adds up the next segment, if there is one. @returns whether there are more */
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

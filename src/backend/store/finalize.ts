// Finalizes traces after they were stored, once they get no new spans or a query needs them: computes the nested sets, deletes spans that
// were stored twice, and merges the rows of each trace in the table of traces.
import type { DuckDBConnection } from '@duckdb/node-api'
import { type DuckDB, inTransaction } from './duckdb'
import { Stage } from './staging-table'
import type { TraceBackfill } from './trace-backfill'
import { insertParts } from './trace-parts'
import { traceIdFrom } from './traces'
import { halvesOf, nestedSets, type TreeSpan } from './tree'

/** Maximum number of traces per pass; a pass scans the trace ids of all spans since the first of these traces. */
const MOST = 20_000

const unfinished = { n: 'INTEGER', trace_id: 'UHUGEINT' } as const
const places = {
  seq: 'BIGINT',
  nleft: 'INTEGER',
  nright: 'INTEGER',
  nparent: 'INTEGER',
  nchildren: 'INTEGER',
} as const
const twice = { seq: 'BIGINT' } as const

interface Stages {
  readonly unfinished: Stage<keyof typeof unfinished>
  readonly places: Stage<keyof typeof places>
  readonly twice: Stage<keyof typeof twice>
}

interface StoredSpan extends TreeSpan {
  readonly seq: bigint
  /** Its stored nested set: left, right, parent, children; NULL for a new span. */
  readonly was: readonly (number | null)[]
}

export class TraceFinalizer {
  readonly #connection: DuckDBConnection
  readonly #stages: Stages
  readonly #backfill: TraceBackfill

  private constructor(connection: DuckDBConnection, stages: Stages, backfill: TraceBackfill) {
    this.#connection = connection
    this.#stages = stages
    this.#backfill = backfill
  }

  /** @param connection used by nothing else */
  static async on(duckdb: DuckDB, connection: DuckDBConnection, backfill: TraceBackfill): Promise<TraceFinalizer> {
    const stages = {
      unfinished: await Stage.on(duckdb, connection, 'unfinished', unfinished),
      places: await Stage.on(duckdb, connection, 'places', places),
      twice: await Stage.on(duckdb, connection, 'twice', twice),
    }
    return new TraceFinalizer(connection, stages, backfill)
  }

  /** @param traces the 16 bytes of each id as latin1 */
  async finalize(traces: readonly string[]): Promise<void> {
    for (let at = 0; at < traces.length; at += MOST) await this.#pass(traces.slice(at, at + MOST))
  }

  async #pass(traces: readonly string[]): Promise<void> {
    const { places, twice } = this.#stages
    const again: bigint[] = []
    await this.#stages.unfinished.fill(traces.map((trace, n) => ({ n, trace_id: traceIdFrom(trace) })))
    const since = await this.#firstSpan()
    const found = Array.from((await this.#spansSince(since)).values(), spans => distinct(spans, again))
    const { traced } = this.#backfill
    const ofTraces = `s.seq >= ${since} AND s.trace_id IN (SELECT trace_id FROM unfinished)`
    await places.fill(found.flatMap(placed))
    await twice.fill(again.map(seq => ({ seq })))
    await inTransaction(this.#connection, [
      `UPDATE spans SET nleft = p.nleft, nright = p.nright, nparent = p.nparent, nchildren = p.nchildren
        FROM places p WHERE spans.seq = p.seq`,
      ...(again.length > 0 ? ['DELETE FROM spans WHERE seq IN (SELECT seq FROM twice)'] : []),
      'DELETE FROM trace_parts WHERE trace_id IN (SELECT trace_id FROM unfinished)',
      insertParts(traced ? `${ofTraces} AND ${traced}` : ofTraces),
    ])
  }

  /** The lowest sequence number among the spans of these traces. */
  async #firstSpan(): Promise<bigint> {
    if (this.#backfill.traced) return 0n
    const reader = await this.#connection.runAndReadAll(
      'SELECT coalesce(min(first_seq), 0) FROM trace_parts SEMI JOIN unfinished USING (trace_id)',
    )
    return reader.getRows()[0]![0] as bigint
  }

  /** By trace, in order of arrival. */
  async #spansSince(first: bigint): Promise<Map<number, StoredSpan[]>> {
    const reader = await this.#connection.runAndReadAll(`
      SELECT u.n, s.seq, s.span_id, s.parent_id, s.kind, s.nleft, s.nright, s.nparent, s.nchildren
      FROM spans s JOIN unfinished u ON s.trace_id = u.trace_id WHERE s.seq >= ${first} ORDER BY s.seq`)
    const byTrace = new Map<number, StoredSpan[]>()
    type FoundRow = [number, bigint, bigint, bigint, number, ...(number | null)[]]
    for (const [n, seq, spanId, parentId, kind, ...was] of reader.getRows() as FoundRow[]) {
      const span = { seq, id: halvesOf(spanId), parent: halvesOf(parentId), kind, was }
      const spans = byTrace.get(n)
      if (spans) spans.push(span)
      else byTrace.set(n, [span])
    }
    return byTrace
  }

  close(): void {
    for (const stage of Object.values(this.#stages)) stage.close()
  }
}

/** @param again receives the sequence numbers of duplicates that the cache had forgotten */
function distinct(spans: readonly StoredSpan[], again: bigint[]): StoredSpan[] {
  const first = new Map<string, StoredSpan>()
  for (const span of spans) {
    const identity = `${span.id.low} ${span.id.high} ${span.kind}`
    if (first.has(identity)) again.push(span.seq)
    else first.set(identity, span)
  }
  return [...first.values()]
}

/** Only spans whose nested set has changed: an update writes them to the file again. */
const placed = (spans: readonly StoredSpan[]) =>
  nestedSets(spans).flatMap(({ left, right, parent, children }, index) => {
    const { seq, was } = spans[index]!
    if ([left, right, parent, children].every((value, at) => value === was[at])) return []
    return [{ seq, nleft: left, nright: right, nparent: parent, nchildren: children }]
  })

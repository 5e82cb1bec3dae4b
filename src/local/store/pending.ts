// What has been decoded and waits for the next commit: rows of all tables.
import type { DuckDBConnection } from '@duckdb/node-api'
import { fromProtobuf } from '../../otlp/from-protobuf'
import { messages } from '../../otlp/messages'
import type { Document } from '../../otlp/schema'
import { toProtobuf } from '../../otlp/to-protobuf'
import { type Policies, tierFlagAttributes } from '../../tiers'
import type { Signal } from '../otlp-answer'
import { type AttributeKey, AttributeReader } from './attributes'
import { Batch } from './batch'
import { DedupCache } from './dedup-cache'
import { Dictionary } from './dictionary'
import type { DuckDB } from './duckdb'
import { Heap } from './heap'
import { Keys } from './keys'
import { putLogs } from './logs'
import { putPoints } from './points'
import { Records } from './records'
import { promoted, type Table, tables } from './schema'
import { SpanRow } from './span-row'
import { type Count, SpanReader } from './spans'
import { addedUp } from './trace-sums'
import { traceIdFrom } from './traces'
import type { Referred } from './unused'
import { putValue } from './values'
import { type StoredTraces, WholeTraces } from './whole-traces'

/** OTLP in protobuf, or in the shape of OTLP JSON. */
export type OtlpRequest = Buffer | Document

/** The next free number of each table. */
export type Numbers = Readonly<Record<Table, number>>

/** Rows of OTLP, and those that add them up. */
type Written = Table | 'trace_parts'

/** Spans that are known when they come again. */
const RECENT = 2 ** 18

export interface PendingOptions {
  readonly numbers: Numbers
  /** Traces that have spans: the 16 bytes of each id as latin1. */
  readonly traces: Iterable<string>
  readonly policies: Policies
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export class Pending {
  readonly #heap: Heap
  readonly #batches: ReadonlyMap<Written, Batch>
  readonly #dictionaries: Readonly<Record<Referred, Dictionary>>
  readonly #spans: SpanReader
  readonly #logs: Records
  readonly #points: Records
  readonly #traces: WholeTraces
  readonly #sums: Batch
  readonly #now: () => number

  private constructor(
    duckdb: DuckDB,
    batches: ReadonlyMap<Written, Batch>,
    traces: WholeTraces,
    { numbers, policies, now }: PendingOptions,
  ) {
    const heap = new Heap(duckdb)
    const batch = (table: Written) => batches.get(table)!
    this.#heap = heap
    this.#now = now
    this.#traces = traces
    this.#batches = batches
    this.#dictionaries = {
      resources: new Dictionary(batch('resources'), heap, numbers.resources),
      scopes: new Dictionary(batch('scopes'), heap, numbers.scopes),
    }
    const decisive = tierFlagAttributes(policies)
    const keys = new Keys((text, bytes): AttributeKey => {
      return {
        text,
        bytes,
        list: 0,
        promoted: promoted.get(text),
        decides: decisive.has(text),
        adds: addedUp.get(text),
      }
    })
    const attributes = new AttributeReader(keys, heap)
    const row = new SpanRow(
      { batch: batch('spans'), attributes, recent: new DedupCache(RECENT), traces, policies },
      numbers.spans,
    )
    this.#sums = batch('trace_parts')
    this.#spans = new SpanReader(batch('spans'), heap, row, this.#dictionaries)
    this.#logs = new Records(batch('logs'), heap, numbers.logs)
    this.#points = new Records(batch('metric_points'), heap, numbers.metric_points)
  }

  /** @param connection in whose transactions the rows are to be written */
  static async on(duckdb: DuckDB, connection: DuckDBConnection, options: PendingOptions): Promise<Pending> {
    const traces = new WholeTraces(options.traces)
    const batches = new Map<Written, Batch>()
    for (const table of [...(Object.keys(tables) as Table[]), 'trace_parts'] as const)
      batches.set(table, await Batch.on(duckdb, connection, table, table === 'spans' ? { deferred: traces } : {}))
    return new Pending(duckdb, batches, traces, options)
  }

  /**
   * @returns how much there is, and what of it was not as it should be
   * @throws Malformed when it is no OTLP, and then nothing was taken
   */
  add(signal: Signal, request: OtlpRequest): Count {
    const received = BigInt(Math.floor(this.#now())) * 1_000_000n
    if (signal === 'traces') {
      const bytes = Buffer.isBuffer(request) ? request : toProtobuf(messages.ExportTraceServiceRequest, request)
      return this.#spans.read(bytes, received)
    }
    if (signal === 'logs')
      return putLogs(documentOf(messages.ExportLogsServiceRequest, request), this.#logs, this.#dictionaries, received)
    const points = documentOf(messages.ExportMetricsServiceRequest, request)
    return putPoints(points, this.#points, this.#dictionaries, received)
  }

  /**
   * Gives all rows to DuckDB, in the transaction that is open.
   * @returns the traces that got spans
   */
  flush(): StoredTraces {
    const traces = this.#traces.close()
    const { columns } = this.#sums
    for (const [trace, sums] of traces.sums) {
      const row = { trace_id: traceIdFrom(trace), is_part: traces.parts.has(trace), ...sums }
      for (const [name, value] of Object.entries(row))
        putValue(columns.fields.get(name)!, this.#sums.row, value, this.#heap)
      this.#sums.next()
    }
    for (const batch of this.#batches.values()) if (!batch.isEmpty) batch.flush()
    this.#heap.empty()
    return traces
  }

  /** Nothing that is added later refers to these. */
  forget(table: Referred, ids: ReadonlySet<number>): void {
    this.#dictionaries[table].forget(ids)
  }

  /** What was added and not written is gone. */
  abandon(): void {
    for (const batch of this.#batches.values()) batch.close()
  }
}

function documentOf(message: Parameters<typeof fromProtobuf>[0], request: OtlpRequest): Document {
  return Buffer.isBuffer(request) ? fromProtobuf(message, request) : request
}

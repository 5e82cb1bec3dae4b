// Decoded rows of all tables that wait for the next commit.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Signal } from '../../shared/config/otlp'
import { fromProtobuf } from '../../shared/otlp/from-protobuf'
import { messages, requestMessages } from '../../shared/otlp/messages'
import type { Document } from '../../shared/otlp/schema'
import { toProtobuf } from '../../shared/otlp/to-protobuf'
import { type Policies, tierFlagAttributes } from '../../shared/tiers'
import { type AttributeKey, AttributeReader } from './attributes'
import { Batch } from './batch'
import { DedupCache } from './dedup-cache'
import { Dictionary } from './dictionary'
import type { DuckDB } from './duckdb'
import { Heap } from './heap'
import { putTrace } from './ids'
import { Keys } from './keys'
import { putLogs } from './logs'
import { putPoints } from './points'
import { Records } from './records'
import { promoted, type Table, tables } from './schema'
import { SpanRow } from './span-row'
import { type Count, SpanReader } from './spans'
import { addedUp, totalled } from './trace-sums'
import type { Referred } from './unused-resources'
import { putValue } from './values'
import { type StoredTraces, WholeTraces } from './whole-traces'

/** OTLP as protobuf, or parsed OTLP JSON. */
export type OtlpRequest = Buffer | Document

/** The next free sequence number or id of each table. */
export type Numbers = Readonly<Record<Table, number>>

/** The tables of OTLP data, and the one of sums per trace. */
type WrittenTable = Table | 'trace_parts'

/** Number of spans that are recognised if a client resends them. */
const RECENT = 2 ** 18

export interface PendingOptions {
  readonly numbers: Numbers
  /** Traces that already have spans: the 16 bytes of each id as latin1. */
  readonly traces: Iterable<string>
  readonly policies: Policies
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export class Pending {
  readonly #heap: Heap
  readonly #batches: ReadonlyMap<WrittenTable, Batch>
  readonly #dictionaries: Readonly<Record<Referred, Dictionary>>
  readonly #spans: SpanReader
  readonly #logs: Records
  readonly #points: Records
  readonly #traces: WholeTraces
  readonly #sums: Batch
  readonly #now: () => number

  private constructor(
    duckdb: DuckDB,
    batches: ReadonlyMap<WrittenTable, Batch>,
    traces: WholeTraces,
    { numbers, policies, now }: PendingOptions,
  ) {
    const heap = new Heap(duckdb)
    const batch = (table: WrittenTable) => batches.get(table)!
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
        written: { request: 0, words: new Uint32Array(4) },
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

  /** @param connection writes the rows, within its transaction */
  static async on(duckdb: DuckDB, connection: DuckDBConnection, options: PendingOptions): Promise<Pending> {
    const traces = new WholeTraces(options.traces)
    const batches = new Map<WrittenTable, Batch>()
    for (const table of [...(Object.keys(tables) as Table[]), 'trace_parts'] as const)
      batches.set(table, await Batch.on(duckdb, connection, table, table === 'spans' ? { deferred: traces } : {}))
    return new Pending(duckdb, batches, traces, options)
  }

  /**
   * Decodes a request and yields between its parts, so that other work can run. Rows so far may be committed in between.
   * @returns the numbers of received, rejected and misdated records
   * @throws Malformed for invalid OTLP; none of it is kept then
   */
  *add(signal: Signal, request: OtlpRequest): Generator<void, Count> {
    const received = BigInt(Math.floor(this.#now())) * 1_000_000n
    if (signal === 'traces') {
      const bytes = Buffer.isBuffer(request) ? request : toProtobuf(messages.ExportTraceServiceRequest, request)
      yield
      return this.#spans.read(bytes, received)
    }
    const document = Buffer.isBuffer(request) ? fromProtobuf(requestMessages[signal], request) : request
    yield
    return yield* signal === 'logs'
      ? putLogs(document, this.#logs, this.#dictionaries, received)
      : putPoints(document, this.#points, this.#dictionaries, received)
  }

  /**
   * Begins the batch of the next transaction.
   * @returns a function that appends all previous rows within the open transaction and returns the traces that got spans
   */
  take(): () => Promise<StoredTraces> {
    const traces = this.#traces.close()
    const { columns } = this.#sums
    const [traceId, isPart] = [columns.fixed('trace_id'), columns.bytes('is_part')]
    for (const [trace, sums] of traces.sums) {
      const { row } = this.#sums
      putTrace(traceId, row, trace)
      isPart.set(row, Number(traces.parts.has(trace)))
      const { values, counts, totals, known } = sums
      for (const name in values) putValue(columns.fields.get(name)!, row, values[name], this.#heap)
      for (const name in counts) columns.fixed(name).set2(row, counts[name]!, 0)
      for (let at = 0; at < totals.length; at++)
        if (known & (1 << at)) putValue(columns.fixed(totalled[at]![0]), row, totals[at], this.#heap)
      this.#sums.next()
    }
    const free = this.#heap.take()
    const taken = [...this.#batches.values()]
      .filter(batch => !batch.isEmpty)
      .map(batch => [batch, batch.take()] as const)
    return async () => {
      for (const [batch, chunks] of taken) await batch.write(chunks)
      free()
      return traces
    }
  }

  /** Makes sure that no later row refers to these ids. */
  forget(table: Referred, ids: ReadonlySet<number>): void {
    this.#dictionaries[table].forget(ids)
  }

  /** Discards all rows that were not written. */
  abandon(): void {
    for (const batch of this.#batches.values()) batch.close()
  }
}

// The embedded backend's store: one DuckDB file. Opened by src/local/up.ts; asked by src/local/api.
import { type Policies, policies } from '../../tiers'
import type { PartialSuccess, Signal } from '../answer'
import { Background, type OnRest } from './background'
import { loadDuckDB, openFile } from './duckdb'
import { type Numbers, type OtlpRequest, Pending } from './pending'
import { type Parameter, Readers, type Row } from './readers'
import { ddl } from './schema'
import { Settler } from './settle'
import type { Count } from './spans'
import { ChangedTraces } from './traces'
import { Writer } from './writer'

export type { Parameter, Row } from './readers'

export interface StoreOptions {
  /** Of the file, or `:memory:`. */
  readonly path: string
  /** The clock of retention, in ms since 1970. */
  readonly now?: () => number
  /** The thresholds of the tiers, where a settings file has changed them. */
  readonly policies?: Policies
}

export interface Store {
  /**
   * Stores a request of OTLP. Resolves when it is on the disk.
   * @returns what was not taken
   * @throws Malformed when it is no OTLP, and then nothing of it is stored
   */
  write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined>
  /** Spans, log records and data points, since the store was opened. */
  readonly counts: Count
  /** Several at once run beside each other, and beside the writer. @param parameters for `$1`, `$2` … */
  query(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>
  /** Brings up to date what is computed behind the writer: the tree of each trace. Ask it before a query that needs it. */
  settle(): Promise<void>
  /** @returns what ends it */
  onRest(listener: OnRest): () => void
  close(): Promise<void>
}

/** @throws CannotOpen with the one line for the user */
export async function openStore(options: StoreOptions): Promise<Store> {
  const duckdb = loadDuckDB()
  const instance = await openFile(duckdb, options.path)
  const readers = new Readers(instance)
  const connection = await instance.connect()
  for (const statement of ddl) await connection.run(statement)
  const traces = new ChangedTraces()
  traces.changed(await unsettledTraces(readers), Date.now())
  const background = new Background(await Settler.on(duckdb, await instance.connect()), traces)
  const writer = await Writer.on(connection, {
    open: async () =>
      Pending.on(duckdb, connection, {
        numbers: await nextNumbers(readers),
        policies: options.policies ?? policies,
      }),
    onStored: changed => traces.changed(changed, Date.now()),
  })
  return {
    counts: writer.counts,
    write: (signal, request) => writer.write(signal, request),
    query: (sql, parameters) => readers.query(sql, parameters),
    settle: () => background.settle(),
    onRest: listener => background.onRest(listener),
    async close() {
      await writer.close()
      await background.close()
      connection.closeSync()
      await readers.close()
      instance.closeSync()
    },
  }
}

/** Whose spans were stored by a process that ended before it settled them. */
async function unsettledTraces(readers: Readers): Promise<string[]> {
  const rows = await readers.query('SELECT DISTINCT lower(hex(trace_id)) AS id FROM spans WHERE nleft IS NULL')
  return rows.map(({ id }) => Buffer.from(`${id}`.padStart(32, '0'), 'hex').toString('latin1'))
}

async function nextNumbers(readers: Readers): Promise<Numbers> {
  const next = (key: string, table: string) => `(SELECT coalesce(max(${key}) + 1, 0)::DOUBLE FROM ${table}) AS ${table}`
  const [row] = await readers.query(
    `SELECT ${next('seq', 'spans')}, ${next('seq', 'logs')}, ${next('seq', 'metric_points')}, ${next('id', 'resources')}, ${next('id', 'scopes')}`,
  )
  return row as unknown as Numbers
}

// The embedded backend's store: one DuckDB file. Opened by src/local/up.ts; asked by src/local/api.
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import type { PartialSuccess, Signal } from '../answer'
import type { Document } from '../otlp/schema'
import { type DuckDB, loadDuckDB, openFile } from './duckdb'
import { part, RowMaker } from './rows'
import { ddl, type Table, tables } from './schema'

export interface StoreOptions {
  /** Of the file, or `:memory:`. */
  readonly path: string
  /** The clock of retention, in ms since 1970. */
  readonly now?: () => number
}

/** BIGINT, UBIGINT and UHUGEINT are bigints, lists arrays, structs objects, and maps arrays of `{key, value}`. */
export type Row = Record<string, unknown>
export type Parameter = string | number | bigint | boolean | null

export interface Store {
  /**
   * Stores a request of OTLP, in the shape of OTLP JSON. Resolves when it is on the disk.
   * @returns what was not taken
   */
  write(signal: Signal, request: Document): Promise<PartialSuccess | undefined>
  /** Several at once run beside each other, and beside the writer. @param parameters for `$1`, `$2` … */
  query(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>
  /** Brings up to date what is computed behind the writer: the tree of each trace. Ask it before a query that needs it. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** @throws CannotOpen with the one line for the user */
export async function openStore(options: StoreOptions): Promise<Store> {
  const duckdb = await loadDuckDB()
  const instance = await openFile(duckdb, options.path)
  const store = new DuckDBStore(duckdb, instance, await instance.connect())
  await store.start()
  return store
}

class DuckDBStore implements Store {
  readonly #duckdb: DuckDB
  readonly #instance: DuckDBInstance
  readonly #writer: DuckDBConnection
  readonly #rows: RowMaker
  readonly #ids = { resources: new Map<string, number>(), scopes: new Map<string, number>() }
  #seq = 0n
  #last: Promise<unknown> = Promise.resolve()

  constructor(duckdb: DuckDB, instance: DuckDBInstance, writer: DuckDBConnection) {
    this.#duckdb = duckdb
    this.#instance = instance
    this.#writer = writer
    this.#rows = new RowMaker(duckdb)
  }

  async start(): Promise<void> {
    for (const statement of ddl) await this.#writer.run(statement)
    const [row] = await this.query('SELECT max(seq) AS seq FROM spans')
    this.#seq = ((row?.seq as bigint | null) ?? -1n) + 1n
    for (const table of ['resources', 'scopes'] as const) {
      const [row] = await this.query(`SELECT coalesce(max(id), -1) + 1 AS next FROM ${table}`)
      for (let id = 0; id < (row!.next as number); id++) this.#ids[table].set(`stored ${id}`, id)
    }
  }

  write(signal: Signal, request: Document): Promise<PartialSuccess | undefined> {
    if (signal !== 'traces') return Promise.resolve(undefined)
    const done = this.#last.then(() => this.#writeSpans(request))
    this.#last = done.catch(() => {})
    return done
  }

  async #writeSpans(request: Document): Promise<PartialSuccess | undefined> {
    const { spans, rejected } = this.#rows.spans(request)
    await this.#writer.run('BEGIN')
    const rows = []
    for (const { resource, scope, values } of spans) {
      const ids = { resource: await this.#id('resources', resource), scope: await this.#id('scopes', scope) }
      rows.push({ seq: this.#seq++, ...ids, ...values })
    }
    await this.#append('spans', rows)
    await this.#writer.run('COMMIT')
    return rejected > 0 ? { rejected, message: 'spans without a valid trace id and span id' } : undefined
  }

  async #id(table: 'resources' | 'scopes', document: Document): Promise<number> {
    const key = JSON.stringify(document)
    const known = this.#ids[table].get(key)
    if (known !== undefined) return known
    const id = this.#ids[table].size
    this.#ids[table].set(key, id)
    const { attributes, droppedAttributesCount, name = '', version = '' } = document
    const values: Record<string, DuckDBValue> = this.#rows.attributes(attributes, false)
    if (table === 'scopes') Object.assign(values, { name, version })
    else {
      const list = (attributes ?? []) as { key: string; value?: Document }[]
      values.service_name = (part(list.find(one => one.key === 'service.name')?.value).stringValue as string) ?? null
    }
    await this.#append(table, [{ id, ...values, dropped_attributes: (droppedAttributesCount as number) ?? 0 }])
    return id
  }

  async #append(table: Table, rows: readonly Record<string, DuckDBValue>[]): Promise<void> {
    const columns = Object.keys(tables[table])
    const appender = await this.#writer.createAppender(table)
    const types = columns.map((_, at) => appender.columnType(at))
    for (let at = 0; at < rows.length; at += 2048) {
      const chunk = this.#duckdb.DuckDBDataChunk.create(types)
      chunk.setRows(rows.slice(at, at + 2048).map(row => columns.map(column => row[column] ?? null)))
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }

  async query(sql: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
    const connection = await this.#instance.connect()
    try {
      const reader = await connection.runAndReadAll(sql, [...parameters])
      return reader.getRowObjectsJS() as Row[]
    } finally {
      connection.closeSync()
    }
  }

  async settle(): Promise<void> {
    await this.#last
  }

  async close(): Promise<void> {
    await this.#last
    this.#writer.closeSync()
    this.#instance.closeSync()
  }
}

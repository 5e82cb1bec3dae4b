// A temporary table that passes many rows to a SQL statement.
import type { DuckDBConnection } from '@duckdb/node-api'
import { Batch } from './batch'
import type { DuckDB } from './duckdb'
import { Heap } from './heap'
import { putValue, type Value } from './values'

export class Stage<Column extends string> {
  readonly #connection: DuckDBConnection
  readonly #batch: Batch
  readonly #heap: Heap
  readonly #name: string

  private constructor(duckdb: DuckDB, connection: DuckDBConnection, name: string, batch: Batch) {
    this.#connection = connection
    this.#batch = batch
    this.#heap = new Heap(duckdb)
    this.#name = name
  }

  /** @param columns name → SQL type */
  static async on<Column extends string>(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    name: string,
    columns: Readonly<Record<Column, string>>,
  ): Promise<Stage<Column>> {
    const list = Object.entries(columns).map(([column, type]) => `${column} ${type}`)
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} (${list.join(', ')})`)
    return new Stage(duckdb, connection, name, await Batch.on(duckdb, connection, name, { catalog: 'temp' }))
  }

  /** Replaces the table's content. */
  async fill(rows: Iterable<Readonly<Record<Column, Value>>>): Promise<void> {
    await this.#connection.run(`DELETE FROM ${this.#name}`)
    const { columns } = this.#batch
    for (const row of rows) {
      for (const name in row) putValue(columns.fields.get(name)!, this.#batch.row, row[name], this.#heap)
      this.#batch.next()
    }
    this.#batch.flush()
    this.#heap.empty()
  }

  close(): void {
    this.#batch.close()
  }
}

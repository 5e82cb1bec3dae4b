// Takes out resources and scopes that no span, log record and data point refers to any more. Each process is a resource of its own.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from './duckdb'

export type Referred = 'resources' | 'scopes'

const referred: readonly Referred[] = ['resources', 'scopes']
/** Of a table at a time. */
const MOST = 10_000

const isUnused = (table: Referred): string => {
  const column = table.slice(0, -1)
  const used = ['spans', 'logs', 'metric_points'].map(user => `SELECT ${column} FROM ${user}`)
  return `id NOT IN (${used.join(' UNION ')})`
}

/** Before anybody writes. */
export const deleteUnused = referred.map(table => `DELETE FROM ${table} WHERE ${isUnused(table)}`)

/** While somebody writes it takes two turns: what waits for its commit may refer to what nobody does yet. */
export class UnusedRows {
  /** Are given to no new row since the turn before. */
  readonly #forgotten = new Map<Referred, readonly number[]>()
  readonly #forget: (table: Referred, ids: ReadonlySet<number>) => void

  constructor(forget: (table: Referred, ids: ReadonlySet<number>) => void) {
    this.#forget = forget
  }

  /** @param connection that nobody else uses meanwhile */
  async sweep(connection: DuckDBConnection): Promise<void> {
    for (const table of referred) {
      const ids = this.#forgotten.get(table) ?? []
      if (ids.length > 0)
        await inTransaction(connection, [`DELETE FROM ${table} WHERE id IN (${ids.join(', ')}) AND ${isUnused(table)}`])
      const found = await connection.runAndReadAll(`SELECT id FROM ${table} WHERE ${isUnused(table)} LIMIT ${MOST}`)
      const unused = found.getRows().map(([id]) => id as number)
      this.#forget(table, new Set(unused))
      this.#forgotten.set(table, unused)
    }
  }
}

// Deletes resources and scopes that no span, log record or data point refers to. Each process is a resource of its own.
import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from './duckdb'

export type Referred = 'resources' | 'scopes'

const referred: readonly Referred[] = ['resources', 'scopes']
/** Maximum per table and sweep. */
const MOST = 10_000

const isUnused = (table: Referred): string => {
  const column = table.slice(0, -1)
  const used = ['spans', 'logs', 'metric_points'].map(user => `SELECT ${column} FROM ${user}`)
  return `id NOT IN (${used.join(' UNION ')})`
}

/** For the start, before anything writes. */
export const deleteUnused = referred.map(table => `DELETE FROM ${table} WHERE ${isUnused(table)}`)

/** While rows are being written, deleting takes two sweeps: a pending row may refer to a resource that no stored row refers to. */
export class UnusedRows {
  /** Ids that no new row has used since the previous sweep. */
  readonly #forgotten = new Map<Referred, readonly number[]>()
  readonly #forget: (table: Referred, ids: ReadonlySet<number>) => void

  constructor(forget: (table: Referred, ids: ReadonlySet<number>) => void) {
    this.#forget = forget
  }

  /** @param connection used by nothing else in the meantime */
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

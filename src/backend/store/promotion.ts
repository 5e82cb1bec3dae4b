// Moves attributes between maps and columns of their own if schema.ts of this version promotes other attributes than the file does. No
// value is lost, in files of older and newer versions alike, so this needs no new format.
import type { DuckDBConnection } from '@duckdb/node-api'
import { text } from './columns'
import { inTransaction, ROW_GROUP } from './duckdb'
import { attributeMaps, type Columns, type Promoted, promoted, sqlTypes } from './schema'

export const promotedColumns: Columns = { name: 'VARCHAR', key: 'VARCHAR', type: 'VARCHAR' }

/** A statement that records a promoted column. */
export const isPromoted = ({ column, key, type }: Promoted): string =>
  `INSERT INTO promoted_columns VALUES (${[column, key, type].map(text).join(', ')})`

export async function promote(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT key, type, name AS "column" FROM promoted_columns')
  const inFile = new Map(
    reader.getRowObjects().map(row => [nameOf(row as unknown as Promoted), row as unknown as Promoted]),
  )
  const wanted = new Map(Array.from(promoted.values(), one => [nameOf(one), one]))
  for (const [name, one] of inFile) if (!wanted.has(name)) await toMap(connection, one)
  for (const [name, one] of wanted) if (!inFile.has(name)) await toColumn(connection, one)
}

const nameOf = ({ key, type, column }: Promoted): string => `${column} ${type} ${key}`

/**
 * The next start resumes an interrupted move. It takes two transactions, because DuckDB cannot update rows of a table that the transaction
 * has altered.
 */
async function toMap(connection: DuckDBConnection, { key, type, column }: Promoted): Promise<void> {
  const map = attributeMaps[type]
  const moved = `${map} = map_concat(${map}, MAP {${text(key)}: ${column}}), ${column} = NULL`
  await update(connection, moved, `${column} IS NOT NULL`)
  await inTransaction(connection, [
    `ALTER TABLE spans DROP COLUMN ${column}`,
    `DELETE FROM promoted_columns WHERE name = ${text(column)}`,
  ])
}

async function toColumn(connection: DuckDBConnection, one: Promoted): Promise<void> {
  const { key, type, column } = one
  const map = attributeMaps[type]
  const value = `${map}[${text(key)}]`
  const rest = `map_from_entries(list_filter(map_entries(${map}), lambda e: e.key <> ${text(key)}))`
  await connection.run(`ALTER TABLE spans ADD COLUMN IF NOT EXISTS ${column} ${sqlTypes[type]}`)
  await update(connection, `${column} = ${value}, ${map} = ${rest}`, `${value} IS NOT NULL`)
  await connection.run(isPromoted(one))
}

/** Rows per update: they stay in memory until a checkpoint. */
const MOST = 2 * ROW_GROUP

async function update(connection: DuckDBConnection, values: string, where: string): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT min(seq)::DOUBLE, max(seq)::DOUBLE FROM spans')
  const [[first, last] = []] = reader.getRows() as (number | null)[][]
  if (first == null || last == null) return
  for (let seq = first; seq <= last; seq += MOST) {
    await connection.run(`UPDATE spans SET ${values} WHERE seq >= ${seq} AND seq < ${seq + MOST} AND ${where}`)
    await connection.run('CHECKPOINT')
  }
}

// The format of a file, and its migration to the current one.
import type { DuckDBConnection } from '@duckdb/node-api'
import { version } from '../../shared/version'
import { text } from './columns'
import { CannotOpen, inTransaction } from './duckdb'
import { FORMAT, migrations } from './migrations'
import { isPromoted, promote, promotedColumns } from './promotion'
import { type Columns, columnList, promoted, tables } from './schema'
import { tracePartsTables } from './trace-parts'
import { wordTables } from './word-index'

const all: Readonly<Record<string, Columns>> = {
  ...tables,
  ...wordTables,
  ...tracePartsTables,
  meta: { format: 'INTEGER', written_by: 'VARCHAR' },
  promoted_columns: promotedColumns,
}
const created = [
  ...Object.entries(all).map(([table, columns]) => `CREATE TABLE ${table} (${columnList(columns)})`),
  ...Array.from(promoted.values(), isPromoted),
  'INSERT INTO meta VALUES (0, NULL)',
]
const isOfToday = `UPDATE meta SET format = ${FORMAT}, written_by = ${text(version)}`

/**
 * Creates the tables, or migrates them to this version.
 * @param path of the file, for error messages
 * @param nowNs nanoseconds since 1970
 * @throws CannotOpen if a newer version wrote the file
 */
export async function bringToFormat(connection: DuckDBConnection, path: string, nowNs: bigint): Promise<void> {
  const found = await formatOf(connection)
  if (found && found.format > FORMAT)
    throw new CannotOpen(
      `${path} has format ${found.format}, of afn-otel ${found.writtenBy}, and this is ${version}, which reads formats up to ${FORMAT}: npm i @afn/otel@latest, or choose another folder with --data`,
    )
  if (found?.format !== FORMAT) {
    const statements = found ? migrations.slice(found.format).flatMap(migration => migration(nowNs)) : created
    await inTransaction(connection, [...statements, isOfToday])
  }
  await promote(connection)
}

/** Undefined for an empty database; 0 for versions that did not record a format. */
async function formatOf(connection: DuckDBConnection): Promise<{ format: number; writtenBy: string } | undefined> {
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  const names = new Set((await rows(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'`)).flat())
  if (!names.has('meta')) return names.has('spans') ? { format: 0, writtenBy: '' } : undefined
  const [[format, writtenBy] = []] = await rows('SELECT format, written_by FROM meta')
  return { format: Number(format), writtenBy: String(writtenBy) }
}

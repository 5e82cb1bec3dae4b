// The format of a file: which one it has, and how it becomes today's.
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
 * Makes the tables, or what they are in this version.
 * @param path of the file, for who reads why not
 * @param nowNs nanoseconds since 1970
 * @throws CannotOpen when a newer version has written it
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

/** Undefined: there is nothing yet. 0: of a version that did not say it. */
async function formatOf(connection: DuckDBConnection): Promise<{ format: number; writtenBy: string } | undefined> {
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  const names = new Set((await rows(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'`)).flat())
  if (!names.has('meta')) return names.has('spans') ? { format: 0, writtenBy: '' } : undefined
  const [[format, writtenBy] = []] = await rows('SELECT format, written_by FROM meta')
  return { format: Number(format), writtenBy: String(writtenBy) }
}

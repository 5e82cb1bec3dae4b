// Recovers the readable part of a damaged file. DuckDB checks each block by a checksum and reads nothing from a block with a wrong bit.
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { text } from './columns'
import { CannotOpen, type DuckDB, damagedName, isLog, logSize, openDatabase, putInPlace, ROW_GROUP } from './duckdb'
import { FORMAT } from './migrations'
import { attributeMaps } from './schema'
import { allUntraced, tracePartsTables } from './trace-parts'
import { wordTables } from './word-index'

/** Number of rows that DuckDB reads at a time. */
const VECTOR = 2048
/** Size of a header. The file begins with the main header, followed by two more; the newer of these locates everything else. */
const HEADER = 4096
const [main, first, second] = [0, HEADER, 2 * HEADER]

interface Files {
  readonly file: string
  /** The recovered file. */
  readonly draft: string
  /** The copy that it is recovered from. */
  readonly copy: string
  /** The name under which the damaged file is kept. */
  readonly kept: string
}

/**
 * Replaces the file by one with all readable rows, and keeps the old one next to it.
 * @param file must not be open
 * @returns a report, one sentence each
 * @throws CannotOpen if nothing can be read
 */
export async function repair(duckdb: DuckDB, file: string): Promise<string[]> {
  if (!existsSync(file)) return [`${file} does not exist, so nothing was repaired`]
  const files = { file, draft: `${file}.repaired`, copy: `${file}.repairing`, kept: damagedName(file) }
  const { draft, copy, kept } = files
  remove(draft, copy)
  try {
    const lost = await save(duckdb, files)
    if (lost.length === 0) return [`${file} is not damaged; the file is unchanged`]
    linkSync(file, kept)
    if (existsSync(`${file}.wal`)) renameSync(`${file}.wal`, `${kept}.wal`)
    putInPlace(draft, file)
    return [`${file} was repaired; the damaged file is now ${kept}`, ...lost]
  } finally {
    remove(draft, copy)
  }
}

/** @returns what is missing from the draft, one sentence each */
async function save(duckdb: DuckDB, files: Files): Promise<string[]> {
  const target = await openDatabase(duckdb, files.draft)
  try {
    const connection = await target.connect()
    // the draft then has a header
    await connection.run('CHECKPOINT')
    const lost = [...(await attach(connection, files)), ...(await copyTables(connection))]
    await connection.run('CHECKPOINT store')
    return lost
  } finally {
    target.close()
  }
}

function remove(...files: readonly string[]): void {
  for (const file of files) for (const one of [file, `${file}.wal`]) rmSync(one, { force: true })
}

/** Header → the header that replaces it; the main header comes from a new file, others from the file itself. */
type Patch = Readonly<Record<number, number>>
const patches: readonly Patch[] = [{}, { [first]: second }, { [second]: first }].flatMap(patch => [
  patch,
  { ...patch, [main]: main },
])

/**
 * Attaches the file as `damaged`, with as much as DuckDB accepts: with or without its log, and with the headers as they are or repaired in
 * a copy.
 * @returns what is missing, one sentence each
 */
async function attach(connection: DuckDBConnection, { file, draft, copy, kept }: Files): Promise<string[]> {
  let reason: unknown
  // a log belongs to the file with one particular header; DuckDB ignores it for any other
  for (const patch of [...patches].sort((a, b) => Object.keys(a).length - Object.keys(b).length))
    for (const hasLog of logSize(file) > 0 && isLog(file) && !(main in patch) ? [true, false] : [false]) {
      remove(copy)
      const isPatched = Object.keys(patch).length > 0
      if (isPatched) mend(file, copy, draft, patch)
      else linkSync(file, copy)
      if (hasLog) copyFileSync(`${file}.wal`, `${copy}.wal`)
      try {
        await connection.run(`ATTACH ${text(copy)} AS damaged (READ_ONLY)`)
        if ((await tablesOf(connection)).length > 0)
          return [
            ...(isPatched ? ['its header was unreadable and has been rebuilt'] : []),
            ...(logSize(file) > 0 && !hasLog
              ? [`lost: the ${logSize(file)} bytes received last, which are in ${kept}.wal`]
              : []),
          ]
        await connection.run('DETACH damaged')
      } catch (error) {
        reason ??= error
      }
    }
  throw new CannotOpen(
    `${file} can't be repaired, because nothing in it is readable (${(reason as Error | undefined)?.message ?? 'it has no tables'}); move it away, or choose another folder with --data`,
  )
}

function mend(file: string, copy: string, fresh: string, patch: Patch): void {
  copyFileSync(file, copy)
  const bytes = Buffer.alloc(HEADER)
  for (const [to, from] of Object.entries(patch)) {
    const source = openSync(Number(to) === main ? fresh : file, 'r')
    readSync(source, bytes, 0, HEADER, from)
    closeSync(source)
    const target = openSync(copy, 'r+')
    writeSync(target, bytes, 0, HEADER, Number(to))
    closeSync(target)
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}

const tablesOf = async (connection: DuckDBConnection): Promise<string[]> =>
  (
    await rowsOf(connection, `SELECT table_name FROM duckdb_tables() WHERE database_name = 'damaged' ORDER BY 1`)
  ).flat() as string[]

/** @returns what could not be read */
async function copyTables(connection: DuckDBConnection): Promise<string[]> {
  const tables = await tablesOf(connection)
  const lost: string[] = []
  for (const table of tables) {
    await connection.run(`CREATE TABLE ${table} AS FROM damaged.main.${table} LIMIT 0`)
    // later derived from the recovered spans
    if (table in wordTables || table in tracePartsTables) continue
    const missing = await copyRows(connection, table)
    if (missing) lost.push(`lost: ${missing} of ${table}`)
  }
  if (tables.includes('untraced')) await connection.run(allUntraced)
  if (tables.includes('meta'))
    await connection.run(`INSERT INTO meta SELECT ${FORMAT}, NULL WHERE NOT EXISTS (FROM meta)`)
  for (const table of ['resources', 'scopes']) if (tables.includes(table)) await putPlaceholders(connection, table)
  return lost
}

/** Copies whole row groups, and those that are damaged in DuckDB's smallest unit. @returns what could not be read */
async function copyRows(connection: DuckDBConnection, table: string): Promise<string | undefined> {
  let end: number
  try {
    end = Number((await rowsOf(connection, `SELECT coalesce(max(rowid) + 1, 0) FROM damaged.main.${table}`))[0]![0])
  } catch {
    return 'all rows'
  }
  let lost = 0
  const copied = async (from: number, count: number) => {
    try {
      await connection.run(
        `INSERT INTO ${table} FROM damaged.main.${table} WHERE rowid >= ${from} AND rowid < ${from + count}`,
      )
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }
  for (let group = 0; group < end; group += ROW_GROUP) {
    if (await copied(group, ROW_GROUP)) continue
    for (let at = group; at < Math.min(group + ROW_GROUP, end); at += VECTOR)
      if (!(await copied(at, VECTOR))) lost += Math.min(VECTOR, end - at)
  }
  return lost > 0 ? `at most ${lost} rows` : undefined
}

/** A full disk or a lack of memory does not count: intact rows would be reported as lost. */
const isDamage = (error: unknown): boolean => !/No space left|Out of Memory|could not write/i.test(String(error))

/** Adds empty resources and scopes for lost ones, because a span without a resource would appear in no answer. */
async function putPlaceholders(connection: DuckDBConnection, table: string): Promise<void> {
  const column = table.slice(0, -1)
  const maps = Object.values(attributeMaps)
  const used = ['spans', 'logs', 'metric_points'].map(user => `SELECT ${column} AS id FROM ${user}`)
  await connection.run(`INSERT INTO ${table} (id, ${maps.join(', ')}) SELECT DISTINCT id, ${maps.map(() => 'MAP {}').join(', ')}
    FROM (${used.join(' UNION ')}) WHERE id NOT IN (SELECT id FROM ${table})`)
}

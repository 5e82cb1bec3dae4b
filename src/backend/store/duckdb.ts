// Loads DuckDB, an optional peer dependency, and opens the file. DuckDB's log is next to the file until a checkpoint.
import {
  closeSync,
  copyFileSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type bindings from '@duckdb/node-bindings'
import { syncFolder } from '../../shared/files/sync-folder'
import { tellFault } from '../faults'
import { text } from './columns'

export type Bindings = typeof bindings

export interface DuckDB {
  readonly api: typeof import('@duckdb/node-api')
  /** The low-level bindings below the API, for bulk inserts. */
  readonly bindings: Bindings
}

/** The message is the one line that the user sees. */
export class CannotOpen extends Error {}

/** Thrown after the store has closed: DuckDB crashes the process if a connection of a closed file is used. */
export class Closed extends Error {
  override readonly message = 'the store is closed'
}

/**
 * Configures DuckDB's allocator, jemalloc. By default it creates four arenas per core, and memory that a statement frees stays in its
 * thread's arena: a third of all memory during ingest. DuckDB reads this when the library loads.
 */
const ALLOCATOR = 'narenas:1'

/** @throws CannotOpen if the package is not installed */
export function loadDuckDB(): DuckDB {
  const require = createRequire(__filename)
  process.env.DUCKDB_JE_MALLOC_CONF ??= ALLOCATOR
  try {
    const api = require('@duckdb/node-api')
    return { api, bindings: createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    throw new CannotOpen('the embedded backend needs DuckDB, which is not installed: npm i @duckdb/node-api')
  }
}

/** The first bytes of each log since DuckDB 1.4: field 100, then an entry of type 98, the version. */
const LOG_BEGINS = Buffer.from([0x64, 0x00, 0x62])
/** Minimum size in bytes of a log with a transaction. */
const SHORTEST_LOG = 64

/** Whether DuckDB will replay the log. It silently ignores a log without this beginning. */
export function isLog(file: string): boolean {
  const begin = Buffer.alloc(LOG_BEGINS.length)
  const handle = openSync(`${file}.wal`, 'r')
  readSync(handle, begin, 0, begin.length, 0)
  closeSync(handle)
  return begin.equals(LOG_BEGINS)
}

/** A free name next to the file, for damaged data. */
export function damagedName(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.damaged-${n}`
    if (!existsSync(name) && !existsSync(`${name}.wal`)) return name
  }
}

/**
 * Saves a copy of a log that DuckDB would ignore and overwrite. Only the process that locks the file can judge this: another one may be
 * about to begin the log.
 * @returns the path of the copy
 */
function copyOfNoLog(file: string): string | undefined {
  // a kill may leave a few bytes, none of which were acknowledged
  if (logSize(file) < SHORTEST_LOG || isLog(file)) return undefined
  const kept = `${damagedName(file)}.wal`
  copyFileSync(`${file}.wal`, kept)
  return kept
}

/** The DuckDB database, in a file or in memory. */
export interface Database {
  connect(): Promise<DuckDBConnection>
  /** Closes all connections as well. */
  close(): void
}

/** Rows per row group (DuckDB's default: 122,880): see checkpoint-policy.ts. Existing row groups of a file keep their size. */
export const ROW_GROUP = 61_440

/** DuckDB's memory limit for a file. */
export const MEMORY = '200MB'

/** With `:memory:`, DuckDB must not spill to a temporary folder. */
function settingsFor(path: string): Record<string, string> {
  const memory = path === ':memory:' ? { temp_directory: '' } : { memory_limit: MEMORY, temp_directory: `${path}.tmp` }
  return {
    ...memory,
    threads: '1',
    // See merges.ts.
    max_vacuum_tasks: '0',
    preserve_insertion_order: 'false',
    // See checkpoint-policy.ts.
    checkpoint_threshold: '1TB',
    // All supported versions of DuckDB write this format; the default stays readable by DuckDB 0.10 and is larger and slower.
    storage_compatibility_version: 'v1.5.0',
  }
}

/**
 * Attaches the file, because that is the only way to set the size of row groups.
 * @throws CannotOpen if another process uses the file
 */
export async function openDatabase({ api }: DuckDB, path: string): Promise<Database> {
  const noLog = copyOfNoLog(path)
  const instance = await api.DuckDBInstance.create(':memory:', settingsFor(path))
  const connections: DuckDBConnection[] = []
  const connectTo = async (statement: string) => {
    const connection = await instance.connect()
    connections.push(connection)
    await connection.run(statement)
    return connection
  }
  const close = () => {
    for (const connection of connections) connection.closeSync()
    instance.closeSync()
  }
  try {
    await connectTo(`ATTACH ${text(path)} AS store (ROW_GROUP_SIZE ${ROW_GROUP})`)
    const message = `DuckDB's log is damaged from its first byte; a copy is ${noLog}`
    if (noLog) tellFault('the latest data is lost', new Error(message))
  } catch (error) {
    close()
    if (noLog) rmSync(noLog, { force: true })
    if (!/lock/i.test(String(error))) throw error
    throw new CannotOpen(`${path} is in use by another process; stop that one, or choose another folder with --data`)
  }
  return { connect: () => connectTo('USE store'), close }
}

/**
 * Rewrites the file. Deleted rows would otherwise remain in its row groups and free blocks after any number of checkpoints, where `grep`
 * finds them. The file must not be open.
 * @throws Error if the disk has no room for both; the original file is unchanged then
 */
export async function rewriteDatabase({ api }: DuckDB, file: string): Promise<void> {
  const draft = `${file}.new`
  for (const left of [draft, `${draft}.wal`]) rmSync(left, { force: true })
  const instance = await api.DuckDBInstance.create(':memory:', settingsFor(file))
  try {
    const connection = await instance.connect()
    try {
      for (const statement of [
        `ATTACH ${text(file)} AS store`,
        // The new file would adopt a leftover log of the old one.
        'CHECKPOINT store',
        `ATTACH ${text(draft)} AS fresh (ROW_GROUP_SIZE ${ROW_GROUP})`,
        'COPY FROM DATABASE store TO fresh',
        'CHECKPOINT fresh',
        'DETACH fresh',
        'DETACH store',
      ])
        await connection.run(statement)
    } finally {
      connection.closeSync()
    }
  } catch (error) {
    for (const left of [draft, `${draft}.wal`]) rmSync(left, { force: true })
    throw error
  } finally {
    instance.closeSync()
  }
  if (logSize(file) > 0 || logSize(draft) > 0)
    throw new Error(`${file} could not be rewritten: DuckDB's log is not empty`)
  putInPlace(draft, file)
}

/** Replaces a file that nobody has open. */
export function putInPlace(draft: string, file: string): void {
  const handle = openSync(draft, 'r+')
  try {
    // the draft must not be readable by more users than the file was
    fchmodSync(handle, statSync(file).mode & 0o777)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
  syncFolder(path.dirname(file))
}

/** Runs all statements or none. @throws the error of a statement, after a rollback */
export async function inTransaction(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  await connection.run('BEGIN')
  try {
    for (const statement of statements) await connection.run(statement)
    await connection.run('COMMIT')
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Discards unwritten rows and closes the appender; an open appender keeps the file open. */
export function closeAppender(appender: DuckDBAppender): void {
  try {
    appender.clear()
    appender.closeSync()
  } catch {
    // DuckDB has shut down the database.
  }
}

/** Size of DuckDB's log in bytes. */
export function logSize(file: string): number {
  return statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0
}

/** Whether the disk has room to checkpoint the log; without it, DuckDB shuts down the database. */
export function hasRoom(file: string): boolean {
  const log = logSize(file)
  if (log === 0) return true
  const { bavail, bsize } = statfsSync(path.dirname(file))
  return bavail * bsize >= log
}

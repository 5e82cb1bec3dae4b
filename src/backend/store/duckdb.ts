// Loads DuckDB, which is an optional peer, and opens the file. Its log stands next to the file until a checkpoint.
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
  /** What the API is made of: rows by the ten thousand go in through it. */
  readonly bindings: Bindings
}

/** The one line that a user sees is the message. */
export class CannotOpen extends Error {}

/** Of whoever comes after the end. DuckDB ends the process that uses a connection of a file that is closed. */
export class Closed extends Error {
  override readonly message = 'the store is closed'
}

/**
 * Of DuckDB's allocator, jemalloc. By itself it has four arenas a core, each thread takes another, and what a statement frees
 * stays with its arena: a third of all memory while spans come. Read when the library is loaded.
 */
const ALLOCATOR = 'narenas:1'

/** @throws CannotOpen when the package is not installed */
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

/** Of each log since DuckDB 1.4: the field 100, with an entry of the kind 98, its version. */
const LOG_BEGINS = Buffer.from([0x64, 0x00, 0x62])
/** In bytes, of one that has a transaction. */
const SHORTEST_LOG = 64

/** Whether DuckDB reads the log. It leaves out one that does not begin like one, without a word. */
export function isLog(file: string): boolean {
  const begin = Buffer.alloc(LOG_BEGINS.length)
  const handle = openSync(`${file}.wal`, 'r')
  readSync(handle, begin, 0, begin.length, 0)
  closeSync(handle)
  return begin.equals(LOG_BEGINS)
}

/** A name beside the file, for what is damaged. */
export function damagedName(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.damaged-${n}`
    if (!existsSync(name) && !existsSync(`${name}.wal`)) return name
  }
}

/**
 * Of a log that DuckDB will leave out, and write over. Only who has the file may say that it is none: another process may be about to begin it.
 * @returns where its copy is
 */
function copyOfNoLog(file: string): string | undefined {
  // a kill may leave a few bytes, of which nothing was acknowledged
  if (logSize(file) < SHORTEST_LOG || isLog(file)) return undefined
  const kept = `${damagedName(file)}.wal`
  copyFileSync(`${file}.wal`, kept)
  return kept
}

/** What the store works on: the file, or memory. */
export interface Database {
  connect(): Promise<DuckDBConnection>
  /** With all connections. */
  close(): void
}

/** Rows of a row group, which DuckDB takes for 122,880 where nothing else is said: see checkpoint-policy.ts. What is in the file keeps its own. */
export const ROW_GROUP = 61_440

/** What DuckDB may hold of a file. */
export const MEMORY = '200MB'

/** With `:memory:` all of it is in memory, and nothing may go to a folder of temporary files. */
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
    // What every DuckDB that is a peer writes: smaller, and with less work, than the default, which DuckDB 0.10 can read.
    storage_compatibility_version: 'v1.5.0',
  }
}

/**
 * Attached, since the size of a row group can be set in no other way.
 * @throws CannotOpen when another process has the file
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
    const message = `the log of DuckDB is damaged from its first byte on; a copy is ${noLog}`
    if (noLog) tellFault('what came last is lost', new Error(message))
  } catch (error) {
    close()
    if (noLog) rmSync(noLog, { force: true })
    if (!/lock/i.test(String(error))) throw error
    throw new CannotOpen(`${path} is in use by another process; stop that one, or choose another folder with --data`)
  }
  return { connect: () => connectTo('USE store'), close }
}

/**
 * Writes the file anew. What was deleted stays in the old one's row groups and free blocks after any number of checkpoints, where
 * `grep` finds it. The file must not be open.
 * @throws Error when there is no room for both; the file is as it was then
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
        // A log that is left would be taken for one of the new file.
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
    throw new Error(`${file} could not be written anew: DuckDB's log is not empty`)
  putInPlace(draft, file)
}

/** Of a file that nobody has open. */
export function putInPlace(draft: string, file: string): void {
  const handle = openSync(draft, 'r+')
  try {
    // the folder may be open to others, and the file is not
    fchmodSync(handle, statSync(file).mode & 0o777)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
  syncFolder(path.dirname(file))
}

/** All of the statements, or none of them. @throws what a statement throws, after a rollback */
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

/** Without writing what is left in it. An appender that is open keeps the file open. */
export function closeAppender(appender: DuckDBAppender): void {
  try {
    appender.clear()
    appender.closeSync()
  } catch {
    // DuckDB has given up.
  }
}

/** Of DuckDB's log, in bytes. */
export function logSize(file: string): number {
  return statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0
}

/** Whether the log fits into the file. DuckDB gives up when it does not. */
export function hasRoom(file: string): boolean {
  const log = logSize(file)
  if (log === 0) return true
  const { bavail, bsize } = statfsSync(path.dirname(file))
  return bavail * bsize >= log
}

/**
 * The receiver's database: SQLite in a file by Node's `node:sqlite`, or by `@libsql/client` on Node 20, which lacks it, and for a libSQL
 * server.
 */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>
/** Reads a nullable column. */
export const numberIn = (value: Value | undefined): number | undefined => (value == null ? undefined : Number(value))

export interface Statement {
  readonly sql: string
  readonly args?: readonly Value[]
}

export interface Database {
  read(sql: string, args?: readonly Value[]): Promise<Row[]>
  /**
   * Runs all statements in one transaction, or none.
   * @returns the number of changed rows per statement
   */
  write(statements: readonly Statement[]): Promise<number[]>
  close(): void
}

export interface DatabaseOptions {
  /** The path of a file, or the `libsql://`, `https://` or `http://` URL of a server. */
  readonly url: string
  /** Authenticates at the server. */
  readonly token?: string | undefined
}

/** The underlying cause: fetch itself only says that it failed. */
export function reasonOf(error: Error): string {
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string }
  const why = code ?? message
  return why === undefined || error.message.includes(why) ? error.message : `${error.message} (${why})`
}

/** How long to wait for another process to unlock the file. */
const PATIENCE_MS = 5_000
/** libSQL's client would otherwise wait forever for a server that never responds. */
const DEADLINE_MS = 10_000

/** @throws Error that names the missing package, or why the file or the server cannot be used */
export async function openDatabase({ url, token }: DatabaseOptions): Promise<Database> {
  const isServer = /^(?:libsql|https?|wss?):\/\//.test(url)
  if (!isServer) mkdirSync(path.dirname(path.resolve(url)), { recursive: true, mode: 0o700 })
  const sqlite = isServer ? undefined : builtin()
  return sqlite ? new Sqlite(sqlite, url) : libsql(isServer ? url : `file:${path.resolve(url)}`, token, !isServer)
}

interface NodeSqlite {
  DatabaseSync: new (file: string) => NodeDatabase
}
interface NodeDatabase {
  exec(sql: string): void
  prepare(sql: string): { all(...args: Value[]): Row[]; run(...args: Value[]): { changes: number | bigint } }
  close(): void
}

/** Undefined before Node 22.13. */
function builtin(): NodeSqlite | undefined {
  const { getBuiltinModule } = process as { getBuiltinModule?: (name: string) => unknown }
  return getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined
}

class Sqlite implements Database {
  readonly #database: NodeDatabase

  constructor({ DatabaseSync }: NodeSqlite, file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec(
      `PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON`,
    )
  }

  async read(sql: string, args: readonly Value[] = []): Promise<Row[]> {
    return this.#database.prepare(sql).all(...args)
  }

  async write(statements: readonly Statement[]): Promise<number[]> {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const changes = statements.map(({ sql, args = [] }) => Number(this.#database.prepare(sql).run(...args).changes))
      this.#database.exec('COMMIT')
      return changes
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#database.close()
  }
}

interface LibsqlClient {
  execute(statement: { sql: string; args: Value[] }): Promise<{ columns: string[]; rows: Record<string, Value>[] }>
  executeMultiple(sql: string): Promise<void>
  batch(statements: { sql: string; args: Value[] }[], mode: 'write'): Promise<{ rowsAffected: number }[]>
  close(): void
}

async function libsql(url: string, token: string | undefined, isFile: boolean): Promise<Database> {
  const client = clientOf(url, token)
  if (isFile)
    await client.executeMultiple(
      `PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON`,
    )
  return {
    async read(sql, args = []) {
      const { columns, rows } = await inTime(client.execute({ sql, args: [...args] }))
      return rows.map(row => Object.fromEntries(columns.map(column => [column, row[column] ?? null])))
    },
    async write(statements) {
      const prepared = statements.map(({ sql, args = [] }) => ({ sql, args: [...args] }))
      return (await inTime(client.batch(prepared, 'write'))).map(({ rowsAffected }) => rowsAffected)
    },
    close: () => client.close(),
  }
}

function clientOf(url: string, token: string | undefined): LibsqlClient {
  // either the app or this package may have installed the client
  for (const from of [path.join(process.cwd(), 'package.json'), __filename]) {
    try {
      const { createClient } = createRequire(from)('@libsql/client') as {
        createClient(options: { url: string; authToken?: string | undefined }): LibsqlClient
      }
      return createClient({ url, authToken: token })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  const why = url.startsWith('file:')
    ? `Node ${process.version} has no built-in SQLite; use Node 22.13 or newer`
    : 'a libSQL server needs its client'
  throw new Error(`${why}, or install it: npm i @libsql/client`)
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the database did not respond within ${DEADLINE_MS / 1_000} s`)),
      DEADLINE_MS,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

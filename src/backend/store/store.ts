// The store of the embedded backend: one DuckDB file.

import type { Signal } from '../../shared/config/otlp'
import { type Policies, policies, type Retention, retention } from '../../shared/tiers'
import { tellFault } from '../faults'
import type { PartialSuccess } from '../otlp-answer'
import type { OnRest } from './background'
import { type DuckDB, hasRoom, loadDuckDB, logSize, rewriteDatabase } from './duckdb'
import { Merges } from './merges'
import type { OtlpRequest } from './pending'
import type { Parameter, Row } from './readers'
import { openSession, type Session, type SessionOptions } from './session'
import { Vitals } from './vitals'

export type { Parameter, Row } from './readers'

export interface StoreOptions {
  /** The path of the file, or `:memory:`. */
  readonly path: string
  /** The clock of retention, in milliseconds since 1970. */
  readonly now?: () => number
  /** The policies of the tiers, if a settings file overrides them. */
  readonly policies?: Policies
  readonly retention?: Retention
  /**
   * Size limit of the file and DuckDB's log in bytes; the oldest data is deleted first. 0 or undefined: no limit. Ignored for `:memory:`.
   */
  readonly maxBytes?: number
}

export interface Store {
  /**
   * Stores an OTLP request. Resolves when it is on disk.
   * @returns OTLP's partial success if some of it was rejected
   * @throws Malformed for invalid OTLP, of which nothing is stored; Error if it cannot be stored now
   */
  write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined>
  /** The limits in effect, from the settings file and the user. */
  readonly limits: { readonly maxBytes: number; readonly retention: Retention }
  readonly vitals: Vitals
  /** @throws Error whose message names the problem */
  checkReady(): Promise<void>
  /**
   * Queries run concurrently with each other and with the writer.
   * @param parameters for `$1`, `$2` …
   * @param signal interrupts the statement; its reason is thrown then
   */
  query(sql: string, parameters?: readonly Parameter[], signal?: AbortSignal): Promise<Row[]>
  /** Computes pending nested sets. Call it before a query that reads them. */
  finalizeTraces(): Promise<void>
  /** The store without a signal, for results that are cached for all clients. See `askedBy`. */
  readonly shared: Store
  /** Deletes expired data. Also runs when the store opens, and every ten minutes. */
  sweep(): Promise<void>
  /**
   * Runs statements that delete or change rows in one transaction, and rewrites the file so that no trace of the old rows is on the disk.
   * Queries wait in the meantime.
   * @throws Error if the disk has no room for a second file; the rows are deleted then, but their bytes remain
   */
  erase(statements: readonly string[]): Promise<void>
  /** @param listener receives the ids of traces that get no new spans; @returns a function that removes it */
  onRest(listener: OnRest): () => void
  close(): Promise<void>
}

const SWEEP_MS = 600_000

/** @throws CannotOpen with the one line for the user */
export async function openStore(options: StoreOptions): Promise<Store> {
  const vitals = new Vitals(SWEEP_MS)
  const listeners = new Set<OnRest>()
  const settings = { now: Date.now, policies, retention, maxBytes: 0, ...options }
  const sessions = new Sessions(loadDuckDB(), {
    ...settings,
    vitals,
    merges: new Merges(settings.path),
    onRest(traceIds) {
      for (const listener of listeners) listener(traceIds)
    },
  })
  const sweep = async () => {
    try {
      await sessions.use(session => session.sweep())
      vitals.swept()
    } catch (error) {
      vitals.sweeps.failed++
      throw error
    }
  }
  // the next sweep retries
  const trySweep = () => sweep().catch(error => tellFault('expired data could not be deleted', error))
  await sessions.use(async () => {})
  await trySweep()
  const timer = setInterval(trySweep, SWEEP_MS).unref()
  const store: Store = {
    vitals,
    limits: { maxBytes: settings.maxBytes, retention: settings.retention },
    get shared() {
      return store
    },
    write: (signal, request) => sessions.retry(session => session.write(signal, request)),
    query: (sql, parameters, signal) => sessions.use(session => session.query(sql, parameters, signal)),
    finalizeTraces: () => sessions.use(session => session.finalizeTraces()),
    sweep,
    async checkReady() {
      if (vitals.failedJustNow) throw new Error('received data could not be stored')
      if (vitals.isFailing) {
        await sessions.use(session => session.tryCommit())
        vitals.isFailing = false
      }
      if (!vitals.isSwept) throw new Error('expired data could not be deleted')
    },
    erase: statements => sessions.erase(statements),
    onRest(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearInterval(timer)
      return sessions.close()
    },
  }
  return store
}

/** The same store, whose queries and waits the signal aborts. */
export function cancellable(store: Store, signal: AbortSignal): Store {
  return {
    ...store,
    query: (sql, parameters) => store.query(sql, parameters, signal),
    finalizeTraces: () => Promise.race([store.finalizeTraces(), aborted(signal)]),
  }
}

/** Rejects with the signal's reason. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Holds one session at a time: if the disk fills up at the wrong moment, DuckDB accepts nothing until the file is reopened. */
class Sessions {
  readonly #duckdb: DuckDB
  readonly #options: SessionOptions
  #session: Promise<Session> | undefined

  constructor(duckdb: DuckDB, options: SessionOptions) {
    this.#duckdb = duckdb
    this.#options = options
  }

  async use<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    this.#session ??= this.#open()
    const current = this.#session
    const session = await current
    try {
      return await work(session)
    } catch (error) {
      if (isFatal(error) && this.#session === current) this.#session = this.#open(session)
      throw error
    }
  }

  /** Retries after the file was reopened; a failed commit has stored nothing. */
  async retry<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      return await this.use(work)
    } catch (error) {
      if (!isFatal(error)) throw error
      return this.use(work)
    }
  }

  async erase(statements: readonly string[]): Promise<void> {
    await this.use(session => session.change(statements))
    const { path } = this.#options
    if (path === ':memory:') return
    const current = await this.#session
    this.#session = this.#open(current, () => rewriteDatabase(this.#duckdb, path))
    await this.#session
  }

  /** @param failed closed first; if opening fails, the next caller retries */
  #open(failed?: Session, whileClosed?: () => Promise<void>): Promise<Session> {
    const opened = (async () => {
      await failed?.close()
      await whileClosed?.()
      this.#checkRoom()
      return openSession(this.#duckdb, this.#options)
    })()
    opened.catch(() => {
      if (this.#session === opened) this.#session = undefined
    })
    return opened
  }

  /** When opening, DuckDB first checkpoints the log into the file, and shuts down the database if it cannot. */
  #checkRoom(): void {
    const { path } = this.#options
    if (!hasRoom(path)) throw new Error(`the disk is full: ${path} needs ${logSize(path)} bytes of room`)
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined)
    await session?.close()
  }
}

const isFatal = (error: unknown): boolean => /FATAL|has been invalidated/.test(String(error))

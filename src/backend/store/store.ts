// The embedded backend's store: one DuckDB file.

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
  /** Of the file, or `:memory:`. */
  readonly path: string
  /** The clock of retention, in ms since 1970. */
  readonly now?: () => number
  /** The thresholds and times of the tiers, where a settings file has changed them. */
  readonly policies?: Policies
  readonly retention?: Retention
  /** Bytes of the file with DuckDB's log; the oldest goes first. 0 or none: as large as the disk. Of `:memory:` it bounds nothing. */
  readonly maxBytes?: number
}

export interface Store {
  /**
   * Stores a request of OTLP. Resolves when it is on the disk.
   * @returns what was not taken
   * @throws Malformed when it is no OTLP, and then nothing of it is stored; Error when it can't be stored now
   */
  write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined>
  /** What a settings file and the user made of it. */
  readonly limits: { readonly maxBytes: number; readonly retention: Retention }
  readonly vitals: Vitals
  /** @throws Error whose message says what does not work */
  checkReady(): Promise<void>
  /**
   * Several run at the same time as each other and as the writer.
   * @param parameters for `$1`, `$2` …
   * @param signal ends the statement, whose reason is thrown then
   */
  query(sql: string, parameters?: readonly Parameter[], signal?: AbortSignal): Promise<Row[]>
  /** Brings up to date what is computed behind the writer: the tree of each trace. Call it before a query that needs it. */
  finalizeTraces(): Promise<void>
  /** The store that no signal ends: for what is read once and then known to everybody who asks. See `askedBy`. */
  readonly shared: Store
  /** Takes out what has been kept for its time. Happens by itself when the store is opened, and every ten minutes. */
  sweep(): Promise<void>
  /**
   * Runs statements that delete or change rows, in one transaction, and writes the file anew, so that nothing of the old rows is on the
   * disk. Queries wait meanwhile.
   * @throws Error when there is no room for a second file: the rows are gone then, and their bytes are not
   */
  erase(statements: readonly string[]): Promise<void>
  /** @param listener gets the ids of traces that have come to rest; @returns what ends it */
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
  // not done now is done the next time
  const trySweep = () => sweep().catch(error => tellFault('what has been kept for its time is not taken out', error))
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
      if (vitals.failedJustNow) throw new Error('what came is not stored')
      if (vitals.isFailing) {
        await sessions.use(session => session.tryCommit())
        vitals.isFailing = false
      }
      if (!vitals.isSwept) throw new Error('what has been kept for its time is not taken out')
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

/** The store, with queries and waits that end at the signal. */
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

/** One after the other: when the disk is full at the wrong moment, DuckDB takes nothing more until the file is opened anew. */
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

  /** Once more where the file was opened anew meanwhile: nothing is stored of a commit that failed. */
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

  /** @param failed is closed first; what fails, is tried again by whoever comes next */
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

  /** Before anything else DuckDB writes what is in the log into the file, and gives up when it can't. */
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

// An open file: its connections and the work on them. store.ts reopens it after DuckDB has shut down the database.

import type { Signal } from '../../shared/config/otlp'
import type { Policies, Retention } from '../../shared/tiers'
import { tellFault } from '../faults'
import type { PartialSuccess } from '../otlp-answer'
import { Background, type OnRest } from './background'
import { CheckpointPolicy } from './checkpoint-policy'
import { type Database, type DuckDB, inTransaction, openDatabase } from './duckdb'
import { TraceFinalizer } from './finalize'
import { bringToFormat } from './format'
import { checkLayout } from './layout'
import type { Merges } from './merges'
import { type Numbers, type OtlpRequest, Pending } from './pending'
import { type Parameter, Readers, type Row } from './readers'
import { Bound, logWithin } from './size-limit'
import { sweep } from './sweep'
import { SweepClock } from './sweep-clock'
import { TraceBackfill } from './trace-backfill'
import { forgetTraces } from './trace-parts'
import { ChangedTraces } from './traces'
import { deleteUnused, UnusedRows } from './unused-resources'
import type { Vitals } from './vitals'
import { forgetWords, WordIndex } from './word-index'
import { Writer } from './writer'

/** How long closing waits for background work, in milliseconds. */
const PATIENCE_MS = 2_000
/** Maximum size of the log, in bytes, if the file has no size limit. */
const LOG = 128 * 2 ** 20
/** Number of spans after which traces are looked up at the start: a client may resend their spans after a lost response. */
const KNOWN = 100_000

export interface SessionOptions {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly policies: Policies
  /** In days. */
  readonly retention: Retention
  /** Size limit of the file, as in `StoreOptions`. */
  readonly maxBytes: number
  readonly vitals: Vitals
  readonly merges: Merges
  readonly onRest: OnRest
}

export interface Session {
  write(signal: Signal, request: OtlpRequest): Promise<PartialSuccess | undefined>
  query(sql: string, parameters?: readonly Parameter[], signal?: AbortSignal): Promise<Row[]>
  finalizeTraces(): Promise<void>
  sweep(): Promise<void>
  /** @throws DuckDB's error if nothing can be committed */
  tryCommit(): Promise<void>
  /** Runs statements in one transaction, as a background job. */
  change(statements: readonly string[]): Promise<void>
  /** Waits for running work, whose errors do not matter. */
  close(): Promise<void>
}

export async function openSession(duckdb: DuckDB, options: SessionOptions): Promise<Session> {
  const database = await openDatabase(duckdb, options.path)
  try {
    return await sessionOn(duckdb, database, options)
  } catch (error) {
    database.close()
    throw error
  }
}

async function sessionOn(duckdb: DuckDB, database: Database, options: SessionOptions): Promise<Session> {
  const { vitals } = options
  const readers = new Readers(duckdb, database, vitals.queries)
  const ingest = await database.connect()
  const maintenance = await database.connect()
  const pacer = await database.connect()
  await checkLayout(duckdb, ingest, readers)
  await bringToFormat(ingest, options.path, BigInt(Math.floor(options.now())) * 1_000_000n)
  for (const statement of deleteUnused) await ingest.run(statement)
  const traces = new ChangedTraces()
  const unfinished = new Set(await tracesIn(readers, 'nleft IS NULL'))
  traces.changed({ all: unfinished, parts: unfinished }, performance.now())
  const backfill = new TraceBackfill(maintenance)
  await backfill.open()
  const finalizer = await TraceFinalizer.on(duckdb, maintenance, backfill)
  let isClosing = false
  // the next commit or the next start does it
  const tellPutOff = (error: Error) => {
    if (!isClosing) tellFault('background work is postponed', error)
  }
  const background = new Background(finalizer, traces, { onRest: options.onRest, onFailure: tellPutOff })
  const words = new WordIndex(duckdb, maintenance, options)
  await words.open()
  // a clock set by the caller jumps on purpose
  const clock = options.now === Date.now ? await SweepClock.on(maintenance, Date.now) : undefined
  const indexWords = once(async () => {
    // one job per segment, so that a query that needs nested sets does not wait for all of them
    while (words.isDue && !isClosing) await background.run(() => words.next())
  }, tellPutOff)
  const addTraces = once(async () => {
    for (let isDue = true; isDue && !isClosing; ) {
      await background.run(async () => (isDue = await backfill.next()))
      if (isDue) checkpoints.isDue()
    }
  }, tellPutOff)
  const { policies, retention, now } = options
  const isBounded = options.path !== ':memory:' && options.maxBytes > 0
  const bound = new Bound(maintenance, options.maxBytes)
  const freeRoom = async () => {
    if (!(await bound.enforce())) return
    await words.sweep()
    checkpoints.isDue()
  }
  const checkpoints: CheckpointPolicy = new CheckpointPolicy(pacer, {
    path: options.path,
    mostLog: isBounded ? logWithin(options.maxBytes) : LOG,
    merges: options.merges,
    onQuiet: job => void background.run(job).catch(tellPutOff),
    async onCheckpoint() {
      if (!isBounded) return
      await background.run(freeRoom).catch(tellPutOff)
    },
  })
  const writer = await Writer.on(ingest, {
    async open() {
      const known = await tracesIn(readers, `seq > (SELECT max(seq) FROM spans) - ${KNOWN}`)
      return Pending.on(duckdb, ingest, {
        numbers: await nextNumbers(readers),
        traces: known,
        policies,
        now: () => clock?.arrival() ?? now(),
      })
    },
    onCommit: () => checkpoints.beforeCommit(ingest),
    onStored(changed, stored, seconds) {
      checkpoints.afterCommit(stored.reduce((sum, { count }) => sum + count.received, 0))
      traces.changed(changed, performance.now())
      vitals.committed(stored, seconds)
      if (changed.newest === undefined) return
      words.stored(changed.newest)
      if (words.isDue) indexWords()
    },
    onFailed: () => vitals.commitFailed(),
  })
  const unused = new UnusedRows((table, ids) => writer.forget(table, ids))
  indexWords()
  addTraces()
  return {
    write: (signal, request) => writer.write(signal, request),
    query: (sql, parameters, signal) => readers.query(sql, parameters, signal),
    finalizeTraces: () => background.finalize(),
    async sweep() {
      await background.run(async () => {
        await sweep(maintenance, { now: (await clock?.forSweep()) ?? now(), retention, policies })
        await words.sweep()
        await unused.sweep(maintenance)
      })
      const among = new Set(await tracesIn(readers, 'is_part', 'trace_parts'))
      traces.changed({ all: new Set(), parts: among }, performance.now())
      await background.finalize([...among])
    },
    async change(statements) {
      await background.run(async () => {
        vitals.words.last = -1
        await inTransaction(maintenance, [...statements, ...forgetWords, ...forgetTraces]).finally(() => words.open())
        await backfill.open()
      })
      indexWords()
      addTraces()
    },
    tryCommit: () => background.run(() => maintenance.run('UPDATE meta SET format = format')),
    async close() {
      isClosing = true
      checkpoints.close()
      await writer.close()
      // The next start resumes interrupted background work.
      const hurry = setTimeout(() => maintenance.interrupt(), PATIENCE_MS)
      await background.close().finally(() => clearTimeout(hurry))
      await readers.close()
      database.close()
    },
  }
}

/**
 * @param onFailure called if the work fails; the next call retries it
 * @returns a function that starts the work. If the work is running, it runs once more afterwards, because it may have missed what this call
 * is about.
 */
function once(work: () => Promise<void>, onFailure: (error: Error) => void): () => void {
  let [isRunning, isDue] = [false, false]
  const begin = () => {
    isDue = isRunning
    if (isRunning) return
    isRunning = true
    work()
      .catch(onFailure)
      .finally(() => {
        isRunning = false
        if (isDue) begin()
      })
  }
  return begin
}

/** @returns the 16 bytes of each id as latin1 */
async function tracesIn(readers: Readers, condition: string, table = 'spans'): Promise<string[]> {
  const rows = await readers.query(`SELECT DISTINCT lower(hex(trace_id)) AS id FROM ${table} WHERE ${condition}`)
  return rows.map(({ id }) => Buffer.from(`${id}`.padStart(32, '0'), 'hex').toString('latin1'))
}

async function nextNumbers(readers: Readers): Promise<Numbers> {
  const next = (key: string, table: string) => `(SELECT coalesce(max(${key}) + 1, 0)::DOUBLE FROM ${table}) AS ${table}`
  // numbers are not reused while the word index refers to them
  const nextSpan = `greatest((SELECT coalesce(max(seq), -1) FROM spans), (SELECT coalesce(max(last), -1) FROM word_segments))`
  const [row] = await readers.query(
    `SELECT (${nextSpan} + 1)::DOUBLE AS spans, ${next('seq', 'logs')}, ${next('seq', 'metric_points')}, ${next('id', 'resources')}, ${next('id', 'scopes')}`,
  )
  return row as unknown as Numbers
}

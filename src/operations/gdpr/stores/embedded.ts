/**
 * The embedded backend as a DuckDB file. It deletes single rows, so only the subject's spans are removed from a trace with other persons.
 * It then rewrites the file, because deleted rows would otherwise remain on disk.
 */
import { text, traceIdHex, traceIdOf } from '../../../backend/store/columns'
import type { Table } from '../../../backend/store/schema'
import { openStore, type Store, type StoreOptions } from '../../../backend/store/store'
import { sessionKeys } from '../person-attributes'
import type { Identity } from '../subject'
import { attributesOf, exemplars, isExact, isShared, maskRows, mentions, namesOthers } from './embedded-sql'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** Apps export every five seconds; a minute covers their retries. */
const FLUSH_WINDOW_MS = 60_000

const signals = { spans: 'span', logs: 'log', metric_points: 'metric' } as const
type SignalTable = keyof typeof signals
const signalTables = Object.keys(signals) as SignalTable[]

/** Properties of every embedded backend, whichever process has the file open. */
export const embeddedFacts: Pick<SubjectStore, 'name' | 'flushWindowMs' | 'unerasable'> = {
  name: 'embedded',
  flushWindowMs: FLUSH_WINDOW_MS,
  unerasable: () => [
    {
      what: 'copies of the data folder, and exports',
      why: 'they are outside the store; whoever made them must delete them',
      agesOut: null,
    },
  ],
}

/** Values of the column `seq`. */
type Rows = Readonly<Record<SignalTable, readonly string[]>>

const NOWHERE = 'false'

/** By id. */
type Parts = Readonly<Record<'resources' | 'scopes', readonly string[]>>

interface Naming {
  /** Rows that only concern the subject. */
  readonly own: Rows
  /** Rows that name the subject and somebody else, or belong to a resource that names the subject. */
  readonly masked: Rows
  /** Resources and scopes that name the subject. */
  readonly parts: Parts
  /** Data points of many persons with an exemplar that names the subject. */
  readonly exemplars: readonly string[]
  /** Traces that only concern the subject, 32 hexadecimal digits each; `shared` has those that also name other persons. */
  readonly whole: readonly string[]
  readonly shared: readonly string[]
}

/** @param store opened by this process; only one process can have the file open */
export function embeddedStore(store: Pick<Store, 'query' | 'erase'>): SubjectStore {
  const column = async (sql: string, signal: AbortSignal): Promise<string[]> =>
    (await store.query(sql, [], signal)).map(({ it }) => String(it))
  const seqs = (table: SignalTable, where: string, signal: AbortSignal) =>
    column(`SELECT seq::VARCHAR AS it FROM ${table} t WHERE ${where} ORDER BY seq`, signal)

  /** Scans each table once, because any text of a row may name the person. */
  async function rowsOf({ identity, traceIds }: Target, signal: AbortSignal): Promise<Naming> {
    const partsOf = async (where: (table: Table) => string): Promise<Parts> => {
      const of = (table: keyof Parts) =>
        column(`SELECT id::VARCHAR AS it FROM ${table} t WHERE ${where(table)}`, signal)
      return { resources: await of('resources'), scopes: await of('scopes') }
    }
    const below = ({ resources, scopes }: Parts) =>
      resources.length + scopes.length === 0
        ? NOWHERE
        : `(${oneOf('resource', resources)} OR ${oneOf('scope', scopes)})`
    const parts = await partsOf(table => mentions(table, identity))
    const [ofOwn, mentioning] = [below(await partsOf(table => isExact(table, identity))), below(parts)]
    const naming = (table: SignalTable) => `(${mentions(table, identity)} OR ${ofOwn})`
    const named = await store.query(
      `SELECT seq::VARCHAR AS seq, ${traceIdHex('trace_id')} AS trace, ${namesOthers('spans', identity)} AS others FROM spans t WHERE ${naming('spans')}`,
      [],
      signal,
    )
    const [ofOthers, ofNobodyElse] = [named.filter(({ others }) => others), named.filter(({ others }) => !others)]
    const tracesOf = (rows: typeof named) => rows.map(({ trace }) => String(trace))
    const all = [...new Set([...traceIds, ...tracesOf(named)])]
    const shared = [...new Set([...tracesOf(ofOthers), ...(await sharedAmong(all, identity, signal))])]
    const isOthers = new Set(shared)
    const own = all.filter(id => !isOthers.has(id))
    const followed = await followSessions(own, identity, signal)
    const whole = [...new Set([...own, ...followed.traces])]
    /** Classifies the rows that match `isOwn` or name the subject. */
    const look = async (table: SignalTable, isOwn: string) => {
      const others = namesOthers(table, identity)
      // an expression over all texts of a row is expensive, so it is skipped if the condition implies it
      const own = `NOT ${others} AND ${mentioning === NOWHERE ? 'true' : isOwn}`
      const masked = `${mentioning} OR CASE WHEN ${others} THEN ${naming(table)} END`
      const rows = await store.query(
        `SELECT seq::VARCHAR AS seq, ${own} AS own, ${masked} AS masked FROM ${table} t WHERE ${isOwn} OR ${mentioning} ORDER BY seq`,
        [],
        signal,
      )
      const seqOf = (some: typeof rows) => some.map(({ seq }) => String(seq))
      return {
        own: seqOf(rows.filter(({ own }) => own)),
        masked: seqOf(rows.filter(({ own, masked }) => !own && masked)),
      }
    }
    const logs = await look(
      'logs',
      `(${among(whole)} OR ${inSessions('logs', followed.sessions)} OR ${naming('logs')})`,
    )
    const points = await look('metric_points', naming('metric_points'))
    const spans = new Set([
      ...ofNobodyElse.map(({ seq }) => String(seq)),
      ...(await seqs('spans', among(whole), signal)),
    ])
    const maskedSpans = [...ofOthers.map(({ seq }) => String(seq)), ...(await seqs('spans', mentioning, signal))]
    return {
      own: { spans: [...spans], logs: logs.own, metric_points: points.own },
      masked: {
        spans: [...new Set(maskedSpans)].filter(seq => !spans.has(seq)),
        logs: logs.masked,
        metric_points: points.masked,
      },
      exemplars: await seqs('metric_points', exemplars(identity), signal),
      parts,
      whole: [...new Set([...tracesOf(named), ...followed.traces])].filter(id => !isOthers.has(id)),
      shared,
    }
  }

  /** The traces that name somebody else. */
  const sharedAmong = (traces: readonly string[], identity: Identity, signal: AbortSignal) =>
    column(
      `SELECT ${traceIdHex('trace_id')} AS it FROM spans t WHERE ${among(traces)} GROUP BY trace_id HAVING ${isShared(identity)}`,
      signal,
    )

  const sessionsOf = (traces: readonly string[], signal: AbortSignal) =>
    column(
      sessionsIn('spans')
        .map(session => `SELECT ${session} AS it FROM spans t WHERE ${among(traces)} AND ${session} <> ''`)
        .join(' UNION '),
      signal,
    )

  /** The sessions and conversations of these traces that nobody else is part of, and all traces in them. */
  async function followSessions(traces: readonly string[], identity: Identity, signal: AbortSignal) {
    const sessions = await sessionsOf(traces, signal)
    const tracesIn = (some: readonly string[]) =>
      column(`SELECT DISTINCT ${traceIdHex('trace_id')} AS it FROM spans t WHERE ${inSessions('spans', some)}`, signal)
    if (sessions.length === 0) return { sessions, traces: [] }
    const shared = await sharedAmong(await tracesIn(sessions), identity, signal)
    const ofOthers = new Set(shared.length > 0 ? await sessionsOf(shared, signal) : [])
    const own = sessions.filter(session => !ofOthers.has(session))
    return { sessions: own, traces: own.length > 0 ? await tracesIn(own) : [] }
  }

  /** Own and masked rows. */
  const allOf = ({ own, masked, exemplars }: Naming, table: SignalTable): string[] => [
    ...new Set([...own[table], ...masked[table], ...(table === 'metric_points' ? exemplars : [])]),
  ]
  const countOf = (found: Naming): number => signalTables.reduce((sum, table) => sum + allOf(found, table).length, 0)

  async function* recordsOf(found: Naming, signal: AbortSignal, most = Number.MAX_SAFE_INTEGER) {
    for (const table of signalTables) {
      const records = await column(
        `SELECT to_json(t)::VARCHAR AS it FROM ${table} t WHERE ${oneOf('seq', allOf(found, table).slice(0, most))} ORDER BY seq`,
        signal,
      )
      for (const record of records) yield { signal: signals[table], record: JSON.parse(record) as unknown }
    }
  }

  return {
    ...embeddedFacts,
    async find(target, signal): Promise<SubjectRecords> {
      const found = await rowsOf(target, signal)
      const counts = signalTables.map(table => `(SELECT count(*) FROM ${table})`).join(' + ')
      const [all] = await store.query(
        `SELECT count(DISTINCT trace_id)::VARCHAR AS traces, (${counts})::VARCHAR AS records FROM spans`,
        [],
        signal,
      )
      const samples: unknown[] = []
      for await (const { record } of recordsOf(found, signal, SAMPLES)) samples.push(record)
      return {
        records: countOf(found),
        traceIds: found.whole,
        allTraces: Number(all?.traces),
        allRecords: Number(all?.records),
        samples: samples.slice(0, SAMPLES),
        shared: found.shared.length,
      }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      yield* recordsOf(await rowsOf(target, signal), signal)
    },
    async erase(target, signal) {
      const { own, masked, parts, exemplars, shared } = await rowsOf(target, signal)
      const mask = (table: Table, numbers: string, of: readonly string[]) =>
        of.length > 0 ? [maskRows(table, target.identity, oneOf(numbers, of))] : []
      // runs even without matching rows: rows that expired, or that an interrupted erasure deleted, remain in the file's bytes
      await store.erase([
        `UPDATE metric_points SET point = json_merge_patch(point, '{"exemplars":null}') WHERE ${oneOf('seq', exemplars)}`,
        ...signalTables.map(table => `DELETE FROM ${table} WHERE ${oneOf('seq', own[table])}`),
        ...signalTables.flatMap(table => mask(table, 'seq', masked[table])),
        // nested sets of traces that lose some of their spans are computed again
        `UPDATE spans SET nleft = NULL WHERE ${among(shared)}`,
        ...mask('resources', 'id', parts.resources),
        ...mask('scopes', 'id', parts.scopes),
      ])
    },
    async verify(target, signal) {
      return countOf(await rowsOf(target, signal))
    },
  }
}

/**
 * A file that no process has open. It is opened for each query and closed afterwards. While `afn-otel up` runs, queries fail with a message
 * that says so, and the store counts as unavailable.
 * @param options must have the retention of `afn-otel up`, because opening the store deletes expired data
 */
export function embeddedFile(options: StoreOptions): SubjectStore {
  const opened = async <Result>(act: (store: SubjectStore) => Promise<Result>): Promise<Result> => {
    const store = await openStore(options)
    try {
      return await act(embeddedStore(store))
    } finally {
      await store.close()
    }
  }
  return {
    ...embeddedFacts,
    find: (...question) => opened(store => store.find(...question)),
    async *export(...question) {
      yield* await opened(async store => {
        const records: ExportRecord[] = []
        for await (const record of store.export(...question)) records.push(record)
        return records
      })
    },
    erase: (...question) => opened(store => store.erase(...question)),
    verify: (...question) => opened(store => store.verify(...question)),
  }
}

const oneOf = (column: string, numbers: readonly string[]): string =>
  numbers.length === 0 ? 'false' : `${column} IN (SELECT unnest('[${numbers.join(', ')}]'::BIGINT[]))`

const among = (traceIds: readonly string[]): string =>
  traceIds.length === 0 ? 'false' : `trace_id IN (SELECT unnest('[${traceIds.map(traceIdOf).join(', ')}]'::UHUGEINT[]))`

const sessionsIn = (table: Table): string[] => sessionKeys.map(key => attributesOf(table, key)[0]!)

function inSessions(table: Table, sessions: readonly string[]): string {
  if (sessions.length === 0) return 'false'
  const values = sessions.map(text).join(', ')
  return `(${sessionsIn(table)
    .map(session => `coalesce(${session} IN (${values}), false)`)
    .join(' OR ')})`
}

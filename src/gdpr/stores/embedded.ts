/**
 * The embedded backend: a DuckDB file. It deletes rows, so that of a trace with other persons in it only the subject's spans go, and
 * then writes the file anew, since a deleted row stays on the disk otherwise.
 */
import { text, traceIdHex, traceIdOf } from '../../local/store/columns'
import { promoted, type Table, tables } from '../../local/store/schema'
import { openStore, type Store, type StoreOptions } from '../../local/store/store'
import {
  exactValues,
  type Identity,
  identityKeys,
  personKeys,
  SHORTEST_IN_TEXT,
  sessionKeys,
  textPattern,
} from '../subject'
import type { ExportRecord, Found, SubjectStore, Target } from './store'

/** Exporters of apps send every five seconds; a minute covers their retries. */
const FLUSH_WINDOW_MS = 60_000

const signals = { spans: 'span', logs: 'log', metric_points: 'metric' } as const
type SignalTable = keyof typeof signals

/** What holds of each embedded backend, whoever has its file open. */
export const embeddedFacts: Pick<SubjectStore, 'name' | 'flushWindowMs' | 'unerasable'> = {
  name: 'embedded',
  flushWindowMs: FLUSH_WINDOW_MS,
  unerasable: () => [
    {
      what: 'copies of the data folder and exports that somebody made',
      why: 'they are outside of the store; whoever made them has to delete them',
      agesOut: null,
    },
  ],
}

/** Numbers of rows, as the column `seq` has them. */
interface Rows {
  readonly spans: readonly string[]
  readonly logs: readonly string[]
  readonly metric_points: readonly string[]
  /** Data points of many persons, with an exemplar that names the subject. */
  readonly exemplars: readonly string[]
  /** Traces that are the subject's alone, 32 hexadecimal digits each, and those with other persons in them. */
  readonly whole: readonly string[]
  readonly shared: readonly string[]
}

/** @param store that this process has opened: one process at a time has the file */
export function embeddedStore(store: Pick<Store, 'query' | 'erase'>): SubjectStore {
  const column = async (sql: string, signal: AbortSignal): Promise<string[]> =>
    (await store.query(sql, [], signal)).map(({ it }) => String(it))
  const seqs = (table: SignalTable, where: string, signal: AbortSignal) =>
    column(`SELECT seq::VARCHAR AS it FROM ${table} t WHERE ${where} ORDER BY seq`, signal)

  /** Each table is read through once: what names a person may stand in any text of a row. */
  async function rowsOf({ identity, traceIds }: Target, signal: AbortSignal): Promise<Rows> {
    const of = (what: 'resources' | 'scopes') =>
      column(`SELECT id::VARCHAR AS it FROM ${what} t WHERE ${mentions(what, identity)}`, signal)
    const from = `${oneOf('resource', await of('resources'))} OR ${oneOf('scope', await of('scopes'))}`
    const naming = (table: SignalTable) => `(${mentions(table, identity)} OR ${from})`
    const named = await store.query(
      `SELECT seq::VARCHAR AS seq, ${traceIdHex('trace_id')} AS trace FROM spans t WHERE ${naming('spans')}`,
      [],
      signal,
    )
    const traces = [...new Set([...traceIds, ...named.map(({ trace }) => String(trace))])]
    const shared = await sharedAmong(traces, identity, signal)
    const isOthers = new Set(shared)
    const own = traces.filter(id => !isOthers.has(id))
    const followed = await followSessions(own, identity, signal)
    const whole = [...new Set([...own, ...followed.traces])]
    const spans = [...named.map(({ seq }) => String(seq)), ...(await seqs('spans', among(whole), signal))]
    const ofSessions = inSessions('logs', followed.sessions)
    return {
      spans: [...new Set(spans)],
      logs: await seqs('logs', `(${among(whole)} OR ${ofSessions} OR ${naming('logs')})`, signal),
      metric_points: await seqs('metric_points', naming('metric_points'), signal),
      exemplars: await seqs('metric_points', exemplars(identity), signal),
      whole: [...new Set([...named.map(({ trace }) => String(trace)), ...followed.traces])].filter(
        id => !isOthers.has(id),
      ),
      shared,
    }
  }

  /** Traces in which somebody else is named. */
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

  /** Sessions and conversations of these traces in which nobody else is, and all traces in them. */
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

  const countOf = ({ spans, logs, metric_points, exemplars }: Rows): number =>
    spans.length + logs.length + new Set([...metric_points, ...exemplars]).size

  return {
    ...embeddedFacts,
    async find(target, signal): Promise<Found> {
      const rows = await rowsOf(target, signal)
      const [all] = await column('SELECT count(DISTINCT trace_id)::VARCHAR AS it FROM spans', signal)
      return {
        records: countOf(rows),
        traceIds: rows.whole,
        allTraces: Number(all),
        shared: rows.shared.length,
      }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      const rows = await rowsOf(target, signal)
      for (const [table, kind] of Object.entries(signals) as [SignalTable, ExportRecord['signal']][]) {
        const records = await column(
          `SELECT to_json(t)::VARCHAR AS it FROM ${table} t WHERE ${oneOf('seq', rows[table])} ORDER BY seq`,
          signal,
        )
        for (const record of records) yield { signal: kind, record: JSON.parse(record) }
      }
    },
    async erase(target, signal) {
      const rows = await rowsOf(target, signal)
      // also where no row is left: one that retention deleted, or an erasure that was killed then, is in the bytes of the file still
      await store.erase([
        `UPDATE metric_points SET point = json_merge_patch(point, '{"exemplars":null}') WHERE ${oneOf('seq', rows.exemplars)}`,
        ...(Object.keys(signals) as SignalTable[]).map(
          table => `DELETE FROM ${table} WHERE ${oneOf('seq', rows[table])}`,
        ),
        // the tree of a trace that goes on without some of its spans is made anew
        `UPDATE spans SET nleft = NULL WHERE ${among(rows.shared)}`,
        ...(['resources', 'scopes'] as const).map(
          table => `DELETE FROM ${table} t WHERE ${mentions(table, target.identity)}`,
        ),
      ])
    },
    async verify(target, signal) {
      return countOf(await rowsOf(target, signal))
    },
  }
}

/**
 * A file that no process has open. It is opened for each question and closed after it: while `afn-otel up` runs, each of them fails with
 * the words that say so, and the store counts as away.
 * @param options with the retention that `afn-otel up` has: a store that is opened takes out what is older
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

/** In an attribute that holds an identity, or in any text of the row: its name, its status, its events, its attributes and their keys. */
function mentions(table: Table, identity: Identity): string {
  const pattern = textPattern(identity)
  // the pattern has no short ids, and a number is in no text; for all others it is enough, and a lookup in a map is dear
  const values = exactValues(identity).filter(value => value.length < SHORTEST_IN_TEXT || /^-?\d+$/.test(value))
  const exact = (values.length > 0 ? identityKeys : [])
    .flatMap(key => attributesOf(table, key))
    .map(value => `${value} IN (${values.map(text).join(', ')})`)
  const inText = pattern === undefined ? [] : [`regexp_matches(${textOf(table)}, ${text(pattern)})`]
  return `(${['false', ...exact, ...inText].map(one => `coalesce(${one}, false)`).join(' OR ')})`
}

/** All texts of a row, each on a line of its own. Not the row as JSON: DuckDB has not the memory for 2,048 of them at once. */
function textOf(table: Table): string {
  const texts = Object.entries<string>(tables[table]).flatMap(([column, type]) => {
    const value = `t.${column}`
    // of a data point, its exemplars are in `point`
    if (column === 'point') return []
    if (type === 'VARCHAR') return value
    if (type === 'MAP(VARCHAR, VARCHAR)') return [inLines(`map_keys(${value})`), inLines(`map_values(${value})`)]
    if (/^MAP\(VARCHAR, \w+\)$/.test(type)) return inLines(`map_keys(${value})`)
    // most rows have none, and only for the others is it written
    if (type.startsWith('MAP')) return `CASE WHEN cardinality(${value}) > 0 THEN to_json(${value})::VARCHAR END`
    return type.startsWith('STRUCT') ? `CASE WHEN len(${value}) > 0 THEN to_json(${value})::VARCHAR END` : []
  })
  return `concat_ws(chr(10), ${texts.join(', ')})`
}

const inLines = (list: string): string => `array_to_string(${list}, chr(10))`

/** A data point counts many persons: what names one of them, an exemplar, goes alone. */
function exemplars(identity: Identity): string {
  const pattern = textPattern(identity)
  return pattern === undefined ? 'false' : `coalesce(regexp_matches(point, ${text(pattern)}), false)`
}

const sessionsIn = (table: Table): string[] => sessionKeys.map(key => attributesOf(table, key)[0]!)

function inSessions(table: Table, sessions: readonly string[]): string {
  if (sessions.length === 0) return 'false'
  const values = sessions.map(text).join(', ')
  return `(${sessionsIn(table)
    .map(session => `coalesce(${session} IN (${values}), false)`)
    .join(' OR ')})`
}

/** Of a group of spans: somebody else is named too. */
function isShared(identity: Identity): string {
  const others = personKeys
    .flatMap(key => attributesOf('spans', key))
    .map(value => `coalesce(bool_or(${value} NOT IN (${exactList(identity)})), false)`)
  return `(${others.join(' OR ')})`
}

/** An id may be sent as a number. */
function attributesOf(table: Table, key: string): string[] {
  const own = table === 'spans' ? promoted.get(key) : undefined
  const asText = own?.type === 'string' ? `t.${own.column}` : `t.attr_s[${text(key)}]`
  return [asText, `t.attr_i[${text(key)}]::VARCHAR`]
}

const exactList = (identity: Identity): string => exactValues(identity).map(text).join(', ')

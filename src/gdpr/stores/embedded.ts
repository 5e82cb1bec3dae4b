/**
 * The embedded backend: a DuckDB file. It deletes rows, so that of a trace with other persons in it only the subject's spans go, and
 * then writes the file anew, since a deleted row stays on the disk otherwise.
 */
import { text, traceIdHex, traceIdOf } from '../../local/store/columns'
import { attributeMaps, promoted, type Table } from '../../local/store/schema'
import type { Store } from '../../local/store/store'
import { exactValues, type Identity, identityKeys, textPattern } from '../subject'
import type { ExportRecord, Found, SubjectStore, Target } from './store'

/** Exporters of apps send every five seconds, and a browser keeps what it could not send until the page is opened again. */
const FLUSH_WINDOW_MS = 60_000

/** @param store that this process has opened: one process at a time has the file */
export function embeddedStore(store: Pick<Store, 'query' | 'erase'>): SubjectStore {
  const count = async (table: Table, where: string, signal: AbortSignal): Promise<number> => {
    const [row] = await store.query(`SELECT count(*)::DOUBLE AS n FROM ${table} t WHERE ${where}`, [], signal)
    return Number(row?.n ?? 0)
  }
  const countAll = async (target: Target, signal: AbortSignal): Promise<number> => {
    let records = 0
    for (const [table, where] of conditionsOf(target)) records += await count(table, where, signal)
    return records + (await count('metric_points', exemplarsOf(target.identity), signal))
  }
  return {
    name: 'embedded',
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<Found> {
      const own = names('spans', target.identity)
      const traces = await store.query(
        `SELECT ${traceIdHex('trace_id')} AS id, ${isSharedSql(target.identity)} AS shared FROM spans t
        WHERE trace_id IN (SELECT trace_id FROM spans t WHERE ${own}) GROUP BY trace_id`,
        [],
        signal,
      )
      const [all] = await store.query('SELECT count(DISTINCT trace_id)::DOUBLE AS n FROM spans', [], signal)
      return {
        records: await countAll(target, signal),
        traceIds: traces.filter(({ shared }) => !shared).map(({ id }) => String(id)),
        allTraces: Number(all?.n ?? 0),
        shared: traces.filter(({ shared }) => shared).length,
      }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const [table, where] of conditionsOf(target)) {
        const rows = await store.query(`SELECT to_json(t) AS record FROM ${table} t WHERE ${where}`, [], signal)
        for (const { record } of rows) yield { signal: signalOf[table], record: JSON.parse(String(record)) }
      }
    },
    async erase(target) {
      const { identity } = target
      const spans = `SELECT trace_id FROM spans t WHERE ${names('spans', identity)}`
      await store.erase([
        // the tree of a trace that goes on without some of its spans is made anew
        `UPDATE spans SET nleft = NULL WHERE trace_id IN (${spans})`,
        `UPDATE metric_points t SET point = json_merge_patch(point, '{"exemplars":null}') WHERE ${exemplarsOf(identity)}`,
        ...conditionsOf(target).map(([table, where]) => `DELETE FROM ${table} t WHERE ${where}`),
        ...(['resources', 'scopes'] as const).map(
          table => `DELETE FROM ${table} t WHERE ${mentioned(identity)} AND NOT EXISTS (${usersOf(table)})`,
        ),
      ])
    },
    verify: countAll,
    unerasable: () => [
      {
        what: 'copies of the data folder and exports that somebody made',
        why: 'they are outside of the store; whoever made them has to delete them',
        agesOut: null,
      },
    ],
  }
}

const signalOf = { spans: 'span', logs: 'log', metric_points: 'metric' } as const

/** Per table, which rows are the subject's. */
function conditionsOf({ identity, traceIds }: Target): ['spans' | 'logs' | 'metric_points', string][] {
  const [spans, logs, points] = [names('spans', identity), names('logs', identity), names('metric_points', identity)]
  const whole = `(SELECT trace_id FROM spans t WHERE trace_id IN (SELECT trace_id FROM spans t WHERE ${spans}) OR ${among(traceIds)}
    GROUP BY trace_id HAVING NOT (${isSharedSql(identity)}))`
  // the trace of a log record may have no span here
  const orphans = `(${among(traceIds)} AND trace_id NOT IN (SELECT trace_id FROM spans))`
  return [
    // log records first: which traces are whole is read from the spans
    ['logs', `(${logs} OR trace_id IN ${whole} OR ${orphans})`],
    ['metric_points', points],
    ['spans', `(${spans} OR trace_id IN ${whole})`],
  ]
}

const among = (traceIds: readonly string[]): string =>
  traceIds.length === 0 ? 'false' : `trace_id IN (SELECT unnest('[${traceIds.map(traceIdOf).join(', ')}]'::UHUGEINT[]))`

/** Of a data point: its exemplars are in `point`. */
const withoutExemplars = `struct_pack(name := t.name, description := t.description, ${Object.values(attributeMaps)
  .map(map => `${map} := t.${map}`)
  .join(', ')})`

/** A row that has the subject itself, or whose resource or scope does. */
function names(table: 'spans' | 'logs' | 'metric_points', identity: Identity): string {
  const own = [
    mentioned(identity, table === 'metric_points' ? withoutExemplars : 't'),
    ...identityKeys.map(key => `${attributeOf(table, key)} IN (${exactList(identity)})`),
  ]
  const from = (what: 'resources' | 'scopes') =>
    `t.${what.slice(0, -1)} IN (SELECT id FROM ${what} t WHERE ${mentioned(identity)} OR ${identityKeys
      .map(key => `t.attr_s[${text(key)}] IN (${exactList(identity)})`)
      .join(' OR ')})`
  return `coalesce(${[...own, from('resources'), from('scopes')].map(one => `coalesce(${one}, false)`).join(' OR ')}, false)`
}

/** In any text of the row: its name, its status, its events, its attributes, their keys. */
function mentioned(identity: Identity, row = 't'): string {
  const pattern = textPattern(identity)
  return pattern === undefined ? 'false' : `regexp_matches(to_json(${row})::VARCHAR, ${text(pattern)})`
}

/** A data point counts many persons: what names one of them, an exemplar, goes alone. */
function exemplarsOf(identity: Identity): string {
  const pattern = textPattern(identity)
  return pattern === undefined ? 'false' : `coalesce(regexp_matches(point, ${text(pattern)}), false)`
}

/** Whether a group of spans names somebody else, too. */
function isSharedSql(identity: Identity): string {
  const others = ['user.id', 'enduser.id', 'langfuse.user.id'].map(
    key => `coalesce(bool_or(${attributeOf('spans', key)} NOT IN (${exactList(identity)})), false)`,
  )
  return others.join(' OR ')
}

function attributeOf(table: Table, key: string): string {
  const own = table === 'spans' ? promoted.get(key) : undefined
  return own?.type === 'string' ? `t.${own.column}` : `t.attr_s[${text(key)}]`
}

const exactList = (identity: Identity): string => exactValues(identity).map(text).join(', ')

function usersOf(table: 'resources' | 'scopes'): string {
  const column = table.slice(0, -1)
  return ['spans', 'logs', 'metric_points']
    .map(user => `SELECT 1 FROM ${user} u WHERE u.${column} = t.id`)
    .join(' UNION ALL ')
}

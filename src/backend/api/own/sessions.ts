// `GET /api/afn/sessions` and `/api/afn/sessions/{kind}/{id}`: sessions and conversations, which span several traces.

import { ATTR_GEN_AI_CONVERSATION_ID, ATTR_SESSION_ID, ATTR_USER_ID } from '../../../../semconv'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { failures, totals } from '../../store/calls'
import { attribute, nestedAttribute, text } from '../../store/columns'
import type { Row, Store } from '../../store/store'
import { secondsOf, within } from '../parameters'
import type { Parts } from '../parts'
import type { SessionAnswer, SessionKind, SessionsAnswer } from '../session-answers'
import { count, textOrNull, usageOf } from './row'
import { calls } from './turns'

const idOf: Record<SessionKind, string> = {
  session: attribute('span', ATTR_SESSION_ID, 'string'),
  conversation: attribute('span', ATTR_GEN_AI_CONVERSATION_ID, 'string'),
}
export const sessionKinds = Object.keys(idOf) as SessionKind[]
const user = attribute('span', ATTR_USER_ID, 'string')

/** A span without an id belongs to the session of its trace. */
const spansOf = (kind: SessionKind, where: string): string => `
  spans s JOIN (SELECT DISTINCT s.trace_id, ${idOf[kind]} AS id FROM spans s WHERE id IS NOT NULL AND ${where}) named
    ON s.trace_id = named.trace_id AND coalesce(${idOf[kind]}, named.id) = named.id`

/** Latest sessions first. */
export async function sessions({ store }: Parts, period: TimeRangeNs, limit: number): Promise<SessionsAnswer> {
  const rows = await latestSessions(store, period, limit + 1)
  const listed = rows.slice(0, limit)
  const logged = await loggedIn(
    store,
    listed.flatMap(({ kind, id }) => (kind === 'session' ? [id as string] : [])),
  )
  return {
    complete: rows.length <= limit,
    sessions: listed.map(row => {
      const kind = row.kind as SessionKind
      const usage = usageOf(row)
      const own = kind === 'session' ? logged.get(row.id as string) : undefined
      const [start, end] = [secondsOf(row.first), secondsOf(row.last)]
      return {
        kind,
        id: row.id as string,
        user: textOrNull(row.user),
        start: own ? Math.min(start, own.start) : start,
        end: own ? Math.max(end, own.end) : end,
        traces: count(row.traces),
        ...usage,
        errors: usage.errors + (own?.errors ?? 0),
      }
    }),
  }
}

interface Logged {
  readonly start: number
  readonly end: number
  /** Exceptions logged outside of any span, which no failed span counts. */
  readonly errors: number
}

/** By session: a page stays open longer than its requests take, and most of its errors occur outside of them. */
async function loggedIn(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, Logged>> {
  if (ids.length === 0) return new Map()
  const session = nestedAttribute('l', ATTR_SESSION_ID, 'string')
  const rows = await store.query(
    `SELECT ${session} AS id, min(l.time_ns) AS first, max(l.time_ns) AS last,
      count(*) FILTER (l.event_name = 'exception' AND coalesce(l.span_id, 0) = 0) AS errors
    FROM logs l WHERE l.time_ns > 0 AND list_contains([${ids.map(text).join(', ')}], ${session}) GROUP BY 1`,
  )
  return new Map(
    rows.map(({ id, first, last, errors }) => [
      id as string,
      { start: secondsOf(first), end: secondsOf(last), errors: count(errors) },
    ]),
  )
}

/** Sums all spans of a session, including those outside of the period. */
async function latestSessions(store: Store, period: TimeRangeNs, limit: number): Promise<Row[]> {
  const { fromNs, toNs } = period
  const inside = `first_ns >= ${fromNs} AND last_start_ns < ${toNs}`
  const overlapping = `last_start_ns >= ${fromNs} AND first_ns < ${toNs}`
  /**
   * Traces whose spans must be read, because the table of traces is not enough: those with several sessions, and those across an edge of
   * the period.
   */
  const apart = (kind: SessionKind) =>
    `${overlapping} AND (${kind}_min <> ${kind}_max OR (${kind}_min IS NOT NULL AND NOT (${inside})))`
  const [found] = await store.query(
    `SELECT ${sessionKinds.map(kind => `count(*) FILTER (${apart(kind)}) > 0 AS ${kind}`).join(', ')} FROM traces`,
  )
  const selects = sessionKinds.flatMap(kind => [
    `SELECT '${kind}' AS kind, ${kind}_min AS id, user_id AS user, user_ns, first_ns AS first, least(last_ns, received_ns) AS last,
      1 AS traces, ${sums.join(', ')} FROM traces WHERE ${kind}_min = ${kind}_max AND ${inside}`,
    ...(found![kind]
      ? [
          `SELECT '${kind}' AS kind, named.id AS id, arg_max(${user}, s.start_ns) AS user, max(s.start_ns) FILTER (${user} IS NOT NULL) AS user_ns,
            min(s.start_ns) AS first, max(least(s.start_ns + s.duration_ns, s.received_ns)) AS last, count(DISTINCT s.trace_id) AS traces,
            ${totals}, ${failures}
          FROM ${spansOf(kind, `${within(period)} AND s.trace_id IN (SELECT trace_id FROM traces WHERE ${apart(kind)})`)} GROUP BY named.id`,
        ]
      : []),
  ])
  return store.query(`
    SELECT kind, id, arg_max(user, user_ns) AS user, min(first) AS first, max(last) AS last, sum(traces) AS traces,
      ${sums.map(name => `sum(${name}) AS ${name}`).join(', ')}
    FROM (${selects.join(' UNION ALL BY NAME ')}) GROUP BY kind, id ORDER BY last DESC, id LIMIT ${limit}`)
}

const sums = ['calls', 'cost', 'no_price', 'no_usage', 'input', 'output', 'errors'] as const

/** The model calls of a session. */
export async function session(
  { store }: Parts,
  params: QueryParams,
  kind: SessionKind,
  id: string,
): Promise<SessionAnswer> {
  return { kind, id, ...(await calls(store, params, spansOf(kind, `${idOf[kind]} = $1`), [id])) }
}

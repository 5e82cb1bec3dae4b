// `GET /api/afn/sessions/session/{id}/timeline`: a whole session in time order, with what its pages recorded (page views, clicks, errors,
// Web Vitals and other log records) and its traces.
import { ATTR_SESSION_ID } from '../../../../semconv'
import { failures } from '../../store/calls'
import { attribute, nestedAttribute, traceIdHex } from '../../store/columns'
import { tracesSelect } from '../../traceql/statement'
import type { TimelineAnswer, TimelineEntry } from '../browser-answers'
import { secondsOf } from '../parameters'
import type { Parts } from '../parts'
import { lineOf, logColumns } from './logs'
import { count, textOrNull } from './row'

/** Limit for log records and for traces; beyond it, the answer says that there are more. */
const most = 2_000

export async function timeline({ store }: Parts, id: string): Promise<TimelineAnswer> {
  const session = (alias: string) => nestedAttribute(alias, ATTR_SESSION_ID, 'string')
  const [records, traces] = await Promise.all([
    store.query(
      `SELECT ${logColumns}
      FROM logs l JOIN resources r ON r.id = l.resource WHERE coalesce(${session('l')}, ${session('r')}) = $1
      ORDER BY l.time_ns, l.seq LIMIT ${most + 1}`,
      [id],
    ),
    store.query(
      `SELECT ${traceIdHex('t.trace_id')} AS trace, t.* FROM (${tracesSelect(
        `s.trace_id IN (SELECT s.trace_id FROM spans s WHERE ${attribute('span', ATTR_SESSION_ID, 'string')} = $1)`,
        ['count(*) AS spans', failures],
      )}) t ORDER BY t.start_ns LIMIT ${most + 1}`,
      [id],
    ),
  ])
  const entries: TimelineEntry[] = [
    ...records.slice(0, most).map((row): TimelineEntry => {
      const log = lineOf(row)
      return { time: log.time, log }
    }),
    ...traces.slice(0, most).map((row): TimelineEntry => {
      const durationMs = Number((row.end_ns as bigint) - (row.start_ns as bigint)) / 1e6
      const [name, service] = [textOrNull(row.root_name), textOrNull(row.root_service)]
      const trace = {
        id: row.trace as string,
        name,
        service,
        durationMs,
        spans: count(row.spans),
        errors: count(row.errors),
      }
      return { time: secondsOf(row.start_ns), trace }
    }),
  ]
  return {
    id,
    entries: entries.sort((a, b) => a.time - b.time),
    complete: records.length <= most && traces.length <= most,
  }
}

// `GET /api/afn/logs`: the log records of a trace, or those of a window that match a text and other filters.

import { Refused } from '../../body'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { spanIdHex, traceIdHex, traceIdOf } from '../../store/columns'
import { attributeMaps } from '../../store/schema'
import type { Row } from '../../store/store'
import type { LogLine, LogsAnswer } from '../log-answers'
import { integer, secondsOf } from '../parameters'
import type { Parts } from '../parts'
import { traceIdIn } from '../tempo/trace'
import { logFiltersOf, matching } from './log-filters'

/** What `lineOf` reads of `logs l` and `resources r`. */
export const logColumns = `l.*, r.service_name, ${traceIdHex('l.trace_id')} AS trace, ${spanIdHex('l.span_id')} AS span`

/** Newest records first; the records of one trace in the order of writing. @throws Refused with 400 */
export async function logs({ store }: Parts, params: QueryParams, { fromNs, toNs }: TimeRangeNs): Promise<LogsAnswer> {
  const trace = params('trace')
  const limit = integer(params, 'limit', 1, 10_000) ?? (trace ? 10_000 : 200)
  const filters = logFiltersOf(params)
  const conditions = trace
    ? [`l.trace_id = ${traceIdOf(traceIdIn(trace))}::UHUGEINT`]
    : [`l.time_ns >= ${fromNs}`, `l.time_ns < ${toNs}`]
  const after = params('after')
  if (after) conditions.push(behind(after, !trace))
  conditions.push(matching(filters))
  const rows = await store.query(
    `SELECT ${logColumns} FROM logs l JOIN resources r ON r.id = l.resource WHERE ${conditions.join(' AND ')}
    ORDER BY l.time_ns ${trace ? '' : 'DESC'}, l.seq LIMIT ${limit + 1}`,
    filters.values,
  )
  const last = rows[limit - 1]
  return { logs: rows.slice(0, limit).map(lineOf), next: rows.length > limit ? `${last!.time_ns}_${last!.seq}` : null }
}

/** The condition for the records after the last line of a page. @throws Refused with 400 */
function behind(after: string, isNewestFirst: boolean): string {
  const [, time, seq] = /^(\d{1,19})_(\d{1,19})$/.exec(after) ?? []
  if (time === undefined) throw new Refused(400, `invalid after: "${after}" is not a cursor from a previous response`)
  return `(l.time_ns ${isNewestFirst ? '<' : '>'} ${time} OR (l.time_ns = ${time} AND l.seq > ${seq}))`
}

export function lineOf(row: Row): LogLine {
  return {
    id: String(row.seq),
    time: secondsOf(row.time_ns || row.observed_ns),
    severity: (row.severity_text as string) || severityOf(row.severity as number),
    class: row.class as string,
    service: (row.service_name as string | null) ?? '',
    event: row.event_name as string,
    body: row.body,
    attributes: plainAttributes(row),
    traceId: row.trace_id ? (row.trace as string) : null,
    spanId: row.span_id ? (row.span as string) : null,
  }
}

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#severity-fields: four numbers per name. */
const severityOf = (number: number): string =>
  number === 0 ? '' : (['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'][Math.floor((number - 1) / 4)] ?? '')

function plainAttributes(row: Row): Record<string, unknown> {
  const entries = Object.values(attributeMaps).flatMap(
    column => (row[column] ?? []) as { key: string; value: unknown }[],
  )
  const plain = (value: unknown): unknown => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    if (Array.isArray(value)) return value.map(plain)
    // an array attribute has a list per type, of which one is filled
    if (typeof value === 'object' && value !== null) return plain(Object.values(value).find(Boolean) ?? [])
    return value
  }
  return Object.fromEntries(entries.map(({ key, value }) => [key, plain(value)]))
}

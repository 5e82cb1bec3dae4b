// `GET /api/afn/errors`: failures that are alike, as one.
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../../semconv'
import { policies } from '../../../tiers'
import { attribute, nestedAttribute, text, traceIdHex } from '../../store/columns'
import type { ErrorsAnswer } from '../answers'
import { type Period, secondsOf, within } from '../parameters'
import type { Parts } from '../parts'
import { count } from './row'

/** In this order: what one occurrence has and another has not. */
const variable: readonly (readonly [pattern: string, instead: string])[] = [
  // a pseudonym, which tells persons apart
  ['\\[([A-Z_]+):[0-9a-f]{16}\\]', '[\\1]'],
  ['[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}', '<id>'],
  // letters and digits mixed, long: keys of requests, hashes, ids with a prefix
  ['\\b[A-Za-z_]*[0-9][0-9A-Za-z_]{11,}\\b', '<id>'],
  ['0x[0-9a-fA-F]+', '<id>'],
  ['[0-9]+(\\.[0-9]+)*', '<n>'],
]

const normalised = (sql: string): string =>
  variable.reduce(
    (inner, [pattern, instead]) => `regexp_replace(${inner}, ${text(pattern)}, ${text(instead)}, 'g')`,
    sql,
  )

const exception = `list_filter(s.events, lambda e: e.name = ${text(policies.errors.event)})`
const firstLine = (sql: string): string => `left(split_part(${sql}, chr(10), 1), 500)`
const said = (key: string): string => nestedAttribute(`${exception}[1]`, key, 'string')
const status = attribute('span', ATTR_HTTP_RESPONSE_STATUS_CODE, 'int')

/**
 * Where each failure began: spans that failed and have no child that did, so that one failure is not counted on every
 * level. A refused request that was tried again without failing anything above it is none.
 */
export async function errors({ store }: Parts, period: Period, limit: number): Promise<ErrorsAnswer> {
  const { from, below } = policies.errors.notOnClient
  const rows = await store.query(`
    WITH failed AS (
      SELECT s.trace_id, s.span_id, s.parent_id, s.start_ns, s.name, r.service_name,
        s.kind = 3 AND coalesce(${status} >= ${from} AND ${status} < ${below}, false) AS was_refused,
        coalesce(${attribute('span', ATTR_ERROR_TYPE, 'string')}, ${said('exception.type')}, ${status}::VARCHAR, '') AS type,
        ${firstLine(`coalesce(nullif(s.status_message, ''), ${said('exception.message')}, '')`)} AS message
      FROM spans s JOIN resources r ON r.id = s.resource
      WHERE ${within(period)} AND (s.status = 2 OR len(${exception}) > 0)
    ), began AS (
      SELECT f.*, ${normalised('f.message')} AS shape FROM failed f
      WHERE NOT EXISTS (SELECT 1 FROM failed c WHERE c.trace_id = f.trace_id AND c.parent_id = f.span_id)
        AND (NOT f.was_refused
          OR EXISTS (SELECT 1 FROM failed p WHERE p.trace_id = f.trace_id AND p.span_id = f.parent_id))
    )
    SELECT left(md5(concat_ws(chr(0), coalesce(service_name, ''), type, shape)), 16) AS id, type, shape AS message,
      coalesce(service_name, '') AS service, arg_max(name, start_ns) AS span, count(*) AS count,
      min(start_ns) AS first, max(start_ns) AS last,
      list_transform(max_by(trace_id, start_ns, 5), lambda t: ${traceIdHex('t')}) AS traces
    FROM began GROUP BY type, shape, service_name ORDER BY count DESC, last DESC LIMIT ${limit}`)
  return {
    groups: rows.map(row => ({
      id: row.id as string,
      type: row.type as string,
      message: row.message as string,
      service: row.service as string,
      span: row.span as string,
      count: count(row.count),
      first: secondsOf(row.first),
      last: secondsOf(row.last),
      traceIds: [...new Set(row.traces as string[])],
    })),
  }
}

// `GET /api/afn/errors`: groups of similar failures, from failed spans and from exceptions in log records.

import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE, ATTR_SESSION_ID, ATTR_USER_ID } from '../../../../semconv'
import { policies } from '../../../shared/tiers'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { attribute, nestedAttribute, text, traceIdHex } from '../../store/columns'
import type { ErrorsAnswer } from '../error-answers'
import { stepOf, within } from '../parameters'
import type { Parts } from '../parts'
import { deploysWithin, errorFacets, type Wanted, wantedOf } from './error-filters'
import { grouped, mostExamples } from './error-groups'
import { count } from './row'

/** Patterns of the variable parts of a message, in the order of replacement. */
const variable: readonly (readonly [pattern: string, instead: string])[] = [
  // pseudonyms, which differ by person
  ['\\[([A-Z_]+):[0-9a-f]{16}\\]', '[\\1]'],
  ['[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}', '<id>'],
  // long mixes of letters and digits: request ids, hashes, ids with a prefix
  ['\\b[A-Za-z_]*[0-9][0-9A-Za-z_]{11,}\\b', '<id>'],
  ['0x[0-9a-fA-F]+', '<id>'],
  ['[0-9]+(\\.[0-9]+)*', '<n>'],
]

/** Skips the replacements for most messages: every pattern needs a digit or a bracket, and most messages have neither. */
const normalised = (sql: string): string => {
  const replaced = variable.reduce(
    (inner, [pattern, instead]) => `regexp_replace(${inner}, ${text(pattern)}, ${text(instead)}, 'g')`,
    sql,
  )
  return `CASE WHEN regexp_matches(${sql}, '[0-9\\[]') THEN ${replaced} ELSE ${sql} END`
}

const exception = `list_filter(s.events, lambda e: e.name = ${text(policies.errors.event)})`
const firstLine = (sql: string): string => `left(split_part(${sql}, chr(10), 1), 500)`
const said = (key: string): string => nestedAttribute(`${exception}[1]`, key, 'string')
const logged = (key: string): string => nestedAttribute('l', key, 'string')
const status = attribute('span', ATTR_HTTP_RESPONSE_STATUS_CODE, 'int')
const session = attribute('span', ATTR_SESSION_ID, 'string')
const build = attribute('resource', 'app.build_id', 'string')
const version = attribute('resource', 'service.version', 'string')
const user = attribute('span', ATTR_USER_ID, 'string')
/** Users that are told apart per group. */
const mostUsers = 1_000

/** The first four lines of the outermost error's stack that have a place; the fourth has the name for the third. */
const frames = `list_slice(regexp_extract_all(split_part(left(stack, 16384), chr(10) || 'Caused by:', 1),
  '(?m)^.*(?::[0-9]+:[0-9]+\\)?|\\(<anonymous>\\)|\\[native code\\])[ \\r]*$'), 1, 4)`

/** The key of a group before its stacks are read. */
const alike = 'service, type, message'
/** Maximum number of different stacks per answer; the rarest are not counted. */
const mostStacks = 10_000

/**
 * Counts each failure where it began, at a failed span without a failed child, so that it is not counted at every level. A failed request
 * that was retried with success is not a failure. A log record with the exception of a failed span adds the stack.
 *
 * Parameters: `service` and `version` (exact), `q` (a text in the type, message or span name, in any case), `new=true` (only errors that
 * the service did not have before its newest version), `facets=true`.
 */
export async function errors(
  { store, sourceMaps }: Parts,
  params: QueryParams,
  period: TimeRangeNs,
  limit: number,
): Promise<ErrorsAnswer> {
  const step = params('step') ? stepOf(params, period) : wideStep(period)
  const deploys = await deploysWithin(store, period)
  const wanted = wantedOf(params, deploys)
  const facets = params('facets') === 'true' ? await errorFacets(store, seen(period)) : undefined
  // Stacks split similar failures into smaller groups. So the answer is complete once the last wanted group is at least as frequent as the
  // rarest row that was read: no unread row can be larger.
  for (let most = 2 * limit + 20; ; most *= 8) {
    const rows = await store.query(failures(period, most, step, wanted))
    const read = new Set(rows.map(({ place }) => place))
    const all = await grouped(rows, sourceMaps, step, deploys)
    const groups = all.slice(0, limit)
    const complete = read.size < most && groups.length === all.length
    const rarest = Math.min(...rows.map(row => count(row.alike)))
    if (read.size < most || (groups.length === limit && groups.at(-1)!.count >= rarest))
      return { groups, stepSeconds: step, complete, deploys, ...(facets && { facets }) }
  }
}

/** Returns the seconds per step, for about 120 steps. */
const wideStep = ({ fromNs, toNs }: TimeRangeNs): number =>
  Math.max(1, Math.ceil(Number((toNs - fromNs) / 1_000_000_000n) / 120))

/** CTEs that end with `seen`, which has a row for each place where a failure began. */
function seen(period: TimeRangeNs): string {
  const { retried, notOnClient } = policies.errors
  const { from, below } = notOnClient
  const wasRetried = attribute('span', retried, 'bool')
  return `
    WITH failed AS (
      SELECT s.trace_id, s.span_id, s.parent_id, s.start_ns, s.name, r.service_name, ${session} AS session, ${user} AS who, ${version} AS version,
        coalesce(${wasRetried}, s.kind = 3 AND coalesce(${status} >= ${from} AND ${status} < ${below}, false)) AS was_refused,
        coalesce(${attribute('span', ATTR_ERROR_TYPE, 'string')}, ${said('exception.type')}, ${status}::VARCHAR, '') AS type,
        ${firstLine(`coalesce(nullif(s.status_message, ''), ${said('exception.message')}, '')`)} AS line,
        ${said('exception.stacktrace')} AS stack, ${build} AS build
      FROM spans s JOIN resources r ON r.id = s.resource
      WHERE ${within(period)} AND (s.status = 2 OR len(${exception}) > 0)
    ), thrown AS (
      SELECT l.trace_id, l.span_id, l.time_ns AS start_ns, '' AS name, r.service_name,
        ${logged(ATTR_SESSION_ID)} AS session, ${logged(ATTR_USER_ID)} AS who, ${version} AS version, ${logged('browser.document.url.full')} AS page,
        coalesce(${logged('exception.type')}, '') AS type, ${firstLine(`coalesce(${logged('exception.message')}, '')`)} AS line,
        ${logged('exception.stacktrace')} AS stack, coalesce(${logged('app.build_id')}, ${build}) AS build,
        l.severity = 0 OR l.severity >= 17 AS is_error
      FROM logs l JOIN resources r ON r.id = l.resource
      WHERE l.time_ns >= ${period.fromNs} AND l.time_ns < ${period.toNs} AND (l.severity = 0 OR l.severity >= 13)
        AND (l.event_name = ${text(policies.errors.event)} OR ends_with(l.event_name, ${text(`.${policies.errors.event}`)})
          OR ${logged('exception.type')} IS NOT NULL)
    ), began AS (
      SELECT f.trace_id, f.start_ns, f.name, f.service_name, f.type, f.line, coalesce(f.stack, t.stack) AS stack, f.build,
        coalesce(f.session, t.session) AS session, t.page, coalesce(f.who, t.who) AS who, f.version
      FROM failed f LEFT JOIN (
        SELECT trace_id, span_id, type, any_value(stack) AS stack, any_value(session) AS session, any_value(page) AS page,
          any_value(who) AS who
        FROM thrown GROUP BY trace_id, span_id, type
      ) t ON t.trace_id = f.trace_id AND t.span_id = f.span_id AND t.type = f.type
      WHERE NOT EXISTS (SELECT 1 FROM failed c WHERE c.trace_id = f.trace_id AND c.parent_id = f.span_id)
        AND (NOT f.was_refused
          OR EXISTS (SELECT 1 FROM failed p WHERE p.trace_id = f.trace_id AND p.span_id = f.parent_id))
      UNION ALL
      SELECT t.trace_id, t.start_ns, t.name, t.service_name, t.type, t.line, t.stack, t.build, t.session, t.page, t.who, t.version FROM thrown t
      WHERE t.is_error AND NOT EXISTS (
        SELECT 1 FROM failed f WHERE f.trace_id = t.trace_id AND f.span_id = t.span_id AND f.type = t.type)
    ), seen AS MATERIALIZED (
      SELECT *, ${normalised('line')} AS message, coalesce(service_name, '') AS service FROM began
    )`
}

/** @param most how many groups of similar failures, the most frequent first */
function failures(period: TimeRangeNs, most: number, step: number, { condition, isNew }: Wanted): string {
  return `${seen(period)}, wanted AS MATERIALIZED (SELECT * FROM seen WHERE ${condition}
    ), frequent AS (
      SELECT *, row_number() OVER () AS place FROM (
        SELECT ${alike}, count(*) AS alike, min(start_ns) AS first_alike, max(start_ns) AS last_alike FROM wanted GROUP BY ${alike}
        HAVING ${isNew} ORDER BY alike DESC, last_alike DESC, ${alike} LIMIT ${most})
    )
    SELECT place, alike, first_alike, ${alike}, build, coalesce(${frames}, []) AS frames, arg_max(name, start_ns) AS span, arg_max(line, start_ns) AS newest,
      arg_min(version, start_ns) AS first_version, arg_max(version, start_ns) AS last_version,
      list_slice(list(DISTINCT who) FILTER (who IS NOT NULL), 1, ${mostUsers}) AS users,
      count(*) AS count, min(start_ns) AS first, max(start_ns) AS last,
      list(DISTINCT name) FILTER (name <> '') AS names, histogram(start_ns // ${BigInt(step) * 1_000_000_000n}) AS steps,
      max_by({trace: CASE WHEN trace_id <> 0 THEN ${traceIdHex('trace_id')} END, time_ns: start_ns, name: name, session: session, page: page},
        start_ns, ${mostExamples}) AS examples
    FROM wanted JOIN frequent USING (${alike}) GROUP BY ALL ORDER BY count DESC, last DESC LIMIT ${mostStacks}`
}

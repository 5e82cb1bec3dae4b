// `GET /api/afn/traces/{id}/breaks`: calls whose callee is the root of another trace, because the context was not propagated. A pair is
// reported only if both ends agree on the call, the times fit, and neither end fits anything else.

import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_METHOD_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SESSION_ID,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../../semconv'
import type { TimeRangeNs } from '../../request-parameters'
import { attribute, joins, spanIdHex, text, traceIdHex, traceIdOf } from '../../store/columns'
import type { Row } from '../../store/store'
import { service } from '../../traceql/statement'
import type { BreakEnd, BreakKind, BreaksAnswer } from '../break-answers'
import type { Parts } from '../parts'

/** Maximum clock difference in nanoseconds: between two machines, and on one machine, where clocks are read to the millisecond. */
const clockSkew = { machines: 100_000_000n, machine: 2_000_000n }
/** How long the caller may begin before the callee: a request is in transit, or the caller does other work first. */
const lead = { request: 10_000_000_000n, work: 600_000_000_000n }
/** Maximum breaks per trace; nobody reads more. */
const mostBreaks = 200

/** Span kinds in OTLP. */
const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5]

/** SQL over spans and their resources. */
interface End {
  /** Evaluated before the key, which costs more. */
  readonly where: string
  /** What both ends share; NULL if a span is not an end. */
  readonly key: string
  /** The key depends only on the resource. */
  readonly isResource?: true
}

interface Rule {
  readonly kind: BreakKind
  readonly caller: End
  readonly callee: End
  readonly lead: bigint
  /** When the callee began, if not at the start of its span. */
  readonly begun?: string
  readonly sameMachine?: true
  /** The callee may begin after the caller's span has ended. */
  readonly later?: true
  /** One caller has several callees; the first of each process is reported. */
  readonly several?: true
  readonly otherService?: true
}

const string = (key: string): string => attribute('span', key, 'string')
const ofResource = (key: string, type: 'string' | 'int'): string => attribute('resource', key, type)
const joined = (...parts: string[]): string => parts.join(` || '|' || `)
const orNone = (sql: string): string => `coalesce(${sql}::VARCHAR, '')`

const method = string('http.request.method')
const url = string('url.full')
const status = orNone(attribute('span', ATTR_HTTP_RESPONSE_STATUS_CODE, 'int'))
const scheme = `coalesce(${string('url.scheme')}, regexp_extract(${url}, '^(\\w+):', 1))`
const place = joined(
  `lower(${string(ATTR_SERVER_ADDRESS)})`,
  `coalesce(${attribute('span', 'server.port', 'int')}, CASE ${scheme} WHEN 'https' THEN 443 ELSE 80 END)::VARCHAR`,
)
const mcp = joined(string(ATTR_MCP_METHOD_NAME), orNone(string(ATTR_GEN_AI_TOOL_NAME)), string(ATTR_JSONRPC_REQUEST_ID))
const message = joined(string('messaging.destination.name'), string('messaging.message.id'))
const host = ofResource('host.name', 'string')
const responseId = string(ATTR_GEN_AI_RESPONSE_ID)

const ofKind = (...kinds: number[]): string => `s.kind IN (${kinds.join(', ')})`

const rules: readonly Rule[] = [
  {
    kind: 'http',
    caller: {
      where: ofKind(CLIENT),
      key: joined(method, place, `regexp_extract(${url}, '^\\w+://[^/?#]*([^?#]*)', 1)`, status),
    },
    callee: { where: ofKind(SERVER), key: joined(method, place, string('url.path'), status) },
    lead: lead.request,
  },
  {
    kind: 'mcp',
    caller: { where: ofKind(INTERNAL, CLIENT), key: mcp },
    callee: { where: ofKind(SERVER), key: mcp },
    lead: lead.request,
  },
  {
    kind: 'message',
    caller: { where: ofKind(PRODUCER), key: message },
    callee: { where: ofKind(CONSUMER), key: message },
    lead: lead.work,
    later: true,
  },
  {
    kind: 'process',
    caller: { where: 'true', key: joined(host, `${ofResource('process.pid', 'int')}::VARCHAR`), isResource: true },
    callee: {
      where: ofKind(INTERNAL, CLIENT),
      key: joined(host, `${ofResource('process.parent_pid', 'int')}::VARCHAR`),
      isResource: true,
    },
    lead: lead.work,
    begun: `epoch_ns(TRY_CAST(${ofResource('process.creation.time', 'string')} AS TIMESTAMP))`,
    sameMachine: true,
    several: true,
  },
  {
    kind: 'session',
    caller: {
      where: `${string(ATTR_GEN_AI_OPERATION_NAME)} = ${text(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT)}`,
      key: string(ATTR_GEN_AI_CONVERSATION_ID),
    },
    callee: {
      where: ofKind(INTERNAL, CLIENT),
      key: `coalesce(${string(ATTR_GEN_AI_CONVERSATION_ID)}, ${string(ATTR_SESSION_ID)})`,
    },
    lead: lead.work,
    several: true,
    otherService: true,
  },
  {
    kind: 'response',
    caller: { where: ofKind(CLIENT), key: responseId },
    callee: { where: ofKind(INTERNAL, SERVER), key: responseId },
    lead: lead.request,
    otherService: true,
  },
]

/** @returns no breaks if the trace does not exist */
export async function breaks({ store }: Parts, traceId: string): Promise<BreaksAnswer> {
  const trace = `${traceIdOf(traceId)}::UHUGEINT`
  const [whole] = await store.query(`SELECT first_ns, last_ns FROM traces WHERE trace_id = ${trace}`)
  if (!whole) return { breaks: [] }
  const { first_ns, last_ns } = whole as Record<'first_ns' | 'last_ns', bigint>
  const inTrace = `s.trace_id = ${trace} AND s.start_ns BETWEEN ${first_ns} AND ${last_ns}`
  const present = await store.query(`SELECT DISTINCT rule FROM (${endsOf(inTrace, rules)}) WHERE key IS NOT NULL`)
  const names = new Set(present.map(({ rule }) => rule))
  const applying = rules.filter(({ kind }) => names.has(kind))
  if (applying.length === 0) return { breaks: [] }
  const rows = await store.query(statement(trace, inTrace, { fromNs: first_ns, toNs: last_ns }, applying))
  return {
    breaks: rows.map(row => ({
      kind: row.rule as BreakKind,
      caller: endOf(row, 'caller'),
      callee: endOf(row, 'callee'),
    })),
  }
}

function endOf(row: Row, end: 'caller' | 'callee'): BreakEnd {
  const { trace, span, name, service } = row[end] as Record<'trace' | 'span' | 'name' | 'service', string>
  return { traceId: trace, spanId: span, name, service }
}

const isRoot = 's.parent_id = 0'

/** The keys with which the trace may call or be called. */
function endsOf(inTrace: string, among: readonly Rule[]): string {
  const end = (kind: string, { where, key }: End, more: string) =>
    `SELECT ${text(kind)} AS rule, ${key} AS key FROM ${joins.span} ${joins.resource} WHERE ${inTrace} AND ${where}${more}`
  return among
    .flatMap(({ kind, caller, callee }) => [end(kind, caller, ''), end(kind, callee, ` AND ${isRoot}`)])
    .join(' UNION ALL ')
}

function statement(trace: string, inTrace: string, { fromNs, toNs }: TimeRangeNs, among: readonly Rule[]): string {
  const common = 's.trace_id, s.span_id, s.start_ns AS from_ns, s.start_ns + s.duration_ns AS to_ns, s.name'
  const flag = (isSo: true | undefined) => (isSo ? 'true' : 'false')
  /** All ends that match a key of the trace, because a pair with a second match is ambiguous and not reported. */
  const ends = (kind: string, { where, key, isResource }: End, columns: string, from: bigint, to: bigint) => {
    const wanted = `(SELECT key FROM wanted WHERE rule = ${text(kind)})`
    const fitting = isResource
      ? `s.resource IN (SELECT r.id FROM resources r WHERE ${key} IN ${wanted})`
      : `${key} IN ${wanted}`
    return `SELECT ${text(kind)} AS rule, ${key} AS key, ${common}, ${service} AS service, ${columns}
      FROM ${joins.span} ${joins.resource} WHERE s.start_ns >= ${from} AND s.start_ns <= ${to} AND ${where} AND ${fitting}`
  }
  const calling = among.map(({ kind, caller, lead, later, several, otherService, sameMachine }) =>
    ends(
      kind,
      caller,
      `${flag(later)} AS later, ${flag(several)} AS several, ${flag(otherService)} AS other_service,
        ${sameMachine ? clockSkew.machine : clockSkew.machines} AS skew, ${lead} AS lead`,
      fromNs - lead,
      toNs + clockSkew.machines,
    ),
  )
  const called = among.map(({ kind, callee, begun, lead }) =>
    ends(
      kind,
      { ...callee, where: `${isRoot} AND ${callee.where}` },
      `s.resource, ${begun ?? 's.start_ns'} AS begun_ns, list_transform(s.links, lambda l: l.trace_id) AS linked`,
      fromNs - clockSkew.machines,
      toNs + lead,
    ),
  )
  const end = (alias: string) =>
    `{trace: ${traceIdHex(`${alias}.trace_id`)}, span: ${spanIdHex(`${alias}.span_id`)}, name: ${alias}.name, service: ${alias}.service}`
  const caller = 'c_trace, c_span'
  const callee = 'r_trace, r_span'
  return `WITH
    wanted AS MATERIALIZED (SELECT DISTINCT * FROM (${endsOf(inTrace, among)}) WHERE key IS NOT NULL),
    callees AS MATERIALIZED (${called.join(' UNION ALL ')}),
    candidates AS MATERIALIZED (${calling.join(' UNION ALL ')}),
    passed AS MATERIALIZED (
      SELECT s.trace_id, s.parent_id FROM spans s SEMI JOIN candidates c ON c.trace_id = s.trace_id AND c.span_id = s.parent_id
      WHERE s.kind IN (${SERVER}, ${CONSUMER}) AND s.start_ns >= ${fromNs - lead.work} AND s.start_ns <= ${toNs + lead.work}),
    callers AS (
      SELECT * FROM candidates WHERE rule IN ('process', 'session', 'response') OR (trace_id, span_id) NOT IN (FROM passed)),
    pairs AS (
      SELECT c.rule, c.several, c.trace_id AS c_trace, c.span_id AS c_span, c.from_ns, c.to_ns, r.trace_id AS r_trace, r.span_id AS r_span,
        r.resource, r.begun_ns, r.from_ns AS r_from_ns, ${end('c')} AS caller, ${end('r')} AS callee,
        r.begun_ns >= c.from_ns AND (c.later OR r.from_ns <= c.to_ns) AS is_within
      FROM callers c JOIN callees r ON c.rule = r.rule AND c.key = r.key AND c.trace_id <> r.trace_id
      WHERE r.begun_ns BETWEEN c.from_ns - c.skew AND c.from_ns + c.lead AND (c.later OR r.from_ns <= c.to_ns + c.skew)
        AND NOT (c.other_service AND c.service = r.service) AND NOT coalesce(list_contains(r.linked, c.trace_id), false)),
    -- without a skew of the clocks, where that fits
    exact AS (
      SELECT * FROM pairs
      QUALIFY is_within OR NOT bool_or(is_within) OVER (PARTITION BY rule, ${callee}) AND NOT bool_or(is_within) OVER (PARTITION BY rule, ${caller})),
    -- of callers within each other the innermost
    innermost AS (
      SELECT * FROM exact
      WINDOW calls AS (PARTITION BY rule, ${callee})
      QUALIFY from_ns = max(from_ns) OVER calls AND to_ns = min(to_ns) OVER calls AND min(c_trace) OVER calls = max(c_trace) OVER calls
        AND count(*) OVER (PARTITION BY rule, ${callee}, from_ns, to_ns) = 1),
    told AS (
      SELECT * FROM innermost
      QUALIFY CASE WHEN several THEN row_number() OVER (PARTITION BY rule, ${caller}, resource ORDER BY r_from_ns, r_span) = 1
        ELSE count(*) OVER (PARTITION BY rule, ${caller}) = 1 END)
    SELECT rule, caller, callee FROM told WHERE c_trace = ${trace} OR r_trace = ${trace}
    ORDER BY from_ns, r_from_ns, r_span LIMIT ${mostBreaks}`
}

// `GET /api/afn/map`: services, agents, models, tools and databases as nodes, and the calls between them as edges, from spans that began in
// a window. A span whose parent is in another service is a call of its service; a span of an agent, model, tool or database is a call of
// that. The caller is the enclosing agent or tool in the same service, else the service. With B3, both ends of a call share a span id;
// child spans then belong to the called end.

import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SERVER_ADDRESS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../../semconv'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { isCall, model } from '../../store/calls'
import { attribute, joins, text } from '../../store/columns'
import type { Row } from '../../store/store'
import { service } from '../../traceql/statement'
import type { MapAnswer, MapNode, MapNodeKind } from '../map-answers'
import { integer, within } from '../parameters'
import type { Parts } from '../parts'
import { count, textOrNull } from './row'

/** How long before the window a caller may have begun, in nanoseconds. */
const longestCall = 3_600_000_000_000n
/** Maximum spans between an agent and what it calls. */
const mostSteps = 32
/** Maximum edges per node. */
const mostEdges = 8

const operation = attribute('span', ATTR_GEN_AI_OPERATION_NAME, 'string')
const agent = attribute('span', ATTR_GEN_AI_AGENT_NAME, 'string')
const tool = attribute('span', ATTR_GEN_AI_TOOL_NAME, 'string')
const database = attribute('span', 'db.system.name', 'string')

/** SQL over `spans s`: the condition and the name for each kind; the first match counts. */
const kinds: readonly (readonly [kind: MapNodeKind, condition: string, name: string])[] = [
  ['model', `${isCall} AND ${model} IS NOT NULL`, model],
  ['tool', `${operation} = ${text(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL)} AND ${tool} IS NOT NULL`, tool],
  ['agent', `${operation} = ${text(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT)} AND ${agent} IS NOT NULL`, agent],
  ['database', `${database} IS NOT NULL`, database],
]
const kindOf = `CASE ${kinds.map(([kind, condition]) => `WHEN ${condition} THEN ${text(kind)}`).join(' ')} END`
const nameOf = `CASE ${kinds.map(([, condition, name]) => `WHEN ${condition} THEN ${name}`).join(' ')} END`

/** Span kinds in OTLP. */
const [SERVER, CLIENT, CONSUMER] = [2, 3, 5]

/** @param limit on nodes, 1 to 200, 60 by default @throws Refused with 400 */
export async function map({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<MapAnswer> {
  const limit = integer(params, 'limit', 1, 200) ?? 60
  // sets for each span whether it has children
  await store.finalizeTraces()
  const rows = await store.query(statement(period, limit))
  const nodeRows = rows.filter(({ part }) => part === 'node')
  const edgeRows = rows.filter(({ part }) => part === 'edge')
  const nodes = nodeRows.map(
    (row): MapNode => ({
      kind: row.kind as MapNodeKind,
      name: row.name as string,
      address: textOrNull(row.address),
      calls: count(row.calls),
      errors: count(row.errors),
    }),
  )
  const indexes = new Map(nodes.map(({ kind, name, address }, index) => [keyOf(kind, name, address), index]))
  return {
    nodes,
    edges: edgeRows.map(row => ({
      from: row.from_kind === null ? null : indexes.get(keyOf(row.from_kind, row.from_name, null))!,
      to: indexes.get(keyOf(row.kind, row.name, row.address))!,
      calls: count(row.calls),
      errors: count(row.errors),
      p95Ms: Number(row.p95_ms),
    })),
    all: { nodes: total(nodeRows), edges: count(rows.find(({ part }) => part === 'edges')?.total) },
  }
}

const keyOf = (...parts: unknown[]): string => JSON.stringify(parts)
const total = ([row]: readonly Row[]): number => count(row?.total)

function statement({ fromNs, toNs }: TimeRangeNs, limit: number): string {
  const windowOfCallers = within({ fromNs: fromNs - longestCall, toNs })
  return `WITH RECURSIVE
    own AS (
      SELECT s.trace_id, s.span_id, s.parent_id, s.start_ns, s.duration_ns, s.status = 2 AS failed, s.kind AS span_kind,
        s.nchildren IS DISTINCT FROM 0 AS has_children, ${service} AS service, ${kindOf} AS kind, ${nameOf} AS name,
        ${attribute('span', ATTR_SERVER_ADDRESS, 'string')} AS address
      FROM ${joins.span} ${joins.resource} WHERE ${windowOfCallers}),
    heads AS MATERIALIZED (
      SELECT trace_id, span_id, parent_id, service, kind, name, span_kind FROM own WHERE has_children),
    shared AS MATERIALIZED (
      SELECT trace_id, span_id FROM heads WHERE span_kind IN (${SERVER}, ${CLIENT}) GROUP BY trace_id, span_id HAVING count(*) > 1),
    parents AS (
      SELECT trace_id, span_id, parent_id, service, kind, name FROM heads
      WHERE span_kind <> ${CLIENT} OR (trace_id, span_id) NOT IN (FROM shared)),
    owned AS (
      SELECT trace_id, span_id, service, kind, name, 0 AS steps FROM parents WHERE kind IN ('agent', 'tool')
      UNION ALL
      SELECT p.trace_id, p.span_id, p.service, o.kind, o.name, o.steps + 1
      FROM owned o JOIN parents p ON p.trace_id = o.trace_id AND p.parent_id = o.span_id
      WHERE p.parent_id <> 0 AND p.service = o.service AND coalesce(p.kind NOT IN ('agent', 'tool'), true) AND o.steps < ${mostSteps}),
    callers AS MATERIALIZED (
      SELECT p.trace_id, p.span_id, p.service, coalesce(o.kind, 'service') AS kind, coalesce(o.name, p.service) AS name
      FROM parents p LEFT JOIN owned o USING (trace_id, span_id)),
    calls AS (
      SELECT c.service, c.kind, c.name, CASE WHEN c.kind = 'database' THEN c.address END AS address, c.duration_ns, c.failed,
        p.service AS from_service, p.kind AS from_kind, p.name AS from_name,
        c.parent_id = 0 OR (p.service IS NULL AND c.span_kind IN (${SERVER}, ${CONSUMER})) AS is_outermost
      FROM own c LEFT JOIN callers p ON p.trace_id = c.trace_id AND p.span_id = c.parent_id
      WHERE c.start_ns >= ${fromNs} AND (c.kind IS NOT NULL OR p.service IS DISTINCT FROM c.service)),
    edges AS (
      SELECT CASE WHEN from_service = service THEN from_kind ELSE 'service' END AS from_kind,
        CASE WHEN from_service = service THEN from_name ELSE service END AS from_name,
        kind, name, address, duration_ns, failed FROM calls WHERE kind IS NOT NULL
      UNION ALL
      SELECT from_kind, from_name, 'service', service, NULL, duration_ns, failed FROM calls
      WHERE is_outermost OR from_service <> service),
    grouped AS MATERIALIZED (
      SELECT from_kind, from_name, kind, name, address, count(*) AS calls, count(*) FILTER (failed) AS errors,
        quantile_cont(duration_ns, 0.95) / 1e6 AS p95_ms
      FROM edges WHERE from_kind IS DISTINCT FROM kind OR from_name IS DISTINCT FROM name GROUP BY ALL),
    nodes AS MATERIALIZED (
      SELECT kind, name, address, sum(calls) AS calls, sum(errors) AS errors, count(*) OVER () AS total
      FROM (SELECT kind, name, address, calls, errors FROM grouped
        UNION ALL SELECT from_kind, from_name, NULL, 0, 0 FROM grouped WHERE from_kind IS NOT NULL)
      GROUP BY kind, name, address ORDER BY calls DESC, kind, name, address LIMIT ${limit}),
    shown AS (
      SELECT g.* FROM grouped g SEMI JOIN nodes t ON t.kind = g.kind AND t.name = g.name AND t.address IS NOT DISTINCT FROM g.address
      WHERE g.from_kind IS NULL OR (g.from_kind, g.from_name) IN (SELECT (kind, name) FROM nodes WHERE address IS NULL)
      ORDER BY g.calls DESC, g.from_kind, g.from_name, g.kind, g.name, g.address LIMIT ${limit * mostEdges})
    SELECT 'node' AS part, NULL AS from_kind, NULL AS from_name, kind, name, address, calls, errors, NULL AS p95_ms, total FROM nodes
    UNION ALL SELECT 'edge', from_kind, from_name, kind, name, address, calls, errors, p95_ms, NULL FROM shown
    UNION ALL SELECT 'edges', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, count(*) FROM grouped`
}

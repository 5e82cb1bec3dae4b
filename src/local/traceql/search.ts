/** Answers a search as Tempo's `/api/search` does. Called by src/local/api. */
import { aliases, joins, traceIdHex } from '../store/columns'
import type { Row, Store } from '../store/store'
import { restrictionTo, type SpanSet, spanSets } from './answer'
import type { Metrics, Query, Stage } from './ast'
import { type Candidate, candidates, type Sought, type Window } from './candidates'
import { contextOf } from './context'
import { TraceqlError } from './error'
import { parse } from './parse'
import { tracesSelect } from './statement'

export interface SearchOptions {
  /** All of the time when it is absent. */
  readonly window?: Window | undefined
  /** A condition on `spans s` that whole traces meet, where not all may be seen. */
  readonly restriction?: string | undefined
  /** Most traces. */
  readonly limit: number
  /** Most spans of each set. */
  readonly spans: number
}

export interface SearchAnswer {
  /** Newest first. */
  readonly traces: readonly FoundTrace[]
  readonly metrics: { readonly completedJobs: number; readonly totalJobs: number }
  /** Where Tempo would answer what nobody can want, and this answer differs. */
  readonly warnings?: readonly string[]
}

export interface FoundTrace {
  /** 32 hexadecimal digits; Tempo cuts leading zeros. */
  readonly traceID: string
  readonly rootServiceName: string
  readonly rootTraceName?: string
  readonly startTimeUnixNano: string
  readonly durationMs?: number
  /** The first of `spanSets`, for older clients. */
  readonly spanSet: SpanSet
  readonly spanSets: readonly SpanSet[]
  readonly serviceStats: Readonly<Record<string, ServiceStats>>
}

export interface ServiceStats {
  readonly spanCount: number
  readonly errorCount?: number
}

/**
 * @param text TraceQL; what makes numbers of the spans is left out
 * @throws TraceqlError when it cannot be answered
 */
export async function search(
  store: Store,
  text: string,
  { window, restriction, limit, spans }: SearchOptions,
): Promise<SearchAnswer> {
  const query = parse(text)
  const context = await contextOf(store, query)
  const sought = { context, stages: stagesOf(query), window, restriction, limit }
  const found = await candidates(store, sought)
  const traces = found.length === 0 ? [] : await describe(store, sought, found, spans)
  const { warnings } = context
  return { traces, metrics: { completedJobs: 1, totalJobs: 1 }, ...(warnings.size > 0 && { warnings: [...warnings] }) }
}

function stagesOf(query: Query): readonly Stage[] {
  return query.type === 'search' ? query.stages : spansOf(query.metrics, query.text)
}

function spansOf(metrics: Metrics, text: string): readonly Stage[] {
  if (metrics.type === 'firstStage') return metrics.spans
  if (metrics.type !== 'metricsMath') return spansOf(metrics.of, text)
  throw new TraceqlError(
    text,
    metrics.at,
    metrics.op,
    'numbers of several questions are no search',
    'ask /api/metrics/query_range',
  )
}

async function describe(
  store: Store,
  sought: Pick<Sought, 'context' | 'stages'>,
  found: readonly Candidate[],
  spans: number,
): Promise<FoundTrace[]> {
  const [sets, facts, stats] = await Promise.all([
    spanSets(store, sought, found, spans),
    store.query(`SELECT ${traceIdHex('t.trace_id')} AS trace, t.* FROM (${tracesSelect(restrictionTo(found))}) t`),
    serviceStats(store, found),
  ])
  const byId = new Map(facts.map(row => [row.trace as string, row]))
  return found.flatMap(({ traceId }) => {
    const id = traceId.toString(16).padStart(32, '0')
    const row = byId.get(id)
    const own = sets.get(id)
    // gone in between
    if (!row || !own?.[0]) return []
    return [{ traceID: id, ...headOf(row), spanSet: own[0], spanSets: own, serviceStats: stats.get(id) ?? {} }]
  })
}

function headOf(row: Row): Pick<FoundTrace, 'rootServiceName' | 'rootTraceName' | 'startTimeUnixNano' | 'durationMs'> {
  const start = row.start_ns as bigint
  const durationMs = Number(((row.end_ns as bigint) - start) / 1_000_000n)
  return {
    rootServiceName: (row.root_service as string | null) || '<root span not yet received>',
    ...((row.root_name as string | null) && { rootTraceName: row.root_name as string }),
    startTimeUnixNano: String(start),
    ...(durationMs > 0 && { durationMs }),
  }
}

async function serviceStats(
  store: Store,
  found: readonly Candidate[],
): Promise<Map<string, Record<string, ServiceStats>>> {
  const { span: s, resource: r } = aliases
  const rows = await store.query(
    `SELECT ${traceIdHex(`${s}.trace_id`)} AS trace, coalesce(${r}.service_name, '') AS service, count(*) AS spans, ` +
      `count(*) FILTER (WHERE ${s}.status = 2) AS errors FROM ${joins.span} ${joins.resource} ` +
      `WHERE ${restrictionTo(found)} GROUP BY ALL ORDER BY ALL`,
  )
  const stats = new Map<string, [string, ServiceStats][]>()
  for (const { trace, service, spans, errors } of rows) {
    const own = { spanCount: Number(spans), ...(Number(errors) > 0 && { errorCount: Number(errors) }) }
    stats.set(trace as string, [...(stats.get(trace as string) ?? []), [service as string, own]])
  }
  return new Map(Array.from(stats, ([trace, services]) => [trace, Object.fromEntries(services)]))
}

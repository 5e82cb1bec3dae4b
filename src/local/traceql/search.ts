/** Answers a search as Tempo's `/api/search` does. Called by src/local/api. */
import type { Store } from '../store/store'
import type { Metrics, Query, Stage } from './ast'
import { contextOf } from './context'
import { TraceqlError } from './error'
import { type Candidate, candidates, extentOf, type Sought, type TraceStart, type Window } from './newest-traces'
import { parse } from './parse'
import { type FoundSpanSet, spanSets } from './span-sets'
import { type Beside, wholes } from './trace-metadata'

export interface SearchOptions {
  /** All of the time when it is absent. */
  readonly window?: Window | undefined
  /** A condition on `spans s` that whole traces meet, where not all may be seen. */
  readonly restriction?: string | undefined
  /** Only what stands behind this trace of an earlier answer. */
  readonly after?: TraceStart | undefined
  /** Most traces. */
  readonly limit: number
  /** Most spans of each set. */
  readonly spans: number
  readonly beside?: Beside
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
  readonly spanSet: FoundSpanSet
  readonly spanSets: readonly FoundSpanSet[]
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
export async function search(store: Store, text: string, options: SearchOptions): Promise<SearchAnswer> {
  const { window, restriction, after, limit } = options
  const query = parse(text)
  const [context, extent] = await Promise.all([contextOf(store, query), extentOf(store)])
  const sought = { context, stages: stagesOf(query), window, restriction, after, limit }
  const found = extent ? await candidates(store, extent, sought) : []
  const traces = found.length === 0 ? [] : await describe(store, sought, found, options)
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
  { spans, beside }: SearchOptions,
): Promise<FoundTrace[]> {
  const [sets, facts] = await Promise.all([spanSets(store, sought, found, spans), wholes(store, found, beside)])
  return found.flatMap(({ traceId }) => {
    const traceID = traceId.toString(16).padStart(32, '0')
    const whole = facts.get(traceID)
    const own = sets.get(traceID)
    // gone in between
    if (!whole || !own?.[0]) return []
    return [{ traceID, ...whole, spanSet: own[0], spanSets: own }]
  })
}

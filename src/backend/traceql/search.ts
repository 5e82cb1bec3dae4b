/** Answers a search as Tempo's `/api/search` does. */
import type { TimeRangeNs } from '../request-parameters'
import type { Store } from '../store/store'
import type { Metrics, Query, Stage } from './ast'
import { CompiledQuery } from './compiled-query'
import { contextOf } from './context'
import { TraceqlError } from './error'
import { extentOf, type MatchingTrace, newestTraces, type TraceStart } from './newest-traces'
import { parse } from './parse'
import { sortedTraces, type TraceOrder } from './sorted-traces'
import { spanSets } from './span-sets'
import { type ExtraColumns, type FoundTrace, traceMetadata } from './trace-metadata'

export interface SearchOptions {
  /** Default: all times. */
  readonly window?: TimeRangeNs | undefined
  /** A condition on `spans s` that selects whole traces, for callers that may not see all. */
  readonly restriction?: string | undefined
  /** The last trace of the previous page; only later ones are returned. */
  readonly after?: TraceStart | undefined
  /** Default: newest first. */
  readonly order?: TraceOrder | undefined
  /** Maximum number of traces. */
  readonly limit: number
  /** Maximum number of spans per set. */
  readonly spans: number
  readonly extra?: ExtraColumns
}

export interface SearchAnswer {
  /** Newest first, or in `order`. */
  readonly traces: readonly FoundTrace[]
  readonly metrics: { readonly completedJobs: number; readonly totalJobs: number }
  /** A sentence for each construct for which Tempo's own answer would be useless; this answer differs from it. */
  readonly warnings?: readonly string[]
}

/** Limits memory: the same process ingests spans. */
const MOST_TRACES = 50_000
/** Maximum size of an answer as JSON. */
const MOST_CHARACTERS = 32 * 2 ** 20
/** Number of traces per read. */
const SLICE = 500

const cut = (count: number) =>
  `only the first ${count} traces are returned, and there may be more: a response is limited to ${MOST_CHARACTERS / 2 ** 20} MiB and ${MOST_TRACES} traces; choose a shorter time range`

/**
 * @param text TraceQL; metrics functions are ignored
 * @throws TraceqlError for a query that cannot be answered
 */
export async function search(store: Store, text: string, options: SearchOptions): Promise<SearchAnswer> {
  const { window, restriction, after, limit, order } = options
  const parsed = parse(text)
  const [context, extent] = await Promise.all([contextOf(store, parsed), extentOf(store)])
  const query = new CompiledQuery(context, stagesOf(parsed))
  const all = { query, window, restriction, limit: Math.min(limit, MOST_TRACES) }
  const found = order
    ? await sortedTraces(store, all, order)
    : extent
      ? await newestTraces(store, extent, { ...all, after })
      : []
  const traces: FoundTrace[] = []
  for (let at = 0, characters = 0; at < found.length && characters < MOST_CHARACTERS; at += SLICE) {
    const slice = await describe(store, query, found.slice(at, at + SLICE), options)
    traces.push(...slice)
    if (found.length > SLICE) characters += slice.reduce((sum, trace) => sum + JSON.stringify(trace).length, 0)
  }
  const isCut = traces.length < found.length || (found.length === MOST_TRACES && limit > MOST_TRACES)
  const warnings = [...query.warnings, ...(isCut ? [cut(traces.length)] : [])]
  return { traces, metrics: { completedJobs: 1, totalJobs: 1 }, ...(warnings.length > 0 && { warnings }) }
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
    'metrics arithmetic is not a search',
    'use /api/metrics/query_range',
  )
}

async function describe(
  store: Store,
  query: CompiledQuery,
  found: readonly MatchingTrace[],
  { spans, extra }: SearchOptions,
): Promise<FoundTrace[]> {
  const [sets, metadata] = await Promise.all([spanSets(store, query, found, spans), traceMetadata(store, found, extra)])
  return found.flatMap(({ traceId }) => {
    const traceID = traceId.toString(16).padStart(32, '0')
    const ofTrace = metadata.get(traceID)
    const own = sets.get(traceID)
    // the sweep has deleted it in the meantime
    if (!ofTrace || !own?.[0]) return []
    return [{ traceID, ...ofTrace, spanSet: own[0], spanSets: own }]
  })
}

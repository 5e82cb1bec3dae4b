// Queries Tempo's HTTP API, or another server that has it.
// https://grafana.com/docs/tempo/latest/api_docs/
import { plainAttributes } from '../otlp/any-value'
import { type Backend, BackendError, getJson } from './http'
import type { Kind } from './query'
import type { FoundSpan, FoundTrace, QueryResult } from './query-result'
import type * as tempo from './tempo-api'
import { type QueryResponse, type SearchResponse, spanSetsOf, type TraceSearchMetadata } from './tempo-api'
import { splitWindow, stepOf, type TimeRange } from './window'

export interface TempoQuestion {
  readonly text: string
  readonly kind: Kind
  readonly tenants: readonly string[]
  readonly window: TimeRange
  /** Most traces; groups and series are not limited. */
  readonly limit: number
}

/** Tempo refuses a search over more than a week (`query_frontend.search.max_duration`) unless it is configured otherwise. */
const longestSearch = 168 * 3_600

/** Most spans of a trace that come with it: Tempo's own limit. */
const mostSpans = '100'

/** @throws BackendError */
export async function askTempo(backend: Backend, question: TempoQuestion): Promise<QueryResult> {
  const { text, kind, tenants, window } = question
  const headers = { 'x-scope-orgid': tenants.join('|') }
  if (kind === 'traces') return { kind, traces: await search(backend, question, headers) }
  const parameters = { q: text, ...bounds(window) }
  if (kind === 'instant') {
    const { series = [] } = (await numbers(backend, 'query', parameters, headers)) as QueryResponse
    return { kind, groups: series.map(({ labels, value = 0 }) => ({ labels: plainAttributes(labels), value })) }
  }
  const stepSeconds = stepOf(window)
  const range = { ...parameters, step: `${stepSeconds}s` }
  // protobuf's JSON leaves out a value of 0, and a quantile is 0 where there was no span
  const empty = text.includes('quantile_over_time') ? undefined : 0
  const { series = [] } = (await numbers(backend, 'query_range', range, headers)) as QueryResponse
  return {
    kind,
    stepSeconds,
    series: series.map(({ labels, samples = [] }) => ({
      labels: plainAttributes(labels),
      samples: samples.flatMap(({ timestampMs, value }) => sampleOf(timestampMs, value ?? empty)),
    })),
  }
}

/**
 * Not split, as searches are: no part of an average or a quantile says what the whole is.
 * @throws BackendError, with a remedy where the window is longer than Tempo computes at once
 */
async function numbers(backend: Backend, what: string, ...more: [Record<string, string>, Record<string, string>]) {
  try {
    return await getJson(backend, `api/metrics/${what}`, ...more)
  } catch (error) {
    const [, most] = /time range exceeds the maximum allowed duration of (\S+)/.exec((error as Error).message) ?? []
    if (most === undefined) throw error
    throw new BackendError(
      `Tempo computes metrics over at most ${most}: shorten --since, or raise read.max_metrics_duration in its tempo-overrides.yaml (afn-otel generate sets it to the longest retention)`,
    )
  }
}

function sampleOf(timestampMs: string | number | undefined, value: number | undefined): [string, number][] {
  return value === undefined ? [] : [[new Date(Number(timestampMs)).toISOString(), value]]
}

/** Week by week, newest first, until there are enough; a trace that spans two weeks is one. */
async function search(
  backend: Backend,
  { text, window, limit }: TempoQuestion,
  headers: Record<string, string>,
): Promise<FoundTrace[]> {
  const found = new Map<string, FoundTrace>()
  for (const part of splitWindow(window, longestSearch)) {
    const parameters = { q: text, ...bounds(part), limit: String(limit), spss: mostSpans }
    const { traces = [] } = (await getJson(backend, 'api/search', parameters, headers)) as SearchResponse
    for (const trace of traces.map(traceOf)) if (!found.has(trace.traceId)) found.set(trace.traceId, trace)
    if (found.size >= limit) break
  }
  return [...found.values()].slice(0, limit)
}

const bounds = ({ start, end }: TimeRange) => ({ start: String(start), end: String(end) })

/** What Tempo writes in the place of a root that has not come, as its name and its service. */
const known = (word = '') => (word === '<root span not yet received>' ? '' : word)

function traceOf(trace: TraceSearchMetadata): FoundTrace {
  const sets = spanSetsOf(trace)
  return {
    // Tempo cuts leading zeros
    traceId: trace.traceID.padStart(32, '0'),
    service: known(trace.rootServiceName),
    name: known(trace.rootTraceName),
    start: isoOf(trace.startTimeUnixNano),
    durationMs: trace.durationMs ?? 0,
    matched: sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
    values: Object.assign({}, ...sets.map(({ attributes }) => plainAttributes(attributes)).reverse()),
    spans: sets.flatMap(({ spans = [] }) => spans.map(spanOf)),
  }
}

function spanOf({ spanID, name, startTimeUnixNano, durationNanos = '0', attributes }: tempo.FoundSpan): FoundSpan {
  return {
    spanId: spanID.padStart(16, '0'),
    ...(name && { name }),
    start: isoOf(startTimeUnixNano),
    durationMs: Number(durationNanos) / 1e6,
    // Tempo gives them in another order each time
    attributes: plainAttributes([...(attributes ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1))),
  }
}

function isoOf(nanos = '0'): string {
  return new Date(Number(BigInt(nanos) / 1_000_000n)).toISOString()
}

// Asks Tempo's HTTP API, or another server that has it. Called by the command.
// https://grafana.com/docs/tempo/latest/api_docs/
import type { Answer, FoundSpan, FoundTrace, Value } from './answer'
import { type Backend, BackendError, getJson } from './http'
import type { Kind } from './query'
import { splitWindow, stepOf, type Window } from './window'

export interface TempoQuestion {
  readonly text: string
  readonly kind: Kind
  readonly tenants: readonly string[]
  readonly window: Window
  /** Most traces; groups and series are not limited. */
  readonly limit: number
}

/** Tempo refuses a search over more than a week (`query_frontend.search.max_duration`) unless it is configured otherwise. */
const longestSearch = 168 * 3_600

/** Most spans of a trace that come with it: Tempo's own limit. */
const mostSpans = '100'

/** @throws BackendError */
export async function askTempo(backend: Backend, question: TempoQuestion): Promise<Answer> {
  const { text, kind, tenants, window } = question
  const headers = { 'x-scope-orgid': tenants.join('|') }
  if (kind === 'traces') return { kind, traces: await search(backend, question, headers) }
  const parameters = { q: text, ...bounds(window) }
  if (kind === 'instant') {
    const { series = [] } = (await numbers(backend, 'query', parameters, headers)) as Numbers
    return { kind, groups: series.map(({ labels, value = 0 }) => ({ labels: attributesOf(labels), value })) }
  }
  const stepSeconds = stepOf(window)
  const range = { ...parameters, step: `${stepSeconds}s` }
  // protobuf's JSON leaves out a value of 0, and a quantile is 0 where there was no span
  const empty = text.includes('quantile_over_time') ? undefined : 0
  const { series = [] } = (await numbers(backend, 'query_range', range, headers)) as Numbers
  return {
    kind,
    stepSeconds,
    series: series.map(({ labels, samples = [] }) => ({
      labels: attributesOf(labels),
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
      `Tempo computes over ${most} at most: ask for less by --since, or allow more by read.max_metrics_duration in its tempo-overrides.yaml (afn-otel generate writes as much as the longest tier keeps)`,
    )
  }
}

function sampleOf(timestampMs: string | undefined, value: number | undefined): [string, number][] {
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
    const { traces = [] } = (await getJson(backend, 'api/search', parameters, headers)) as { traces?: TempoTrace[] }
    for (const trace of traces.map(traceOf)) if (!found.has(trace.traceId)) found.set(trace.traceId, trace)
    if (found.size >= limit) break
  }
  return [...found.values()].slice(0, limit)
}

const bounds = ({ start, end }: Window) => ({ start: String(start), end: String(end) })

interface TempoValue {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly doubleValue?: number | string
  readonly boolValue?: boolean
  readonly arrayValue?: { readonly values?: readonly TempoValue[] }
}

export interface TempoAttribute {
  readonly key: string
  readonly value?: TempoValue
}

interface TempoSpan {
  readonly spanID: string
  readonly name?: string
  readonly startTimeUnixNano?: string
  readonly durationNanos?: string
  readonly attributes?: readonly TempoAttribute[]
}

interface SpanSet {
  readonly matched?: number
  readonly attributes?: readonly TempoAttribute[]
  readonly spans?: readonly TempoSpan[]
}

interface TempoTrace {
  readonly traceID: string
  readonly rootServiceName?: string
  readonly rootTraceName?: string
  readonly startTimeUnixNano?: string
  readonly durationMs?: number
  readonly spanSet?: SpanSet
  readonly spanSets?: readonly SpanSet[]
}

interface Numbers {
  readonly series?: readonly {
    readonly labels?: readonly TempoAttribute[]
    readonly samples?: readonly { readonly timestampMs?: string; readonly value?: number }[]
    readonly value?: number
  }[]
}

/** What Tempo writes in the place of a root that has not come, as its name and its service. */
const known = (word = '') => (word === '<root span not yet received>' ? '' : word)

function traceOf(trace: TempoTrace): FoundTrace {
  // `spanSet` is the first of `spanSets`, for older clients
  const sets = trace.spanSets ?? (trace.spanSet ? [trace.spanSet] : [])
  return {
    // Tempo cuts leading zeros
    traceId: trace.traceID.padStart(32, '0'),
    service: known(trace.rootServiceName),
    name: known(trace.rootTraceName),
    start: isoOf(trace.startTimeUnixNano),
    durationMs: trace.durationMs ?? 0,
    matched: sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
    values: Object.assign({}, ...sets.map(({ attributes }) => attributesOf(attributes)).reverse()),
    spans: sets.flatMap(({ spans = [] }) => spans.map(spanOf)),
  }
}

function spanOf({ spanID, name, startTimeUnixNano, durationNanos = '0', attributes }: TempoSpan): FoundSpan {
  return {
    spanId: spanID.padStart(16, '0'),
    ...(name && { name }),
    start: isoOf(startTimeUnixNano),
    durationMs: Number(durationNanos) / 1e6,
    // Tempo gives them in another order each time
    attributes: attributesOf([...(attributes ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1))),
  }
}

function isoOf(nanos = '0'): string {
  return new Date(Number(BigInt(nanos) / 1_000_000n)).toISOString()
}

/** In the order in which they come, which for the labels of numbers is that of `by()`. */
export function attributesOf(attributes: readonly TempoAttribute[] = []): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))
}

function plain({ stringValue, intValue, doubleValue, boolValue, arrayValue }: TempoValue = {}): Value {
  if (arrayValue) return (arrayValue.values ?? []).map(plain)
  if (intValue !== undefined) return Number(intValue)
  if (doubleValue !== undefined) return Number(doubleValue)
  return stringValue ?? boolValue ?? null
}

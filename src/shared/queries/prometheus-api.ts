// Queries Prometheus' HTTP API.
// https://prometheus.io/docs/prometheus/latest/querying/api/

import { type Backend, getJson } from './http'
import { type Noted, notesOf } from './prometheus-notes'
import type { Kind } from './query'
import type { Group, QueryResult, ResultSeries } from './query-result'
import { stepOf, type TimeRange } from './window'

export interface PrometheusQuestion {
  readonly text: string
  readonly kind: Kind
  readonly window: TimeRange
}

type SamplePair = readonly [seconds: number, value: string]

interface Result extends Noted {
  readonly data?: {
    readonly resultType: 'matrix' | 'vector' | 'scalar' | 'string'
    readonly result: unknown
  }
}

interface Element {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: SamplePair
  readonly values?: readonly SamplePair[]
}

/** @throws BackendError */
export async function askPrometheus(
  backend: Backend,
  { text, kind, window }: PrometheusQuestion,
): Promise<QueryResult> {
  if (kind === 'instant') {
    const result = (await getJson(backend, 'api/v1/query', { query: text, time: String(window.end) })) as Result
    return { kind, groups: elementsOf(result.data).map(groupOf), notes: notesOf([result]) }
  }
  const stepSeconds = stepOf(window)
  const parameters = { query: text, start: String(window.start), end: String(window.end), step: String(stepSeconds) }
  const result = (await getJson(backend, 'api/v1/query_range', parameters)) as Result
  return { kind: 'series', stepSeconds, series: elementsOf(result.data).map(seriesOf), notes: notesOf([result]) }
}

/** A scalar is a group without labels. Native histograms have neither value; they are left out. */
function elementsOf(data: Result['data']): Element[] {
  if (!data) return []
  if (data.resultType === 'scalar') return [{ metric: {}, value: data.result as SamplePair }]
  return (data.result as Element[]).filter(({ value, values }) => value ?? values)
}

function groupOf({ metric, value }: Element): Group {
  return { labels: metric, value: Number(value?.[1]) }
}

function seriesOf({ metric, values = [] }: Element): ResultSeries {
  return {
    labels: metric,
    samples: values.map(([seconds, value]) => [new Date(seconds * 1_000).toISOString(), Number(value)] as const),
  }
}

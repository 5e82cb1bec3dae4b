// What Tempo's HTTP API answers in JSON, as types alone, by the names of tempo.proto. `afn-otel up` answers in the same shape.
// https://github.com/grafana/tempo/blob/main/pkg/tempopb/tempo.proto
import type { KeyValue } from '../otlp/any-value'
import type { TracesData } from '../otlp/trace'

/** One trace that a search has found. */
export interface TraceSearchMetadata {
  /** In hexadecimal digits. Tempo cuts leading zeros. */
  readonly traceID: string
  readonly rootServiceName?: string
  readonly rootTraceName?: string
  readonly startTimeUnixNano?: string
  readonly durationMs?: number
  /** The first of `spanSets`, for older clients. */
  readonly spanSet?: SpanSet
  readonly spanSets?: readonly SpanSet[]
}

export interface SpanSet {
  readonly spans?: readonly FoundSpan[]
  /** All spans of the set, also those that the answer leaves out. */
  readonly matched?: number
  /** What `by()` and aggregates gave. */
  readonly attributes?: readonly KeyValue[]
}

export interface FoundSpan {
  readonly spanID: string
  /** Only where the query reads it. */
  readonly name?: string
  readonly startTimeUnixNano?: string
  readonly durationNanos?: string
  /** What the query reads. */
  readonly attributes?: readonly KeyValue[]
}

/** `GET /api/search` */
export interface SearchResponse {
  readonly traces?: readonly TraceSearchMetadata[]
}

export interface TimeSeries {
  readonly labels?: readonly KeyValue[]
  /** protobuf's JSON leaves a value of 0 out. */
  readonly samples?: readonly { readonly timestampMs?: string | number; readonly value?: number }[]
  /** Of an instant query. */
  readonly value?: number
}

/** `GET /api/metrics/query_range` and `/api/metrics/query` */
export interface QueryResponse {
  readonly series?: readonly TimeSeries[]
}

/** `GET /api/v2/traces/{id}` */
export interface TraceByIDResponse {
  readonly trace?: TracesData
  /** PARTIAL where spans are left out, and why. */
  readonly status?: string
  readonly message?: string
}

export const spanSetsOf = ({ spanSets, spanSet }: TraceSearchMetadata): readonly SpanSet[] =>
  spanSets?.length ? spanSets : spanSet ? [spanSet] : []

// What came back, in one shape for all backends. It is what `--json` prints: change it only by adding.
export type Value = string | number | boolean | null | readonly Value[]

export interface FoundSpan {
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** Only where the query selects or compares the name. */
  readonly name?: string
  /** ISO 8601, UTC. */
  readonly start: string
  readonly durationMs: number
  /** What the query compares or selects. */
  readonly attributes: Readonly<Record<string, Value>>
}

export interface FoundTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** Empty while the root has not been received. */
  readonly service: string
  readonly name: string
  readonly start: string
  readonly durationMs: number
  /** Spans that match; `spans` may have fewer. */
  readonly matched: number
  /** What pipelines add to a set of spans: `count()`, `by(name)`. */
  readonly values: Readonly<Record<string, Value>>
  readonly spans: readonly FoundSpan[]
  /** In Grafana, where its address is known. */
  readonly url?: string
}

export interface Group {
  readonly labels: Readonly<Record<string, Value>>
  readonly value: number
}

export interface ResultSeries {
  readonly labels: Readonly<Record<string, Value>>
  /** Time (ISO 8601) and value. */
  readonly samples: readonly (readonly [string, number])[]
}

export type QueryResult =
  | { readonly kind: 'traces'; readonly traces: readonly FoundTrace[] }
  | ({ readonly kind: 'series'; readonly stepSeconds: number; readonly series: readonly ResultSeries[] } & Explained)
  | ({ readonly kind: 'instant'; readonly groups: readonly Group[] } & Explained)

interface Explained {
  /** What the server says of its answer, such as that it has fewer samples than were asked for. */
  readonly notes?: readonly string[]
}

// What the embedded backend answers in JSON, as types alone: the routes of src/backend/api fill them, and the explorer
// (src/backend/explorer) reads them. Decision 0010 lists the routes. Times are seconds since 1970 unless a name says otherwise;
// ids are hexadecimal; what isn't known is null or absent, never 0.
import type { UnpricedReason } from '../../app/llm/report/cost/unpriced'
import type { QueryResponse, TraceSearchMetadata } from '../../shared/queries/tempo-api'

export type TierName = 'detailed' | 'sampled' | 'errors'

/** Calls that a sum of money leaves out: they were answered, and their cost is not known. The sum is too low by them. */
export interface UnpricedCalls {
  readonly unpriced: number
  /** The same by `afn.llm.unpriced.reason`: the model has no price, or the number of tokens is not known. */
  readonly unpricedBy: Readonly<Record<UnpricedReason, number>>
}

/** Sums over calls of models. */
export interface Usage extends UnpricedCalls {
  readonly calls: number
  /** Null where the cost of no call is known. */
  readonly costUsd: number | null
  /** Null where there are calls and none reports it; likewise the output. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** With each trace of a search, where the request says `afn=true`. */
export interface TraceFacts extends Usage {
  readonly tier: TierName
  /** The first policy that applies, or `no policy`. */
  readonly reason: string
  readonly keptUntil: number
  readonly models: readonly string[]
  readonly errors: number
  readonly spans: number
  /** The user of its last span that names one. */
  readonly user: string | null
  /** First words of the prompt of its first call and of the answer of its last call, where content was captured. */
  readonly prompt: string | null
  readonly answer: string | null
  /** Where the `words` of the request stand, at most once each. */
  readonly found?: readonly { readonly place: string; readonly text: string }[]
}

/** By what `GET /api/search?sort=` sorts all that a query finds. */
export type TraceSort = 'start' | 'root' | 'service' | 'duration' | 'spans' | 'errors' | 'tokens' | 'cost'

export type FacetName =
  | 'tier'
  | 'status'
  | 'code'
  | 'service'
  | 'route'
  | 'environment'
  | 'version'
  | 'model'
  | 'user'
  | 'tool'

/** `GET /api/afn/facets` */
export interface FacetsAnswer {
  readonly facets: readonly {
    readonly name: FacetName
    /** The most frequent first. */
    readonly values: readonly { readonly value: string; readonly traces: number }[]
    /** How many values there are, those that are left out too. */
    readonly total: number
  }[]
}

export interface FoundTrace extends TraceSearchMetadata {
  readonly startTimeUnixNano: string
  readonly afn?: TraceFacts
}

/** `GET /api/search` */
export interface SearchAnswer {
  readonly traces?: readonly FoundTrace[]
  /** Where Tempo would answer what nobody can want; a sentence each. */
  readonly warnings?: readonly string[]
}

/** `GET /api/metrics/query_range` and `/api/metrics/query` */
export interface MetricsAnswer extends QueryResponse {
  /** As in a search. */
  readonly warnings?: readonly string[]
}

/** `GET /api/v2/search/tags` */
export interface TagsAnswer {
  readonly scopes?: readonly { readonly name: string; readonly tags?: readonly string[] }[]
}

/** `GET /api/v2/search/tag/{name}/values` */
export interface TagValuesAnswer {
  readonly tagValues?: readonly { readonly type: string; readonly value: string }[]
}

/** `GET /api/afn/overview` */
export interface Overview extends UnpricedCalls {
  readonly traces: number
  readonly spans: number
  /** Spans that failed. */
  readonly errors: number
  readonly failedTraces: number
  readonly calls: number
  readonly costUsd: number | null
  /** Input and output are null where there are calls and none reports them. */
  readonly tokens: {
    readonly input: number | null
    readonly output: number | null
    readonly cacheRead: number
    readonly cacheWrite: number
    readonly reasoning: number
  }
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly ttftP95Ms: number | null
  /** Traces by tier. */
  readonly tiers: Readonly<Record<TierName, number>>
  /** How long each tier is kept. */
  readonly keptDays: Readonly<Record<TierName, number>>
}

export type SeriesMetric = 'cost' | 'calls' | 'tokens' | 'errors' | 'latency' | 'ttft'
export type SeriesKey = 'model' | 'provider' | 'user' | 'service' | 'none'

/** `GET /api/afn/series` */
export interface SeriesAnswer {
  readonly stepSeconds: number
  /** At most twenty, the largest first. */
  readonly series: readonly (SeriesTotal & {
    readonly key: string
    /** Seconds and value; latency and ttft are p95 in milliseconds. */
    readonly points: readonly (readonly [number, number])[]
  })[]
  /** Of all series, those that are left out too, and of what has no key. */
  readonly all: SeriesTotal & { readonly series: number }
}

/** Over the whole window. What leaves calls out is said for the cost alone. */
export interface SeriesTotal extends Partial<UnpricedCalls> {
  /** Null where the cost of no call is known. */
  readonly total: number | null
  readonly calls?: number
}

/** `GET /api/afn/traces/{id}`: over all of its spans, those too that an answer with the spans leaves out. */
export interface TraceSummary extends Usage {
  readonly traceId: string
  readonly tier: TierName
  readonly reason: string
  readonly keptUntil: number
  /** All policies that apply. */
  readonly policies: readonly string[]
  readonly start: number
  readonly durationMs: number
  readonly spans: number
  /** Spans that failed. */
  readonly errors: number
}

export interface LogLine {
  readonly time: number
  readonly severity: string
  /** Retention class: debug, info, warn, error or audit. */
  readonly class: string
  readonly service: string
  /** Name of the event; empty where the record is none. */
  readonly event: string
  /** Null where there is none: most events have attributes alone. */
  readonly body: unknown
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId: string | null
  readonly spanId: string | null
}

/** `GET /api/afn/logs` */
export interface LogsAnswer {
  readonly logs: readonly LogLine[]
  /** The `after` of the next page; null: these are the last ones. */
  readonly next: string | null
}

export interface CatalogueQuery {
  readonly name: string
  readonly title: string
  readonly question: string
  /** Parameters stand in it as `$name`. */
  readonly text: string
  readonly parameters: readonly {
    readonly name: string
    readonly type: string
    readonly fallback?: string | undefined
    readonly meaning: string
  }[]
  readonly kind: 'traces' | 'series' | 'instant'
  readonly tiers: readonly string[]
}

/** `GET /api/afn/catalogue` */
export interface CatalogueAnswer {
  readonly queries: readonly CatalogueQuery[]
}

/** `GET /api/afn/stats` */
export interface Stats {
  readonly spans: number
  readonly traces: number
  readonly logs: number
  readonly metricPoints: number
  readonly bytes: number
  /** Beyond it the oldest goes first; null: there is no limit. */
  readonly maxBytes: number | null
  /** Days, by tier, class and resolution, as the settings file has them. */
  readonly kept: Readonly<Record<'traces' | 'logs' | 'metrics', Readonly<Record<string, number>>>>
  readonly oldest: number | null
  readonly newest: number | null
  readonly received: number
  readonly rejected: number
  /** Address to which apps send OTLP. */
  readonly otlp: string | null
  readonly version: string
}

/** What any route under `/api/afn/` answers with 400, 401, 403, 404, 413 or 503. */
export interface Refusal {
  readonly error: string
}

/** Of one signal that `afn-otel export --to` would send. */
export interface ReplayCounts {
  /** Spans, data points or log records. */
  readonly records: number
  /** Nanoseconds since 1970, in digits. */
  readonly first: string | null
  readonly last: string | null
  /** Numbers of rows in digits: behind the first, up to the second. */
  readonly after: string
  readonly until: string
  /** Seconds → how many are older than that. */
  readonly olderThan: Readonly<Record<string, number>>
  /** Data points that say what came since the one before. */
  readonly deltas: number
}

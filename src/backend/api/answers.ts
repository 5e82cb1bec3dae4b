// What the embedded backend answers in JSON, as types alone: the routes of src/backend/api fill them, and the explorer
// (src/backend/explorer) reads them. Decision 0010 lists the routes. Times are seconds since 1970 unless a name says otherwise;
// ids are hexadecimal; what isn't known is null or absent, never 0.
import type { UnpricedReason } from '../../app/llm/report/cost/unpriced'
import type { QueryResponse, TraceSearchMetadata } from '../../shared/queries/tempo-api'

export type TierName = 'detailed' | 'sampled' | 'errors'

/** Answered calls without a known cost, which the sum therefore leaves out. */
export interface UnpricedCalls {
  readonly unpriced: number
  /** The same calls by `afn.llm.unpriced.reason`: the model has no price, or its token count is unknown. */
  readonly unpricedBy: Readonly<Record<UnpricedReason, number>>
}

/** Sums over model calls. */
export interface Usage extends UnpricedCalls {
  readonly calls: number
  /** Null if no call has a known cost. */
  readonly costUsd: number | null
  /** Null if there are calls but none reports it; the same holds for output. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** Added to each trace of a search with `afn=true`. */
export interface TraceFacts extends Usage {
  readonly tier: TierName
  /** The first policy that applies, or `no policy`. */
  readonly reason: string
  readonly keptUntil: number
  readonly models: readonly string[]
  readonly errors: number
  readonly spans: number
  /** The user of the last span that names one. */
  readonly user: string | null
  /** The first words of the first call's prompt and of the last call's answer, if content was captured. */
  readonly prompt: string | null
  readonly answer: string | null
  /** Where the request's `words` occur, each at most once. */
  readonly found?: readonly { readonly place: string; readonly text: string }[]
}

/** The keys by which `GET /api/search?sort=` sorts all matches of a query. */
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
    /** The number of values, including those beyond the limit. */
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
  /** One sentence each, for a query that Tempo answers in a way that nobody wants. */
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
  /** Number of failed spans. */
  readonly errors: number
  readonly failedTraces: number
  readonly calls: number
  readonly costUsd: number | null
  /** Input and output are null if there are calls but none reports them. */
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
  /** Number of traces by tier. */
  readonly tiers: Readonly<Record<TierName, number>>
  /** Retention by tier. */
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
    /** Pairs of time in seconds and value; latency and ttft are the p95 in milliseconds. */
    readonly points: readonly (readonly [number, number])[]
  })[]
  /** Over all series, including those beyond the limit and data without a key. */
  readonly all: SeriesTotal & { readonly series: number }
}

/** Over the whole window. Only the cost reports unpriced calls. */
export interface SeriesTotal extends Partial<UnpricedCalls> {
  /** Null if no call has a known cost. */
  readonly total: number | null
  readonly calls?: number
}

/** `GET /api/afn/traces/{id}`: sums over all spans of the trace, even if the answer omits some. */
export interface TraceSummary extends Usage {
  readonly traceId: string
  readonly tier: TierName
  readonly reason: string
  readonly keptUntil: number
  /** All policies that match. */
  readonly policies: readonly string[]
  readonly start: number
  readonly durationMs: number
  readonly spans: number
  /** Number of failed spans. */
  readonly errors: number
}

export interface CatalogueQuery {
  readonly name: string
  readonly title: string
  readonly question: string
  /** The query, with parameters as `$name`. */
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
  /** If the store exceeds it, the oldest data is deleted first; null for no limit. */
  readonly maxBytes: number | null
  /** Retention in days by tier, log class and metric resolution, from the settings file. */
  readonly kept: Readonly<Record<'traces' | 'logs' | 'metrics', Readonly<Record<string, number>>>>
  readonly oldest: number | null
  readonly newest: number | null
  readonly received: number
  readonly rejected: number
  /** The address to which apps send OTLP. */
  readonly otlp: string | null
  readonly version: string
}

/** The body of all errors under `/api/afn/`: 400, 401, 403, 404, 413 and 503. */
export interface Refusal {
  readonly error: string
}

/** The records of one signal that `afn-otel export --to` would send. */
export interface ReplayCounts {
  /** Number of spans, data points or log records. */
  readonly records: number
  /** Nanoseconds since 1970, in digits. */
  readonly first: string | null
  readonly last: string | null
  /** Row numbers as digits; the range excludes `after` and includes `until`. */
  readonly after: string
  readonly until: string
  /** Age in seconds → number of records that are older. */
  readonly olderThan: Readonly<Record<string, number>>
  /** Number of data points with delta temporality. */
  readonly deltas: number
}

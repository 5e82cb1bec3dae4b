// Types of the answers of `/api/afn/errors`; see answers.ts.

export interface ErrorGroup {
  readonly id: string
  readonly type: string
  /** The common pattern of its messages, with `<n>` and `<id>` where they differ. */
  readonly message: string
  /** The first line of the newest occurrence's message, unchanged. */
  readonly newest: string
  readonly service: string
  /** Number of distinct `user.id`; at most 1,000 per message are told apart. */
  readonly users: number
  /** `service.version` of the first and the last occurrence in the time range; null if none was sent. */
  readonly firstVersion: string | null
  readonly lastVersion: string | null
  /** Whether it never happened before the newest version of its service was first seen. */
  readonly isNew: boolean
  /** Name of the last failed span; empty if only log records report the error. */
  readonly span: string
  /** Names of the failed spans, at most twenty. */
  readonly spans: readonly string[]
  readonly count: number
  readonly first: number
  readonly last: number
  /** Of the last occurrence the innermost three that have a place: `addItem (src/cart.ts:12:5)`, by the source map if there is one. */
  readonly frames: readonly string[]
  /** Occurrences by time step, as pairs of its start in seconds and the number; they add up to `count`. */
  readonly points: readonly (readonly [number, number])[]
  /** Newest first. */
  readonly examples: readonly ErrorExample[]
}

export interface ErrorExample {
  readonly time: number
  /** Null for a log record outside of a trace. */
  readonly traceId: string | null
  /** Empty for a log record. */
  readonly span: string
  readonly session: string | null
  /** For an error in a browser, the URL of the page. */
  readonly page: string | null
}

/** The newest version of a service that ran several in the time range. */
export interface ErrorDeploy {
  readonly service: string
  readonly version: string
  /** The start of its first span, in nanoseconds since 1970, as digits. */
  readonly atNs: string
}

interface FailureCount {
  readonly value: string
  readonly count: number
}

/** `GET /api/afn/errors` */
export interface ErrorsAnswer {
  readonly deploys: readonly ErrorDeploy[]
  /** Where the request says `facets=true`: failures of the time by service and version, the most frequent first. */
  readonly facets?: { readonly services: readonly FailureCount[]; readonly versions: readonly FailureCount[] }
  readonly groups: readonly ErrorGroup[]
  readonly stepSeconds: number
  /** Whether the answer has all groups. */
  readonly complete: boolean
}

// What `/api/afn/errors` answers in JSON, as types alone: see answers.ts.

export interface ErrorGroup {
  readonly id: string
  readonly type: string
  /** What its occurrences have in common: `<n>` and `<id>` where they differ. */
  readonly message: string
  /** The first line of the message of its last occurrence, as it came. */
  readonly newest: string
  readonly service: string
  /** How many different `user.id` its occurrences have; at most 1,000 of a message are told apart. */
  readonly users: number
  /** `service.version` of its first occurrence in the time, and of its last; null where none was sent. */
  readonly firstVersion: string | null
  readonly lastVersion: string | null
  /** Whether nothing like it happened in the time before the newest version of its service began. */
  readonly isNew: boolean
  /** Name of the last span that failed; empty where log records alone report it. */
  readonly span: string
  /** Names of all spans that failed so, at most twenty. */
  readonly spans: readonly string[]
  readonly count: number
  readonly first: number
  readonly last: number
  /** Of the last occurrence the innermost three that have a place: `addItem (src/cart.ts:12:5)`, by the source map if there is one. */
  readonly frames: readonly string[]
  /** How many there were, by the second at which a step begins; together they are `count`. */
  readonly points: readonly (readonly [number, number])[]
  /** Newest first. */
  readonly examples: readonly ErrorExample[]
}

export interface ErrorExample {
  readonly time: number
  /** Null of a log record outside of any trace. */
  readonly traceId: string | null
  /** Empty of a log record. */
  readonly span: string
  readonly session: string | null
  /** Of an error in a browser: the URL of its page. */
  readonly page: string | null
}

/** The newest version of a service that had several in the time. */
export interface ErrorDeploy {
  readonly service: string
  readonly version: string
  /** When its first span began, in nanoseconds since 1970, in digits. */
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
  /** Whether these are all groups that there are. */
  readonly complete: boolean
}

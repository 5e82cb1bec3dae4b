// Types of the answers about log records. As in answers.ts, times are seconds and ids hexadecimal.

export interface LogLine {
  /** Digits; a record that arrived later has a larger one. */
  readonly id: string
  readonly time: number
  readonly severity: string
  /** Retention class: debug, info, warn, error or audit. */
  readonly class: string
  readonly service: string
  /** Name of the event; empty if the record is not an event. */
  readonly event: string
  /** Null if there is none: most events have only attributes. */
  readonly body: unknown
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId: string | null
  readonly spanId: string | null
}

/** `GET /api/afn/logs` */
export interface LogsAnswer {
  readonly logs: readonly LogLine[]
  /** Pass it as `after` to get the next page; null on the last page. */
  readonly next: string | null
}

/** By the severity number; `none` if a record has no severity. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'none'

export type LogFacetName = 'level' | 'service' | 'environment' | 'version' | 'event' | 'class'

/** `GET /api/afn/logs/summary` */
export interface LogSummary {
  readonly stepSeconds: number
  /** The records that match all filters, by level; levels without any are absent. */
  readonly levels: readonly {
    readonly level: LogLevel
    readonly total: number
    /** Pairs of the start of a step in seconds and a number of records. */
    readonly points: readonly (readonly [number, number])[]
  }[]
  /** Each value has the number of records that match it and the filters of the other facets. */
  readonly facets: readonly {
    readonly name: LogFacetName
    /** The most frequent first. */
    readonly values: readonly { readonly value: string; readonly count: number }[]
    /** The number of values, including those beyond the limit. */
    readonly total: number
  }[]
}

/** `GET /api/afn/logs/tail` */
export interface LogTail {
  /** The last to arrive first. */
  readonly logs: readonly LogLine[]
  /** The number of records that arrived and match, but exceeded the limit. */
  readonly skipped: number
  /** Pass it as `after` to get what arrives later. */
  readonly after: string
}

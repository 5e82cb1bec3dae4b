// What routes, and the languages behind them, read of a request's query string.

/** A parameter by its name. An empty one counts as none, as in Tempo. */
export type QueryParams = (name: string) => string | undefined

/** Nanoseconds since 1970; `toNs` does not belong to it. */
export interface TimeRangeNs {
  readonly fromNs: bigint
  readonly toNs: bigint
}

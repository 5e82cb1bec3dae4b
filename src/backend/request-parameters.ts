// Types for query strings, shared by the routes and the query languages.

/** Returns a parameter by name. As in Tempo, an empty one counts as absent. */
export type QueryParams = (name: string) => string | undefined

/** Nanoseconds since 1970; `toNs` is exclusive. */
export interface TimeRangeNs {
  readonly fromNs: bigint
  readonly toNs: bigint
}

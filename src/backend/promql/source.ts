import type { Matcher } from './ast'
import type { Notes } from './notes'
import type { Expressions } from './patterns'
import type { Samples, StoredSeries } from './series'

/** Limits and notes of the query that reads samples. */
export interface SelectContext {
  readonly samples: Samples
  readonly notes: Notes
}

export interface Source extends Expressions {
  /** @returns series with samples after `from` up to `to`, and earlier downsampled ones that are still valid then; times in milliseconds */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    reading: SelectContext,
  ): Promise<readonly StoredSeries[]>
}

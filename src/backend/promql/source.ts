import type { Matcher } from './ast'
import type { Notes } from './notes'
import type { Expressions } from './patterns'
import type { Samples, StoredSeries } from './series'

/** Of the query for which samples are read. */
export interface SelectContext {
  readonly samples: Samples
  readonly notes: Notes
}

/** Where samples come from. */
export interface Source extends Expressions {
  /** @returns series with samples after `from` up to `to`, and thinned ones before it that still count then; the times are in milliseconds */
  select(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    reading: SelectContext,
  ): Promise<readonly StoredSeries[]>
}

import type { Matcher } from './ast'
import type { Expressions } from './patterns'
import type { Samples, Stored } from './series'

/** Where samples come from. */
export interface Source extends Expressions {
  /** @returns series with samples after `from` up to `to`; the times are in milliseconds */
  select(matchers: readonly Matcher[], from: number, to: number, samples: Samples): Promise<readonly Stored[]>
}

// What a run of the repair has done, and what it left.
import type { UpperTier } from './upper-tiers'

export interface Repair {
  readonly traceId: string
  readonly tier: UpperTier
  /** Spans that the tier did not have. */
  readonly spans: number
  /** True when it had none of the trace. */
  readonly wasAbsent: boolean
}

export interface Report {
  /** Traces that were read and decided on. */
  readonly looked: number
  readonly repairs: readonly Repair[]
  /** Known traces that were not looked at, or not repaired: beyond the limit, too late, or too large. */
  readonly left: number
  /** Traces of which spans may still be on their way from the Collector; they are left, too. */
  readonly waiting: number
  /** Repairs that Tempo refused, with its reason. */
  readonly refused: readonly (Repair & { readonly reason: string })[]
  /** Unix time in seconds from which on nothing was looked at; undefined when the whole window was. */
  readonly stoppedAt: number | undefined
  /** Repairs that Tempo took and does not show yet. */
  readonly unconfirmed: number
}

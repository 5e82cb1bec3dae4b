// How an objective stands: over each window how fast its budget burns, and which of its alerts fire.
import { firingTiers } from '../../slo/alerts'
import { budgetOf, type Slo } from '../../slo/spec'
import { periodSeconds, type Tier, windowSeconds } from '../../slo/windows'
import type { EventCounts, Events } from './event-counts'

export interface Burn {
  /** Of the window. */
  readonly seconds: number
  /** How many times faster than evenly over the period; null where there were no events. */
  readonly burn: number | null
}

export interface Rating {
  readonly burns: readonly Burn[]
  /** Of the period, as far as it is known. */
  readonly period: Events
  readonly fired: readonly Fired[]
}

export interface Fired {
  readonly tier: Tier
  /** The share of bad events in its long window. */
  readonly ratio: number
}

/** @param now milliseconds since 1970 */
export function rate(slo: Slo, counts: EventCounts, now: number): Rating {
  const budget = budgetOf(slo)
  const within = new Map(windowSeconds.map(seconds => [seconds, counts.within(seconds * 1_000, now)]))
  const fired = firingTiers(slo).flatMap(tier => {
    const short = within.get(tier.short)!
    const long = within.get(tier.long)!
    const { failures, events } = slo.lowTraffic
    // Sloth has no such guard
    const isMuch = slo.compat === 'sloth' || (long.bad >= failures && long.total >= events)
    const fires = isMuch && isAbove(short, tier.threshold) && isAbove(long, tier.threshold)
    return fires ? [{ tier, ratio: long.bad / long.total }] : []
  })
  return {
    burns: [...within].map(([seconds, { bad, total }]) => ({
      seconds,
      burn: total > 0 ? bad / total / budget : null,
    })),
    period: counts.within(periodSeconds[slo.period] * 1_000, now),
    fired,
  }
}

/** Without events nothing burns. */
const isAbove = ({ bad, total }: Events, threshold: number): boolean => total > 0 && bad / total > threshold

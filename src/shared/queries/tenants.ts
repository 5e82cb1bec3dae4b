// Which of Tempo's tenants are queried: one for each tier of traces.
import { type Retention, retention, type TraceTier } from '../tiers'
import type { Tier } from './query'
import { secondsOf, type TimeRange } from './window'

const traceTiers = Object.keys(retention.traces) as TraceTier[]
const daySeconds = 86_400

export interface Choice {
  readonly tenants: readonly string[]
  /** What this choice means for the answer, for the user to read. */
  readonly notes: readonly string[]
}

export const tenantOf = (tier: TraceTier): string => `afn-${tier}`

/**
 * A search asks all tiers that it holds in, and Tempo merges what it finds by trace id. Numbers come from one tenant: Tempo
 * adds up the tenants, and the tiers nest, so each trace of a higher tier would count two or three times.
 * @param option of `--tier`
 * @param valid the tiers of the query
 * @param daysOf how long each tier keeps
 * @throws Error when the query does not hold in the tier
 */
export function chooseTenants(
  option: string,
  valid: readonly Tier[],
  numbers: boolean,
  window: TimeRange,
  daysOf: Retention['traces'],
): Choice {
  const usable = traceTiers.filter(tier => valid.includes(tier))
  if (option !== 'all' && !traceTiers.some(tier => tier === option))
    throw new Error(`--tier takes ${traceTiers.join(', ')} or all, not "${option}"`)
  const wanted = usable.filter(tier => option === 'all' || tier === option)
  if (wanted.length === 0)
    throw new Error(`the result would be wrong on tier ${option}; valid tiers: ${usable.join(', ')}`)
  const kept = (tier: TraceTier) => daysOf[tier] * daySeconds >= secondsOf(window)
  if (!numbers) return { tenants: wanted.map(tenantOf), notes: [] }
  const tier = wanted.find(kept) ?? wanted.at(-1)!
  const days = daysOf[tier]
  const notes = [`computed only on ${tenantOf(tier)}, which retains ${meaning[tier]} for ${days} days`]
  if (!kept(tier)) notes.push(`the time range is longer; the numbers cover the last ${days} days`)
  return { tenants: [tenantOf(tier)], notes }
}

const meaning: Record<TraceTier, string> = {
  detailed: 'every trace',
  sampled: 'slow, costly, poor and failed traces and a tenth of the others',
  errors: 'failed traces',
}

/** The fullest of the queried tenants that keeps what began at this time: there a trace that was found can be read. */
export function tenantKeeping(
  tenants: readonly string[],
  start: Date,
  now: Date,
  daysOf: Retention['traces'],
): string | undefined {
  const ageSeconds = (now.getTime() - start.getTime()) / 1_000
  const kept = traceTiers.filter(tier => daysOf[tier] * daySeconds > ageSeconds).map(tenantOf)
  return tenants.find(tenant => kept.includes(tenant)) ?? tenants.at(-1)
}

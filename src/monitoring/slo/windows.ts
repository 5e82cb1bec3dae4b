/**
 * Periods and windows of an SLO. A tier fires while both of its windows burn faster than its factor: the long one shows that it matters,
 * the short one that it is still going on. The tables are Sloth's; for 30 and 28 days, they are from Google's SRE workbook, table 5-8.
 */
import { budgetOf, type Slo, type SloPeriod, type TierName, tidy, tierNames } from './spec'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** In seconds. */
export const periodSeconds: Readonly<Record<SloPeriod, number>> = { '30d': 30 * DAY, '28d': 28 * DAY, '7d': 7 * DAY }

/** In seconds; equal for all periods. */
const windows: Readonly<Record<TierName, { readonly short: number; readonly long: number }>> = {
  fast_burn: { short: 5 * MINUTE, long: HOUR },
  medium_burn: { short: 30 * MINUTE, long: 6 * HOUR },
  slow_burn: { short: 2 * HOUR, long: DAY },
  long_term_burn: { short: 6 * HOUR, long: 3 * DAY },
}

/** Percent of the budget consumed when a tier's long window burns at its factor. */
const month = { fast_burn: 2, medium_burn: 5, slow_burn: 10, long_term_burn: 10 }
const budgetPercent: Readonly<Record<SloPeriod, Readonly<Record<TierName, number>>>> = {
  '30d': month,
  '28d': month,
  '7d': { fast_burn: 8, medium_burn: 12.5, slow_burn: 20, long_term_burn: 42 },
}

/** All times are in seconds. */
export interface Tier {
  readonly name: TierName
  /** Sloth's name. */
  readonly slothSeverity: 'page' | 'ticket'
  readonly short: number
  readonly long: number
  /** Percent of the budget consumed in the long window. */
  readonly budgetPercent: number
  /** The burn rate at which the tier fires. */
  readonly factor: number
  /** The share of bad events, 0 to 1, above which the tier fires in both windows. */
  readonly threshold: number
}

/** The four tiers of an SLO, including those that can never fire. */
export function tiersOf(slo: Pick<Slo, 'objective' | 'period'>): Tier[] {
  return tierNames.map(name => {
    const { short, long } = windows[name]
    const percent = budgetPercent[slo.period][name]
    const factor = tidy(((percent / 100) * periodSeconds[slo.period]) / long)
    return {
      name,
      slothSeverity: name === 'fast_burn' || name === 'medium_burn' ? 'page' : 'ticket',
      short,
      long,
      budgetPercent: percent,
      factor,
      threshold: tidy(factor * budgetOf(slo)),
    }
  })
}

/** More than 100 % of events cannot be bad. */
export const canFire = ({ threshold }: Pick<Tier, 'threshold'>): boolean => threshold < 1

/** All windows of the tiers, in seconds, shortest first. */
export const windowSeconds: readonly number[] = [
  ...new Set(Object.values(windows).flatMap(({ short, long }) => [short, long])),
].toSorted((a, b) => a - b)

/** A duration in Prometheus' notation, with the largest unit that fits: `5m`, `1d`, and `1w` for seven days. */
export function promDuration(seconds: number): string {
  const units = { w: 7 * DAY, d: DAY, h: HOUR, m: MINUTE, s: 1 }
  const [unit = 's'] = Object.entries(units).find(([, size]) => seconds % size === 0) ?? []
  return `${seconds / units[unit as keyof typeof units]}${unit}`
}

/** The retention in days that a server needs for a complete period: one day more, because blocks are deleted as a whole. */
export const daysNeeded = (period: SloPeriod): number => periodSeconds[period] / DAY + 1

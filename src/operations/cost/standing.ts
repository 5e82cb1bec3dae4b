/** The state of a budget: spend, thresholds reached, and the forecast for the period. */

import { daysOf, hoursOf, type Period, periodAt, type Span } from '../../shared/calendar/period'
import { dateAt } from '../../shared/calendar/time-zone'
import type { Budget, CostConfig, Credit, Dimension, Scope } from './config'
import { sumOf } from './exact-sum'
import { type Forecast, forecast } from './forecast'
import { rateOn } from './money'
import { fitting, type Spend, type SpendSource, totalOf } from './spend'

export interface Standing {
  readonly budget: Budget
  readonly period: Period
  /** In the account's currency, like all amounts here, after credits. */
  readonly spent: number
  readonly credited: number
  /** Percent of the amount. */
  readonly percent: number
  readonly calls: number
  readonly unpriced: number
  /** The unpriced calls whose token counts are unknown. */
  readonly noUsage: number
  /** The thresholds reached, in percent, ascending. */
  readonly passed: readonly number[]
  /** Undefined if there is too little data. */
  readonly forecast: Forecast | undefined
  /** Whether the budget is likely to be exceeded: the whole forecast interval lies above the amount. */
  readonly willExceed: boolean
  /** Spend of the period before this time, in milliseconds since 1970, is unknown. Undefined if all is known. */
  readonly unknownBefore: number | undefined
}

const DAY_MS = 86_400_000

/** Dimensions that every source has. */
const COMMON: readonly Dimension[] = ['service', 'provider', 'model']

/** How much history the forecast uses. */
const HISTORY_MS = { day: 28 * DAY_MS, week: 56 * DAY_MS, month: 56 * DAY_MS } as const

/**
 * @param at milliseconds since 1970; for a past period, any later time
 * @throws BackendError
 * @throws Error if a day has no exchange rate
 */
export async function standingOf(
  budget: Budget,
  config: CostConfig,
  source: SpendSource,
  at: number,
  period = periodAt(budget.period, at, config.timeZone),
): Promise<Standing> {
  const now = Math.min(at, period.end)
  // budgets with equal values of these share cached results; the archive's key depends on their order
  const { user, feature, team, environment, ...rest } = budget.scope
  const named = Object.entries({ user, feature, team, environment }).filter(([, names]) => names !== undefined)
  const apart = Object.fromEntries(named) as Scope
  const known = await source.knownSince(at, COMMON, apart)
  const isOver = period.end <= at
  // a past period needs no forecast
  const history = isOver
    ? { start: 0, end: 0 }
    : { start: Math.max(known, period.start - HISTORY_MS[budget.period]), end: period.start }
  const before = slotsOf(budget, history, config)
  const within = slotsOf(budget, { start: Math.max(known, period.start), end: now }, config)
  const fits = fitting(rest)
  const found = (await source.spend([...before, ...within], COMMON, apart)).map(spends =>
    totalOf(spends.filter(({ labels }) => fits(labels))),
  )
  const amounts = [...before, ...within].map(
    (slot, index) => found[index]!.usd * rateOn(dateAt(slot.start, config.timeZone), config),
  )
  const inPeriod = found.slice(before.length)
  const credited = creditsIn(config, budget, { start: period.start, end: now })
  const gross = sumOf(amounts.slice(before.length))
  const calls = inPeriod.reduce((sum, one) => sum + one.calls, 0)
  const spent = Math.max(0, gross - credited)
  const end = isOver ? undefined : forecastOf({ found, amounts, gross, calls, within, period, budget, config, now })
  const net = (value: number): number => Math.max(0, value - credited)
  const later = end && {
    expected: net(end.expected),
    interval: { low: net(end.interval.low), high: net(end.interval.high) },
  }
  return {
    budget,
    period,
    spent,
    credited,
    percent: (spent / budget.amount) * 100,
    calls,
    unpriced: inPeriod.reduce((sum, one) => sum + one.unpriced, 0),
    noUsage: inPeriod.reduce((sum, one) => sum + (one.noUsage ?? 0), 0),
    // tolerates rounding, so that spend at a threshold has reached it
    passed: budget.thresholds.filter(threshold => spent * 100 >= threshold * budget.amount * (1 - 1e-12)),
    forecast: later,
    willExceed: later !== undefined && later.interval.low > budget.amount,
    unknownBefore: known > period.start ? known : undefined,
  }
}

/** Hours for daily budgets, days for others. */
function slotsOf({ period }: Budget, span: Span, { timeZone }: CostConfig): Span[] {
  if (span.end <= span.start) return []
  return period === 'day' ? hoursOf(span) : daysOf(span, timeZone)
}

/** A budget for all calls gets every credit; a budget for certain providers only those of its provider, if it is the only one. */
function creditsIn({ credits, timeZone }: CostConfig, { scope }: Budget, { start, end }: Span): number {
  const [first, last] = [dateAt(start, timeZone), dateAt(end, timeZone)]
  const isFor = ({ provider }: Credit): boolean =>
    Object.keys(scope).every(dimension => dimension === 'provider') &&
    (scope.provider === undefined || scope.provider.every(name => name === provider))
  return sumOf(
    credits.filter(credit => credit.date >= first && credit.date <= last && isFor(credit)).map(one => one.amount),
  )
}

const WEEK_OF_HOURS = 168

interface BudgetHistory {
  /** For all slots, those before the period first. */
  readonly found: readonly Spend[]
  readonly amounts: readonly number[]
  readonly gross: number
  readonly calls: number
  /** The slots of the period so far; the last one is cut off at now. */
  readonly within: readonly Span[]
  readonly period: Period
  readonly budget: Budget
  readonly config: CostConfig
  readonly now: number
}

function forecastOf({
  found,
  amounts,
  gross,
  calls,
  within,
  period,
  budget,
  config,
  now,
}: BudgetHistory): Forecast | undefined {
  const present = within.at(-1)
  const slot = present && slotsOf(budget, { start: present.start, end: period.end }, config)
  if (!present || !slot) return undefined
  // slots before the first call do not count: the app did not exist yet
  const first = found.findIndex(({ usd, calls }) => usd > 0 || calls > 0)
  const before = first < 0 ? [] : amounts.slice(first, -1)
  return forecast({
    before,
    spent: gross,
    presentElapsed: (now - present.start) / (slot[0]!.end - present.start),
    following: slot.length - 1,
    season: budget.period !== 'day' ? 7 : before.length >= 2 * WEEK_OF_HOURS ? WEEK_OF_HOURS : 24,
    elapsed: (now - period.start) / (period.end - period.start),
    calls,
  })
}

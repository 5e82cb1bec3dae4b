/** Where a budget stands at a moment: what is spent of it, which thresholds are passed, and what the period is going to cost. */

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
  /** In the currency of the account, as all amounts here; credits are taken off. */
  readonly spent: number
  readonly credited: number
  /** Percent of the amount. */
  readonly percent: number
  readonly calls: number
  readonly unpriced: number
  /** Of the unpriced, those whose token counts are unknown. */
  readonly noUsage: number
  /** Percent, ascending: the thresholds that are reached. */
  readonly passed: readonly number[]
  /** Undefined while too little is known. */
  readonly forecast: Forecast | undefined
  /** The budget is likely to be exceeded: the whole interval of the forecast lies above the amount. */
  readonly willExceed: boolean
  /** Milliseconds since 1970: what was spent before it in the period is not known. Undefined where all is. */
  readonly unknownBefore: number | undefined
}

const DAY_MS = 86_400_000

/** Dimensions that every source knows. */
const COMMON: readonly Dimension[] = ['service', 'provider', 'model']

/** So much of the time before is looked at for the forecast. */
const HISTORY_MS = { day: 28 * DAY_MS, week: 56 * DAY_MS, month: 56 * DAY_MS } as const

/**
 * @param at milliseconds since 1970; of a period that is over, any time after it
 * @throws BackendError
 * @throws Error where a day has no exchange rate
 */
export async function standingOf(
  budget: Budget,
  config: CostConfig,
  source: SpendSource,
  at: number,
  period = periodAt(budget.period, at, config.timeZone),
): Promise<Standing> {
  const now = Math.min(at, period.end)
  // budgets that have the same of these share what was read; the archive knows a question by their order
  const { user, feature, team, environment, ...rest } = budget.scope
  const named = Object.entries({ user, feature, team, environment }).filter(([, names]) => names !== undefined)
  const apart = Object.fromEntries(named) as Scope
  const known = await source.knownSince(at, COMMON, apart)
  const isOver = period.end <= at
  // nothing is to be forecast of what is over
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
    // what is on the threshold has reached it, whatever a division rounds off
    passed: budget.thresholds.filter(threshold => spent * 100 >= threshold * budget.amount * (1 - 1e-12)),
    forecast: later,
    willExceed: later !== undefined && later.interval.low > budget.amount,
    unknownBefore: known > period.start ? known : undefined,
  }
}

/** Hours of a day, days of all else. */
function slotsOf({ period }: Budget, span: Span, { timeZone }: CostConfig): Span[] {
  if (span.end <= span.start) return []
  return period === 'day' ? hoursOf(span) : daysOf(span, timeZone)
}

/** Every credit counts where the budget is of all calls; one of a provider, where it is of that provider alone, too. */
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
  /** Of all slots, those before the period first. */
  readonly found: readonly Spend[]
  readonly amounts: readonly number[]
  readonly gross: number
  readonly calls: number
  /** The slots of the period up to now, the last one cut off. */
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
  // before its first call the app was not there, which says nothing of what it costs
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

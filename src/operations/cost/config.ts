/**
 * The section `budget_config` of `monitoring-config.json`, with defaults. The schema defines the syntax; this file checks what depends on
 * several values.
 */
import { isDate } from '../../shared/calendar/dates'
import type { PeriodKind } from '../../shared/calendar/period'
import { wrongTimeZone } from '../../shared/calendar/time-zone'
import { CheckedFile, listOf, type Mistake, mapOf, type Path, type Raw } from '../../shared/config/checked-file'
import { schemaOfSection } from '../../shared/config/monitoring-config'
import { nearest } from '../../shared/config/nearest'
import type { Retirement } from './retirement/retirement'

/** The dimensions by which cost is broken down. */
export const dimensions = ['service', 'team', 'environment', 'provider', 'model', 'feature', 'user'] as const
export type Dimension = (typeof dimensions)[number]

/** Allowed values per dimension; a missing dimension allows all. */
export type Scope = Readonly<Partial<Record<Dimension, readonly string[]>>>

export interface Budget {
  readonly name: string
  readonly period: PeriodKind
  /** In the account's currency. */
  readonly amount: number
  readonly scope: Scope
  /** Percent of the amount, ascending. */
  readonly thresholds: readonly number[]
  readonly forecast: boolean
}

export interface Credit {
  readonly date: string
  /** In the account's currency, positive. */
  readonly amount: number
  readonly provider: string | undefined
}

export interface ExchangeRate {
  /** The first day on which the rate applies, `YYYY-MM-DD`. */
  readonly from: string
  readonly perUsd: number
}

export interface CostConfig {
  readonly timeZone: string
  readonly currency: string
  /** By date. Empty if the currency is USD. */
  readonly rates: readonly ExchangeRate[]
  /** A TraceQL attribute. */
  readonly featureAttribute: string
  /** Days. */
  readonly priceTableMaxAge: number
  readonly credits: readonly Credit[]
  readonly budgets: readonly Budget[]
  /** Retirement dates that the user added. */
  readonly retirements: readonly Retirement[]
  /** Number of days before a retirement at which to notify; empty: never. */
  readonly retirementNotice: readonly number[]
}

/** The configuration without a file. */
export const defaultCosts: CostConfig = {
  timeZone: 'UTC',
  currency: 'USD',
  rates: [],
  featureAttribute: 'span.gen_ai.agent.name',
  priceTableMaxAge: 90,
  credits: [],
  budgets: [],
  retirements: [],
  retirementNotice: [90, 30, 7],
}

export interface CostFile {
  /** Undefined if there are mistakes. Has no budgets if the file has no such section. */
  readonly config: CostConfig | undefined
  /** In the order of the file. */
  readonly mistakes: readonly Mistake[]
}

/** Checks this section alone, so that errors in other sections do not stop the budget watch. */
const ownSchema = schemaOfSection('budget_config')

/** @param text of `monitoring-config.json` */
export function readCosts(text: string): CostFile {
  const file = new CheckedFile(text, ownSchema)
  const section = mapOf(mapOf(file.value).budget_config)
  check(file, section)
  const { mistakes } = file
  return { mistakes, config: mistakes.length > 0 ? undefined : configOf(section) }
}

const namesOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(name => typeof name === 'string')

const DEFAULT_THRESHOLDS = [50, 80, 100]

function configOf(raw: Raw): CostConfig {
  return {
    timeZone: (raw.time_zone as string | undefined) ?? defaultCosts.timeZone,
    currency: (raw.currency as string | undefined) ?? defaultCosts.currency,
    rates: listOf(raw.exchange_rates).map(rate => {
      const { from, per_usd: perUsd } = rate as { from: string; per_usd: number }
      return { from, perUsd }
    }),
    featureAttribute: (raw.feature_attribute as string | undefined) ?? defaultCosts.featureAttribute,
    priceTableMaxAge: (raw.price_table_max_age as number | undefined) ?? defaultCosts.priceTableMaxAge,
    credits: listOf(raw.credits).map(credit => {
      const { date, amount, provider } = credit as Credit
      return { date, amount, provider }
    }),
    retirements: listOf(raw.retirements).map(one => {
      const { provider, model, date, replacement } = one as Retirement
      return { provider, model, date, replacement, source: 'monitoring-config.json' }
    }),
    retirementNotice: (raw.retirement_notice as number[] | undefined) ?? defaultCosts.retirementNotice,
    budgets: listOf(raw.budgets).map(budget => {
      const { name, period, amount, scope, thresholds, forecast } = budget as Partial<Budget>
      const scopes = Object.entries(mapOf(scope)).map(([dimension, names]) => [dimension, namesOf(names)])
      return {
        name: name!,
        period: period!,
        amount: amount!,
        scope: Object.fromEntries(scopes) as Scope,
        thresholds: thresholds ?? DEFAULT_THRESHOLDS,
        forecast: forecast ?? true,
      }
    }),
  }
}

function check(file: CheckedFile, raw: Raw): void {
  const at = (...path: Path): Path => ['budget_config', ...path]
  const { time_zone: zone, currency = 'USD' } = raw
  if (typeof zone === 'string') {
    const wrong = wrongTimeZone(zone)
    if (wrong !== undefined) file.wrong(at('time_zone'), wrong)
  }
  if (typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)) checkCurrency(file, raw, currency, at)
  checkDates(file, listOf(raw.exchange_rates), 'from', at('exchange_rates'))
  checkDates(file, listOf(raw.credits), 'date', at('credits'))
  checkDates(file, listOf(raw.retirements), 'date', at('retirements'))
  checkOrder(file, listOf(raw.exchange_rates), at('exchange_rates'))
  const known = new Set<string>()
  for (const [index, item] of listOf(raw.budgets).entries()) {
    const budget = mapOf(item)
    const { name } = budget
    if (typeof name === 'string') {
      if (known.has(name.toLowerCase()))
        file.wrong(
          at('budgets', index, 'name'),
          `another budget is also named "${name}", and alerts would mix them up; rename one`,
        )
      known.add(name.toLowerCase())
    }
    checkThresholds(file, listOf(budget.thresholds), at('budgets', index, 'thresholds'))
    checkScope(file, mapOf(budget.scope), at('budgets', index, 'scope'))
  }
}

function checkCurrency(file: CheckedFile, raw: Raw, currency: string, at: (...path: Path) => Path): void {
  const known = Intl.supportedValuesOf('currency')
  if (!known.includes(currency))
    file.wrong(at('currency'), `unknown currency "${currency}"; did you mean "${nearest(currency, known)}"?`)
  else if (currency === 'USD' && raw.exchange_rates !== undefined)
    file.wrong(
      at('exchange_rates'),
      'prices and amounts are both in USD, so no rate is needed; remove this, or set the currency of the amounts',
    )
  else if (currency !== 'USD' && raw.exchange_rates === undefined && raw.budgets !== undefined)
    file.wrong(
      at('currency'),
      `prices are in USD: amounts in ${currency} need "exchange_rates": [{"from": "2026-11-01", "per_usd": ${currency} for a dollar}]`,
    )
}

function checkDates(file: CheckedFile, list: readonly unknown[], key: string, path: Path): void {
  for (const [index, item] of list.entries()) {
    const date = mapOf(item)[key]
    // the schema reports values that do not look like a date
    if (typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) && !isDate(date))
      file.wrong([...path, index, key], `no such date: ${date}`)
  }
}

function checkOrder(file: CheckedFile, rates: readonly unknown[], path: Path): void {
  const days = rates.map(rate => mapOf(rate).from)
  for (const [index, day] of days.entries()) {
    const before = days[index - 1]
    if (typeof day !== 'string' || typeof before !== 'string' || day > before) continue
    const why = day === before ? `another rate already applies from ${day}` : `it applies from before ${before}`
    file.wrong([...path, index, 'from'], `${why}; list rates by date, oldest first, one per day`)
  }
}

function checkThresholds(file: CheckedFile, thresholds: readonly unknown[], path: Path): void {
  for (const [index, threshold] of thresholds.entries()) {
    const before = thresholds[index - 1]
    if (typeof threshold !== 'number' || typeof before !== 'number' || threshold > before) continue
    const right = [...new Set(thresholds)].filter(one => typeof one === 'number').toSorted((a, b) => a - b)
    const why = threshold === before ? `${threshold} appears twice` : `${threshold} comes after ${before}`
    file.wrong([...path, index], `${why}; thresholds ascend, each once: [${right.join(', ')}]`)
  }
}

function checkScope(file: CheckedFile, scope: Raw, path: Path): void {
  for (const dimension of dimensions) {
    const names = namesOf(scope[dimension])
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) file.wrong([...path, dimension], `"${twice}" appears twice; remove one`)
  }
  const address = namesOf(scope.user).find(name => /^[^\s@]+@[^\s@]+$/.test(name))
  if (address !== undefined)
    file.wrong(
      [...path, 'user'],
      'spans carry the pseudonym of an e-mail address; write the output of "afn-otel pseudonym ADDRESS" instead of the address',
    )
}

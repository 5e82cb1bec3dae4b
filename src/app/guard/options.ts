// What an app says of a budget that holds, and what is wrong with it.
import { type PeriodKind, periodKinds } from '../../shared/calendar/period'
import { wrongTimeZone } from '../../shared/calendar/time-zone'
import type { BudgetStore } from './store'

export interface GuardOptions {
  readonly budget: HeldBudget
  /** Calls that match every key; a name, or a list. Default: all calls of this process. */
  readonly scope?: GuardScope
  /** Where several processes count together: `redisBudgets(client)`, `libsqlBudgets(client)`. Default: this process alone. */
  readonly store?: BudgetStore
  /**
   * The provider's tokenizer. Without one, every byte of the request counts as a token, of which no text has more.
   * @param text of one member of the request
   */
  readonly countTokens?: (text: string, model: string | undefined) => number
  /** Sends what can't be bounded, and what is asked for while the store is away. Default: false, such a call is refused. */
  readonly failOpen?: boolean
}

/** The words of `budget_config` in `monitoring-config.json`. */
export interface HeldBudget {
  /** Default: the period and the amount. */
  readonly name?: string
  readonly period: PeriodKind
  /** USD */
  readonly amount: number
  /** Of the period's days: a name of the IANA database. Default: `UTC`. */
  readonly timeZone?: string
}

export const guardDimensions = ['service', 'team', 'environment', 'provider', 'model', 'feature', 'user'] as const
export type GuardDimension = (typeof guardDimensions)[number]
export type GuardScope = Partial<Readonly<Record<GuardDimension, string | readonly string[]>>>

/** A budget that calls are held to. */
export interface Guard {
  /** False where nothing observes calls in this process, so that nothing is held. */
  readonly active: boolean
  /** Calls that follow are not held to it any more; those under way still count. */
  stop(): void
  /** What its period has seen up to now, in USD. Rejects where the store does not answer. */
  standing(): Promise<BudgetStanding>
}

export interface BudgetStanding {
  readonly budget: string
  readonly period: string
  readonly limit: number
  readonly spent: number
  readonly reserved: number
}

export interface CheckedGuard {
  readonly name: string
  readonly period: PeriodKind
  readonly amount: number
  readonly timeZone: string
  readonly scope: readonly (readonly [GuardDimension, ReadonlySet<string>])[]
  readonly store: BudgetStore | undefined
  readonly countTokens: GuardOptions['countTokens']
  readonly failOpen: boolean
}

/** @throws TypeError with everything that is wrong, and the remedy */
export function checkGuard(options: GuardOptions): CheckedGuard {
  const wrong: string[] = []
  const { budget, scope = {}, store, countTokens, failOpen = false } = options ?? {}
  const { period, amount, timeZone = 'UTC' } = (budget ?? {}) as Partial<HeldBudget>
  const name = budget?.name ?? `${amount}/${period}`
  if (typeof name !== 'string' || name === '')
    wrong.push(`budget.name is ${shown(name)}; give it a name, or leave it out`)
  if (!periodKinds.includes(period as PeriodKind))
    wrong.push(`budget.period is ${shown(period)}; use one of ${periodKinds.join(', ')}`)
  if (typeof amount !== 'number' || !(amount >= 0) || amount > MOST_USD)
    wrong.push(`budget.amount is ${shown(amount)}; give US dollars from 0 to ${MOST_USD}`)
  const zone =
    typeof timeZone === 'string'
      ? wrongTimeZone(timeZone)
      : `it is ${shown(timeZone)}; use an IANA name such as Asia/Tokyo`
  if (zone !== undefined) wrong.push(`budget.timeZone: ${zone}`)
  for (const [dimension, names] of Object.entries(scope)) {
    if (!guardDimensions.includes(dimension as GuardDimension))
      wrong.push(`scope.${dimension} is no dimension; use ${guardDimensions.join(', ')}`)
    else if (![names].flat().every(one => typeof one === 'string'))
      wrong.push(`scope.${dimension} is ${shown(names)}; give a name, or a list of names`)
  }
  if (store !== undefined && typeof store?.reserve !== 'function')
    wrong.push('store is no store of budgets; use redisBudgets(client) or libsqlBudgets(client)')
  if (countTokens !== undefined && typeof countTokens !== 'function')
    wrong.push(`countTokens is ${shown(countTokens)}; give a function that counts the tokens of a text`)
  if (typeof failOpen !== 'boolean') wrong.push(`failOpen is ${shown(failOpen)}; give true or false`)
  if (wrong.length > 0) throw new TypeError(`guard(): ${wrong.join('. ')}`)
  return {
    name,
    period: period as PeriodKind,
    amount: amount as number,
    timeZone,
    scope: Object.entries(scope).map(([dimension, names]) => [
      dimension as GuardDimension,
      new Set([names].flat() as string[]),
    ]),
    store,
    countTokens,
    failOpen,
  }
}

/** Sums are counted in billionths, of which a double has no more. */
const MOST_USD = 1_000_000

export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  // JSON has no word for them
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 80)
  } catch {
    return 'a value that refers to itself'
  }
}

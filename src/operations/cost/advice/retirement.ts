/**
 * Models that their provider will retire: the advice is not about saving money but about calls that will fail. It includes the cost of the
 * replacement.
 */
import type { RetirementOf } from '../retirement/lookup'
import { daysUntil, type Retirement } from '../retirement/retirement'
import { type AdviceFinding, percent } from './advice'
import type { Group, Pricing } from './call'
import { type Saving, savingOf } from './saving'

/** Matches the first notice of the budget watch. */
const SOON_DAYS = 90

export interface RetirementFinding extends Omit<AdviceFinding, 'saving'> {
  /** From moving to the replacement, negative if that is more expensive; undefined if there is none, or its price is unknown. */
  readonly saving: Saving | undefined
  /** Days until the retirement; 0 or less once it has happened. */
  readonly days: number
}

/** @param now milliseconds since 1970 @returns the retirement of a model within 90 days, or in the past */
export function endingSoon(
  { provider, model }: Pick<Group, 'provider' | 'model'>,
  retirementOf: RetirementOf,
  now: number,
): Retirement | undefined {
  const retirement = retirementOf(provider, model)
  return retirement && daysUntil(retirement, now) <= SOON_DAYS ? retirement : undefined
}

/** @param share of all calls, 0 to 1 */
export function retirementAdvice(
  group: Group,
  retirement: Retirement,
  price: Pricing,
  now: number,
  share: number,
): RetirementFinding {
  const { date, replacement, source } = retirement
  const days = daysUntil(retirement, now)
  const when = days > 0 ? `ends on ${date}, in ${days} days` : `ended on ${date}`
  return {
    kind: 'retirement',
    days,
    why: `It ${when} (${source}), and ${percent(share)} of all calls are these.`,
    what:
      replacement === undefined
        ? 'Choose another model; no replacement is known.'
        : `Move these calls to ${replacement}, which is recommended instead.`,
    saving:
      replacement === undefined
        ? undefined
        : // assumes no caching: an upper bound for the same prompts
          savingOf(group.calls, price, () => ({ model: replacement, at: now, cacheRead: 0, cacheWrite: 0 })),
    confidence: 'high',
    risk: 'The answers of another model differ in quality, format and length, which changes the cost.',
    verify: 'Make a dataset of these calls (afn-otel dataset), and compare both models on it (afn-otel evaluate).',
    unless: 'the provider gave you another date: write it to retirements in budget_config.',
    condition: '',
  }
}

/** A model that its provider ends soon: not to save money, but since its calls will fail. What the replacement costs is said beside it. */
import type { RetirementOf } from '../retirement/lookup'
import { daysUntil, type Retirement } from '../retirement/retirement'
import { type AdviceFinding, percent } from './advice'
import type { Group, Pricing } from './call'
import { type Saving, savingOf } from './saving'

/** As the first notice of the watch over budgets. */
const SOON_DAYS = 90

export interface RetirementFinding extends Omit<AdviceFinding, 'saving'> {
  /** By the replacement, below 0 where that is dearer; undefined where none, or no price of it, is known. */
  readonly saving: Saving | undefined
  /** Until the day; 0 or less where it has come. */
  readonly days: number
}

/** @param now milliseconds since 1970 @returns the retirement of a model that ends within 90 days, or has ended */
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
        : // for the same tokens, nothing cached: an upper bound for the same prompts
          savingOf(group.calls, price, () => ({ model: replacement, at: now, cacheRead: 0, cacheWrite: 0 })),
    confidence: 'high',
    risk: 'The answers of another model differ in quality, format and length, which changes the cost.',
    verify: 'Make a dataset of these calls (afn-otel dataset), and compare both models on it (afn-otel evaluate).',
    unless: 'the provider gave you another date: write it to retirements in budget_config.',
    condition: '',
  }
}

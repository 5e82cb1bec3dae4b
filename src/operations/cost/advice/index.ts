/** Advice on reducing the cost of calls. It never changes anything: each piece states what was observed and how to check the result. */

import type { Span } from '../../../shared/calendar/period'
import type { Interval } from '../../../shared/statistics'
import type { RetirementOf } from '../retirement/lookup'
import { type SpendSource, totalOf } from '../spend'
import { attributesBy, isCall } from '../spend-from-traces'
import type { AdviceFinding } from './advice'
import { type Call, type Group, groupsOf, type Pricing } from './call'
import { type Arm, modelAdvice } from './model'
import { endingSoon, retirementAdvice } from './retirement'
import type { Saving } from './saving'
import { usageAdvice } from './usage'

export interface Advice extends Omit<AdviceFinding, 'saving' | 'condition'> {
  readonly service: string
  readonly feature: string | undefined
  readonly provider: string
  readonly model: string
  /** TraceQL for the calls that the advice is about. */
  readonly query: string
  /** The number of calls that it is based on. */
  readonly n: number
  /** Saving as a share of the calls' cost, 0 to 1. Null if unknown, as for some retirements. */
  readonly share: number | null
  /** USD in 30 days; negative if the replacement of a retired model costs more. Null if `share` is. */
  readonly saving: { readonly expected: number; readonly interval: Interval } | null
}

export interface AdviceOptions {
  readonly calls: readonly Call[]
  readonly arms: readonly Arm[]
  readonly price: Pricing
  readonly featureAttribute: string
  /** The time range of the calls. */
  readonly span: Span
  /** The total cost in that range, including calls outside of the sample; undefined if `calls` is complete. */
  readonly source: SpendSource | undefined
  readonly retirementOf: RetirementOf
  /** Milliseconds since 1970. */
  readonly now: number
}

const MONTH_MS = 30 * 86_400_000

/** Retirements first, by date; then savings, by the lower bound of the interval. @throws BackendError */
export async function adviceOn(options: AdviceOptions): Promise<Advice[]> {
  const { calls, arms, price, span, source, retirementOf, now } = options
  const all: Advice[] = []
  const ending: { readonly days: number; readonly advice: Advice }[] = []
  for (const group of groupsOf(calls)) {
    const found = usageAdvice(group, price)
    // a model that is about to retire is no alternative
    const isOwn = ({ provider, model }: Arm) => provider === group.provider && model === group.model
    const lasting = arms.filter(arm => isOwn(arm) || !endingSoon(arm, retirementOf, now))
    const model = modelAdvice(group, lasting, price)
    if (model) found.push(model)
    const retirement = endingSoon(group, retirementOf, now)
    const end = retirement && retirementAdvice(group, retirement, price, now, group.calls.length / calls.length)
    const cost = (found[0]?.saving ?? end?.saving)?.cost ?? 0
    if (found.length === 0 && !end) continue
    const whole = source === undefined ? cost : await spentBy(group, source, span, cost)
    const scale = (whole * MONTH_MS) / (span.end - span.start)
    for (const finding of found) all.push(adviceOf(group, finding, scale, options))
    if (end) {
      const { days, ...finding } = end
      ending.push({ days, advice: adviceOf(group, finding, scale, options) })
    }
  }
  return [
    ...ending.toSorted((a, b) => a.days - b.days).map(({ advice }) => advice),
    ...all.toSorted((a, b) => (b.saving?.interval.low ?? 0) - (a.saving?.interval.low ?? 0)),
  ]
}

/** @param scale cost of the calls in USD per 30 days */
function adviceOf(
  group: Group,
  { saving, condition, ...words }: Omit<AdviceFinding, 'saving'> & { readonly saving: Saving | undefined },
  scale: number,
  { featureAttribute }: AdviceOptions,
): Advice {
  return {
    ...words,
    service: group.service,
    feature: group.feature,
    provider: group.provider,
    model: group.model,
    query: queryOf(group, condition, featureAttribute),
    n: saving?.n ?? group.calls.length,
    share: saving?.share ?? null,
    saving: saving
      ? {
          expected: saving.share * scale,
          interval: { low: saving.interval.low * scale, high: saving.interval.high * scale },
        }
      : null,
  }
}

/** A source without features only knows a model's cost over all features; in that case, the cost of the sample is used. */
async function spentBy({ service, provider, model, feature }: Group, source: SpendSource, span: Span, taken: number) {
  const scope = { service: [service], provider: [provider], model: [model] }
  if (!source.dimensions.has('feature')) return taken
  const [spends] = await source.spend([span], [], feature === undefined ? scope : { ...scope, feature: [feature] })
  return Math.max(taken, totalOf(spends!).usd)
}

function queryOf(group: Group, condition: string, featureAttribute: string): string {
  const attributeOf = attributesBy(featureAttribute)
  const { service, feature, provider, model } = group
  const named = Object.entries({ service, feature, provider, model }).flatMap(([dimension, value]) =>
    value === undefined
      ? []
      : [`${attributeOf[dimension as 'service' | 'feature' | 'provider' | 'model']} = ${JSON.stringify(value)}`],
  )
  return `{ ${[isCall, ...named, condition].filter(Boolean).join(' && ')} }`
}

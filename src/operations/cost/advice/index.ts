/** What would make calls cost less. Nothing is ever changed: each advice says what was seen, and how to see whether it was right. */

import type { Span } from '../../../shared/calendar/period'
import type { Interval } from '../../../shared/statistics'
import { type SpendSource, totalOf } from '../spend'
import { attributesBy, isCall } from '../spend-from-traces'
import type { AdviceFinding } from './advice'
import { type Call, type Group, groupsOf, type Pricing } from './call'
import { type Arm, modelAdvice } from './model'
import { usageAdvice } from './usage'

export interface Advice extends Omit<AdviceFinding, 'saving' | 'condition'> {
  readonly service: string
  readonly feature: string | undefined
  readonly provider: string
  readonly model: string
  /** TraceQL: the calls that it is about. */
  readonly query: string
  /** How many calls it rests on. */
  readonly n: number
  /** Of what the calls cost, 0 to 1. */
  readonly share: number
  /** USD in 30 days. */
  readonly saving: { readonly expected: number; readonly interval: Interval }
}

export interface AdviceOptions {
  readonly calls: readonly Call[]
  readonly arms: readonly Arm[]
  readonly price: Pricing
  readonly featureAttribute: string
  /** Over which the calls were taken. */
  readonly span: Span
  /** What all calls have cost in it, whether they were taken or not; undefined where those that were taken are all. */
  readonly source: SpendSource | undefined
}

const MONTH_MS = 30 * 86_400_000

/** The largest saving first, by the lower end of its interval. @throws BackendError */
export async function adviceOn(options: AdviceOptions): Promise<Advice[]> {
  const { calls, arms, price, span, source } = options
  const all: Advice[] = []
  for (const group of groupsOf(calls)) {
    const found = usageAdvice(group, price)
    const model = modelAdvice(group, arms, price)
    if (model) found.push(model)
    if (found.length === 0) continue
    const cost = found[0]!.saving.cost
    const whole = source === undefined ? cost : await spentBy(group, source, span, cost)
    const scale = (whole * MONTH_MS) / (span.end - span.start)
    for (const { saving, condition, ...words } of found)
      all.push({
        ...words,
        service: group.service,
        feature: group.feature,
        provider: group.provider,
        model: group.model,
        query: queryOf(group, condition, options.featureAttribute),
        n: saving.n,
        share: saving.share,
        saving: {
          expected: saving.share * scale,
          interval: { low: saving.interval.low * scale, high: saving.interval.high * scale },
        },
      })
  }
  return all.toSorted((a, b) => b.saving.interval.low - a.saving.interval.low)
}

/** A source without features knows only what the model cost in all of them together; then the cost of the calls that were taken stands. */
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

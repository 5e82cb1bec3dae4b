/** The facts about a model call that advice needs, and prices under other assumptions. */
import type { PriceTable } from '../../../app/llm/report/cost/price-table'

export interface Call {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly service: string
  /** Undefined if spans name no feature. */
  readonly feature: string | undefined
  /** `gen_ai.provider.name` */
  readonly provider: string
  /** `gen_ai.request.model` */
  readonly model: string
  /** Tokens; the input includes cached ones. */
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly maxTokens: number | undefined
  readonly serviceTier: string | undefined
  readonly conversation: string | undefined
  readonly isStreamed: boolean
  /** Whether a client's request waits for it, because it has an ancestor of kind SERVER. */
  readonly isAwaited: boolean
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** Whether it failed and was retried. */
  readonly isRetried: boolean
}

export type Pricing = (call: Call, otherwise?: Partial<Call>) => number | undefined

/** @returns USD; undefined if the price is unknown */
export const pricingBy =
  (table: PriceTable): Pricing =>
  (call, otherwise = {}) => {
    const { at, provider, model, input, output, cacheRead, cacheWrite, serviceTier } = { ...call, ...otherwise }
    const usage = { input, output, cacheRead, cacheWrite }
    const price = table.price({ provider, models: [model], usage, at: new Date(at), serviceTier })
    return 'cause' in price ? undefined : price.total
  }

/** Calls that do the same work, as far as spans show. */
export interface Group {
  readonly service: string
  readonly feature: string | undefined
  readonly provider: string
  readonly model: string
  /** In order of time. */
  readonly calls: readonly Call[]
}

/** Groups the calls, largest group first. */
export function groupsOf(calls: readonly Call[]): Group[] {
  const groups = new Map<string, Call[]>()
  for (const call of calls) {
    const key = JSON.stringify([call.service, call.feature ?? null, call.provider, call.model])
    const group = groups.get(key)
    if (group) group.push(call)
    else groups.set(key, [call])
  }
  return Array.from(groups.values(), some => {
    const { service, feature, provider, model } = some[0]!
    return { service, feature, provider, model, calls: some.toSorted((a, b) => a.at - b.at) }
  }).toSorted((a, b) => b.calls.length - a.calls.length)
}

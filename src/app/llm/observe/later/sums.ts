// Aggregates the results of a batch that exceed the limit of spans, into one span per model. Backends reject traces with tens of thousands
// of spans.
import { ATTR_OPENAI_RESPONSE_SERVICE_TIER } from '../../../../../semconv'
import type { Usage } from '../../usage'
import type { Result } from './results'

/**
 * Input tokens above which price tables have a higher price for the whole request. Only results between two adjacent steps are aggregated,
 * so that the price of their mean is the mean of their prices.
 */
export const priceSteps = [32_000, 100_000, 128_000, 199_999, 200_000, 256_000, 271_999, 272_000, 512_000]

interface Sum {
  /** A sample result, with the properties that all of the group share. */
  readonly one: Result
  requests: number
  usage: Usage | undefined
  /** Cost in USD, if the provider reported it. */
  cost: number | undefined
}

export class Sums {
  readonly #sums = new Map<string, Sum>()

  add(result: Result): void {
    const { answer, protocol } = result
    const { usage, cost, error, model, attributes, unpriced } = answer
    const step = priceSteps.findLastIndex(from => (usage?.input ?? 0) > from)
    const told = [usage?.input, usage?.output, cost].map(value => value !== undefined).join()
    const tier = attributes?.[ATTR_OPENAI_RESPONSE_SERVICE_TIER]
    const key = `${protocol?.operation} ${protocol?.provider} ${model} ${tier} ${step} ${told} ${unpriced} ${error?.type}`
    const sum = this.#sums.get(key)
    if (!sum) this.#sums.set(key, { one: result, requests: 1, usage, cost: cost?.total })
    else {
      sum.requests++
      if (usage) sum.usage = plus(sum.usage, usage)
      if (cost) sum.cost = (sum.cost ?? 0) + cost.total
    }
  }

  /** Returns the sums as results, with the number of requests in each. */
  takeAll(): { readonly result: Result; readonly requests: number }[] {
    const all = [...this.#sums.values()].map(sum => ({ result: resultOfSum(sum), requests: sum.requests }))
    this.#sums.clear()
    return all
  }
}

/** @param usage of an answer that nothing else references; the sum accumulates in the usage of the first answer */
function plus(sum: Usage = {}, usage: Usage): Usage {
  const total = sum as Record<string, number | undefined>
  for (const kind in usage) {
    const count = usage[kind as keyof Usage]
    if (count !== undefined) total[kind] = (total[kind] ?? 0) + count
  }
  return total
}

/** The result for a sum: without id, finish reason and content. */
function resultOfSum({ one, usage, cost }: Sum): Result {
  const { model, error, unpriced } = one.answer
  const tier = one.answer.attributes?.[ATTR_OPENAI_RESPONSE_SERVICE_TIER]
  const told = cost === undefined ? undefined : { total: cost }
  return {
    protocol: one.protocol,
    document: undefined,
    answer: {
      model,
      error,
      unpriced,
      attributes: { [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tier },
      finishReasons: [],
      usage,
      cost: told,
    },
  }
}

// Writes the cost of a call to the exported copy of its span. The caller provides the price table, because loading it takes 35 ms.
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ITERATIONS,
} from '../../../../../semconv'
import type { Call, Cost } from '../../call'
import { readIterations } from '../../iterations'
import { COST_ATTRIBUTES } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'
import type { Usage } from '../../usage'
import type { PricedCall, PriceTable } from './price-table'
import type { UnpricedCause } from './rates'
import { unknownModel } from './unknown-model'

/** The part of a span that determines the price, and receives it. */
export type PricedSpan = Pick<LlmSpan, 'attributes' | 'call' | 'endTime' | 'own'>

export interface Pricer {
  /** Whether the table is loaded or unavailable, so that spans need not wait longer. */
  readonly ready: boolean
  /** The table's name; undefined before it is loaded, or if it can't be loaded. */
  readonly table: string | undefined
  /** Loads the table; further calls have no effect. Never throws. */
  load(): void
  /** Loads one part of what `load` needs. Never throws. @returns whether parts remain */
  prepare(): boolean
  /** Whether this is a model call with usage but without a cost; after `price`, one whose price is unknown. */
  needs(call: Call | undefined): boolean
  /**
   * Writes `afn.llm.cost.*` (USD, doubles) to the span if the price is known, otherwise the reason. An existing cost is kept. If only input
   * or only output tokens are known, the cost covers that part.
   */
  price(span: PricedSpan): void
}

export interface PricerOptions {
  readonly load: () => PriceTable
  /** Prepares one part of what `load` needs, if it can be split. @returns whether parts remain */
  readonly next?: () => boolean
  /** Called once if `load` throws; all calls then stay unpriced. */
  readonly onFailure: (error: unknown) => void
}

export function createPricer({ load, next = () => false, onFailure }: PricerOptions): Pricer {
  let table: PriceTable | undefined

  const pricer: { -readonly [key in keyof Pricer]: Pricer[key] } = {
    ready: false,
    table: undefined,
    load() {
      if (pricer.ready) return
      pricer.ready = true
      try {
        table = load()
        pricer.table = table.name
      } catch (error) {
        onFailure(error)
      }
    },
    prepare() {
      try {
        return !pricer.ready && next()
      } catch {
        // `load` will report the same failure
        return false
      }
    },
    needs,
    price(span) {
      const { call } = span
      if (!table || !call || !needs(call)) return
      const asked = pricedCall(call, span)
      const price = 'cause' in asked ? asked : table.price(asked)
      const own = span.own()
      if ('cause' in price) {
        own[ATTR_AFN_LLM_UNPRICED_CAUSE] = call.unpricedCause = price.cause
        return
      }
      const { usage, requests } = call
      const cost: Cost = {
        total: price.total * requests,
        input: usage.input === undefined ? undefined : price.input * requests,
        output: usage.output === undefined ? undefined : price.output * requests,
        currency: price.currency,
        source: AFN_LLM_COST_SOURCE_VALUE_LOCAL,
      }
      own[ATTR_AFN_LLM_COST_TOTAL] = cost.total
      if (cost.input !== undefined) own[ATTR_AFN_LLM_COST_INPUT] = cost.input
      if (cost.output !== undefined) own[ATTR_AFN_LLM_COST_OUTPUT] = cost.output
      own[ATTR_AFN_LLM_COST_CURRENCY] = cost.currency
      own[ATTR_AFN_LLM_COST_SOURCE] = cost.source
      own[ATTR_AFN_LLM_COST_PRICE_TABLE] = price.table
      call.cost = cost
    },
  }
  return pricer
}

/**
 * Removes our cost from agents and outer spans that repeat the cost of their calls, so that the sum over spans equals the counter. A cost
 * that another instrumentation wrote under its own name is kept.
 */
export function costOfCallsOnly(span: LlmSpan): void {
  if (span.call?.isModelCall || span.attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined) return
  const own = span.own()
  for (const name of COST_ATTRIBUTES) delete own[name]
}

function needs(call: Call | undefined): boolean {
  return call?.isModelCall === true && call.cost === undefined && call.isCharged
}

/** The properties of a call that determine its price, or the reason why it is unknown. */
function pricedCall(call: Call, { attributes, endTime }: PricedSpan): PricedCall | UnpricedCause {
  const { unpricedCause, provider, requestModel: requested, usage, requests, serviceTier } = call
  if (unpricedCause) return { cause: unpricedCause }
  if (call.hasWrongCount) return { cause: 'usage' }
  const first = call.responseModel || requested
  if (!provider || !first) return unknownModel
  const runs = attributes[ATTR_AFN_LLM_USAGE_ITERATIONS] === undefined ? [] : readIterations(attributes)
  return {
    provider,
    models: requested && requested !== first ? [first, requested] : [first],
    usage: requests === 1 ? usage : meanOf(usage, requests),
    ...(runs.length > 0 && { runs: runs.map(run => run.usage) }),
    at: new Date(endTime[0] * 1_000),
    serviceTier,
    region: call.serverAddress && regions[provider]?.exec(call.serverAddress)?.slice(1).find(Boolean),
  }
}

/** The mean per request, because price steps apply to single requests. */
function meanOf(usage: Usage, requests: number): Usage {
  const means = Object.entries(usage).map(([kind, sum]) => {
    const isTotal = kind === 'input' || kind === 'output'
    // rounding both keeps a part no larger than its total
    return [kind, sum === undefined ? undefined : (sum / requests) * (isTotal ? 1 : 1 - 1e-12)]
  })
  return Object.fromEntries(means)
}

/** Finds the region in the provider's host name; global endpoints have none. */
const regions: Readonly<Record<string, RegExp>> = {
  openai: /^([a-z]{2})\.api\.openai\.com$/,
  'gcp.vertex_ai': /^(?:([a-z0-9-]+)-aiplatform|aiplatform\.([a-z0-9-]+)\.rep)\.googleapis\.com$/,
  'aws.bedrock': /^bedrock[a-z-]*\.([a-z0-9-]+)\./,
}

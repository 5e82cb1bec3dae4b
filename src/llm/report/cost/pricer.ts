// Writes what a call cost onto the copy of its span that is exported. Knows no price table: the package takes 35 ms to load,
// so that is the caller's.
import type { Attributes as SpanAttributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  AFN_LLM_USAGE_SOURCE_VALUE_MISSING,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_AFN_LLM_USAGE_ITERATIONS,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SERVER_ADDRESS,
} from '../../../../semconv'
import { text } from '../../observe/wire/json'
import { isModelCall } from '../../spans/operations'
import { hasPieces, hasUsage, readIterations, readUsage, requestsOf, type Usage, type UsageReading } from '../../usage'
import { type PricedCall, type PriceTable, unknownModel } from './price-table'
import type { Unpriced } from './rates'
import { regionOf } from './region'

export interface Pricer {
  /** The table was loaded, or can't be: no span needs to wait any longer. */
  readonly ready: boolean
  /** The table's name; undefined before it is loaded, and when it can't be. */
  readonly table: string | undefined
  /** Loads the table once, however often it is called. Never throws. */
  load(): void
  /** Whether this is a model call that used tokens and has no cost yet; after `price`, one without a known price. */
  needs(attributes: Readonly<Record<string, unknown>>): boolean
  /**
   * Writes `afn.llm.cost.*` (USD, doubles) onto `attributes` where the price is known, and nothing where it is not. A cost
   * that stands there already is kept. Where only input or only output tokens are known, the cost is of that part.
   * @param reading of the counts, where somebody has read them
   */
  price(attributes: Record<string, unknown>, endTime: Date, reading?: UsageReading): void
}

export interface PricerOptions {
  readonly load: () => PriceTable
  /** Called once when `load` throws; all calls then stay unpriced. */
  readonly onFailure: (error: unknown) => void
}

export function createPricer({ load, onFailure }: PricerOptions): Pricer {
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
    needs: lacksCost,
    price(attributes, endTime, reading) {
      if (!table || !lacksCost(attributes)) return
      const call = callOf(attributes, endTime, reading)
      const price = 'cause' in call ? call : table.price(call)
      if ('cause' in price) {
        attributes[ATTR_AFN_LLM_UNPRICED_CAUSE] = price.cause
        return
      }
      const requests = requestsOf(attributes)
      attributes[ATTR_AFN_LLM_COST_TOTAL] = price.total * requests
      if (attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined)
        attributes[ATTR_AFN_LLM_COST_INPUT] = price.input * requests
      if (attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined)
        attributes[ATTR_AFN_LLM_COST_OUTPUT] = price.output * requests
      attributes[ATTR_AFN_LLM_COST_CURRENCY] = price.currency
      attributes[ATTR_AFN_LLM_COST_SOURCE] = AFN_LLM_COST_SOURCE_VALUE_LOCAL
      attributes[ATTR_AFN_LLM_COST_PRICE_TABLE] = price.table
    },
  }
  return pricer
}

// Reads from a span's attributes what a price depends on.

type Attributes = Readonly<Record<string, unknown>>

/** Whether this is a model call that used something and has no cost yet. */
export function lacksCost(attributes: Attributes): boolean {
  return (
    isModelCall(attributes) &&
    attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined &&
    ((attributes[ATTR_AFN_LLM_USAGE_SOURCE] !== AFN_LLM_USAGE_SOURCE_VALUE_MISSING &&
      hasUsage(attributes as SpanAttributes)) ||
      hasPieces(attributes as SpanAttributes))
  )
}

/** What the price of a call depends on; or why nobody can know it. */
function callOf(attributes: Attributes, at: Date, { usage, isValid } = readUsage(attributes)): PricedCall | Unpriced {
  const told = text(attributes[ATTR_AFN_LLM_UNPRICED_CAUSE])
  if (told !== undefined) return { cause: told }
  if (!isValid) return { cause: 'usage' }
  const provider = text(attributes[ATTR_GEN_AI_PROVIDER_NAME])
  const answered = text(attributes[ATTR_GEN_AI_RESPONSE_MODEL])
  const requested = text(attributes[ATTR_GEN_AI_REQUEST_MODEL])
  const first = answered ?? requested
  if (provider === undefined || first === undefined) return unknownModel
  const models = requested === undefined || requested === first ? [first] : [first, requested]
  const serviceTier =
    text(attributes[ATTR_OPENAI_RESPONSE_SERVICE_TIER]) ?? text(attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER])
  const runs = attributes[ATTR_AFN_LLM_USAGE_ITERATIONS] === undefined ? [] : readIterations(attributes)
  const region = regionOf(provider, text(attributes[ATTR_SERVER_ADDRESS]))
  return {
    provider,
    models,
    usage: meanOf(usage, requestsOf(attributes)),
    ...(runs.length > 0 && { runs: runs.map(run => run.usage) }),
    at,
    serviceTier,
    region,
  }
}

/** A price may have steps, which are those of one request. */
function meanOf(usage: Usage, requests: number): Usage {
  if (requests === 1) return usage
  const means = Object.entries(usage).map(([kind, sum]) => {
    const isTotal = kind === 'input' || kind === 'output'
    // a part stays one when both are rounded
    return [kind, sum === undefined ? undefined : (sum / requests) * (isTotal ? 1 : 1 - 1e-12)]
  })
  return Object.fromEntries(means)
}

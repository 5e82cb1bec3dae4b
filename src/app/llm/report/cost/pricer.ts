// Writes what a call cost onto the copy of its span that is exported. Knows no price table: the package takes 35 ms to load,
// so that is the caller's.
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

/** The part of a span that a price depends on, and is written to. */
export type PricedSpan = Pick<LlmSpan, 'attributes' | 'call' | 'endTime' | 'own'>

export interface Pricer {
  /** The table was loaded, or can't be: no span needs to wait any longer. */
  readonly ready: boolean
  /** The table's name; undefined before it is loaded, and when it can't be. */
  readonly table: string | undefined
  /** Loads the table once, however often it is called. Never throws. */
  load(): void
  /** Loads a piece of what `load` needs. Never throws. @returns whether there are more */
  prepare(): boolean
  /** Whether this is a model call that used something and has no cost yet; after `price`, one without a known price. */
  needs(call: Call | undefined): boolean
  /**
   * Writes `afn.llm.cost.*` (USD, doubles) onto the span where the price is known, and why it is not where it is not. A cost
   * that stands there already is kept. Where only input or only output tokens are known, the cost is of that part.
   */
  price(span: PricedSpan): void
}

export interface PricerOptions {
  readonly load: () => PriceTable
  /** Of what `load` needs, where it can be had in pieces: makes one. @returns whether there are more */
  readonly next?: () => boolean
  /** Called once when `load` throws; all calls then stay unpriced. */
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
        // `load` meets it again
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
 * An agent or an outer span that repeats what the calls below it cost has no cost of its own: the sum over spans is the counter. A
 * cost that another instrumentation wrote under a name of its own stays on the span.
 */
export function costOfCallsOnly(span: LlmSpan): void {
  if (span.call?.isModelCall || span.attributes[ATTR_AFN_LLM_COST_TOTAL] === undefined) return
  const own = span.own()
  for (const name of COST_ATTRIBUTES) delete own[name]
}

function needs(call: Call | undefined): boolean {
  return call?.isModelCall === true && call.cost === undefined && call.isCharged
}

/** What the price of a call depends on; or why nobody can know it. */
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

/** A price may have steps, which are those of one request. */
function meanOf(usage: Usage, requests: number): Usage {
  const means = Object.entries(usage).map(([kind, sum]) => {
    const isTotal = kind === 'input' || kind === 'output'
    // a part stays one when both are rounded
    return [kind, sum === undefined ? undefined : (sum / requests) * (isTotal ? 1 : 1 - 1e-12)]
  })
  return Object.fromEntries(means)
}

/** The region in the name of the provider's host; it has none where it serves the whole world. */
const regions: Readonly<Record<string, RegExp>> = {
  openai: /^([a-z]{2})\.api\.openai\.com$/,
  'gcp.vertex_ai': /^(?:([a-z0-9-]+)-aiplatform|aiplatform\.([a-z0-9-]+)\.rep)\.googleapis\.com$/,
  'aws.bedrock': /^bedrock[a-z-]*\.([a-z0-9-]+)\./,
}

// Writes what a call cost onto the copy of its span that is exported. Called by the sdk's export path, which keeps the
// spans that `needs` says until `ready`. Knows no price table: the package takes 35 ms to load, so that is the caller's.
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
} from '../../../../semconv'
import { callOf, lacksCost } from './attributes'
import type { PriceTable } from './price'

export interface Pricer {
  /** The table was loaded, or can't be: no span needs to wait any longer. */
  readonly ready: boolean
  /** The table's name; undefined before it is loaded, and when it can't be. */
  readonly table: string | undefined
  /** Loads the table once, however often it is called. Never rejects. */
  load(): Promise<void>
  /** Whether this is a model call that used tokens and has no cost yet; after `price`, one without a known price. */
  needs(attributes: Readonly<Record<string, unknown>>): boolean
  /**
   * Writes `afn.llm.cost.*` (USD, doubles) onto `attributes` where the price is known, and nothing where it is not. A cost
   * that stands there already is kept. Where only the input or only the output is told, the cost is of that part.
   */
  price(attributes: Record<string, unknown>, endTime: Date): void
}

export interface PricerOptions {
  readonly load: () => PriceTable | Promise<PriceTable>
  /** Called once when `load` throws or rejects; all calls then stay unpriced. */
  readonly onFailure: (error: unknown) => void
}

export function createPricer({ load, onFailure }: PricerOptions): Pricer {
  let table: PriceTable | undefined
  let ready = false
  let loading: Promise<void> | undefined

  async function loadOnce(): Promise<void> {
    try {
      table = await load()
    } catch (error) {
      onFailure(error)
    }
    ready = true
  }

  return {
    get ready() {
      return ready
    },
    get table() {
      return table?.name
    },
    load() {
      loading ??= loadOnce()
      return loading
    },
    needs: lacksCost,
    price(attributes, endTime) {
      if (!table || !lacksCost(attributes)) return
      const call = callOf(attributes, endTime)
      const price = call && table.price(call)
      if (!price) return
      attributes[ATTR_AFN_LLM_COST_TOTAL] = price.total
      if (call.usage.input !== undefined) attributes[ATTR_AFN_LLM_COST_INPUT] = price.input
      if (call.usage.output !== undefined) attributes[ATTR_AFN_LLM_COST_OUTPUT] = price.output
      attributes[ATTR_AFN_LLM_COST_CURRENCY] = price.currency
      attributes[ATTR_AFN_LLM_COST_SOURCE] = AFN_LLM_COST_SOURCE_VALUE_LOCAL
      attributes[ATTR_AFN_LLM_COST_PRICE_TABLE] = price.table
    },
  }
}

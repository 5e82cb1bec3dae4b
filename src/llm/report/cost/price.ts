// What a price table is asked and what it answers. Implemented by `genai-prices.ts` and `overrides.ts`, asked by `stage.ts`.
import type { Usage } from '../../usage'

export interface PricedCall {
  /** `gen_ai.provider.name`. */
  readonly provider: string
  /** Names of the model, the best first: the one that answered, then the one that was asked for. */
  readonly models: readonly string[]
  readonly usage: Usage
  /** When the call ended; prices change. */
  readonly at: Date
  /** As the provider names it (`flex`, `batch`); undefined is the standard one. */
  readonly serviceTier?: string | undefined
}

export interface Price {
  /** USD. May be more than `input` and `output` together where a provider also charges by the request or the search. */
  readonly total: number
  /** USD, cache reads and writes included. */
  readonly input: number
  /** USD, reasoning included. */
  readonly output: number
  readonly currency: 'USD'
  /** The table and its version, or the name of the file. */
  readonly table: string
}

export interface PriceTable {
  readonly name: string
  /** Undefined when the table does not know the price. Never throws, and never answers 0 for want of a price. */
  price(call: PricedCall): Price | undefined
}

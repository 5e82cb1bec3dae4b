// The pricer with the price table behind a chunk. Called by the preload's `start.ts` and by `./sdk`.
import { loadChunk } from '../chunks'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import { createPricer, type Pricer } from '../llm/cost/stage'

export function createPricing({ prices }: Settings): Pricer {
  return createPricer({
    load: () => loadChunk('prices').loadPrices(prices, message => report('AFN160', message)),
    onFailure: error =>
      report('AFN160', `the price table could not be loaded (${reason(error)}); LLM calls stay unpriced`),
  })
}

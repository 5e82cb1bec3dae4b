// Facts with counts of their own, so that one call taken for another is seen.
import type { Facts, Tokens } from '../case'
import { type PricedModel, usd } from '../prices'

let made = 0
/** @param priced what its price stands under; without one the case says the cost, or nobody knows it */
export function factsOf(
  provider: string,
  model: string,
  priced: PricedModel | undefined,
  more: Partial<Facts> = {},
): Facts {
  made++
  const tokens: Tokens = { input: 2000 + made, cacheRead: 700 + made, output: 90 + made, ...more }
  return { id: `id-${model.replaceAll(/\W+/g, '-')}-${made}`, provider, model, cost: priced ? usd(priced, tokens) : 'unknown', ...tokens, ...more } // biome-ignore format: one line
}

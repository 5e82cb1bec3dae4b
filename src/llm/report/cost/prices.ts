// The chunk `prices`: everything that knows prices, loaded after the first LLM call has ended. Called through `stage.ts`.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { genaiPrices } from './genai-prices'
import { parseOverrides } from './overrides'
import type { PriceTable } from './price'

/**
 * The price tables in the order in which they are asked: the user's own file, when there is one, then public list prices.
 * A file that can't be used, in whole or in part, is told to `onProblem` in one message, and the rest counts.
 */
export function loadPrices(file: string | undefined, onProblem: (message: string) => void): PriceTable {
  const own = file === undefined ? undefined : readOverrides(file, onProblem)
  if (!own) return genaiPrices
  return { name: `${own.name}, ${genaiPrices.name}`, price: call => own.price(call) ?? genaiPrices.price(call) }
}

function readOverrides(file: string, onProblem: (message: string) => void): PriceTable | undefined {
  try {
    const { table, problems } = parseOverrides(readFileSync(file, 'utf8'), path.basename(file))
    if (problems.length > 0) onProblem(`${file}: left out: ${problems.join('; ')}`)
    return table
  } catch (error) {
    onProblem(`${file}: ${error instanceof Error ? error.message : String(error)}; only built-in prices are used`)
    return undefined
  }
}

// The chunk `prices`: everything that knows prices, loaded after the first LLM call has ended.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { genaiSource } from './genai-prices'
import { litellmModels, litellmSource } from './litellm-prices'
import { LITELLM_PRICES, TAKEN } from './litellm-table'
import { type OwnPrices, parseOverrides } from './own-prices'
import { type PriceTable, tableOf } from './price-table'

/** What the package brings, in the order in which it is asked. */
export const builtIn = { litellm: tableOf([litellmSource]), genaiPrices: tableOf([genaiSource]), models: litellmModels }

/** Older prices are said to be old, once. */
const oldAfterDays = 120

/**
 * The price tables in the order in which they are searched: the user's own files, when there are some, then public list prices.
 * A file that can't be used, in whole or in part, is reported to `onProblem` in one message, and the rest counts.
 * @param files separated by commas
 */
export function loadPrices(files: string | undefined, onProblem: (message: string) => void): PriceTable {
  const own = (files?.split(',') ?? []).flatMap(file => readOverrides(file.trim(), onProblem) ?? [])
  const dated = own.find(({ date }) => date !== undefined) ?? { name: LITELLM_PRICES, date: TAKEN }
  const days = Math.floor((Date.now() - Date.parse(dated.date ?? '')) / 86_400_000)
  if (days > oldAfterDays) {
    onProblem(`prices of ${dated.name} are ${days} days old; afn-otel prices update writes today's, for AFN_PRICES`)
  }
  return tableOf([...own, litellmSource, genaiSource])
}

function readOverrides(file: string, onProblem: (message: string) => void): OwnPrices | undefined {
  try {
    const { source, problems } = parseOverrides(readFileSync(file, 'utf8'), path.basename(file))
    if (problems.length > 0) onProblem(`${file}: left out: ${problems.join('; ')}`)
    return source
  } catch (error) {
    onProblem(`${file}: ${error instanceof Error ? error.message : String(error)}; only built-in prices are used`)
    return undefined
  }
}

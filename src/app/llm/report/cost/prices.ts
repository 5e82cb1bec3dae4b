// Chunk `prices`: all code that uses price tables, loaded after the first LLM call has ended.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { genaiSource } from './genai-prices'
import { litellmModels, litellmSource } from './litellm-prices'
import { LITELLM_PRICES, TAKEN } from './litellm-table'
import { type OwnPrices, parseOverrides } from './own-prices'
import { type PriceTable, tableOf } from './price-table'

/** The bundled tables, in search order. */
export const builtIn = { litellm: tableOf([litellmSource]), genaiPrices: tableOf([genaiSource]), models: litellmModels }

/** Older prices cause one warning. */
const oldAfterDays = 120

/**
 * The price tables in search order: the user's own files, if any, then public list prices. A file with errors is reported to `onProblem` in
 * one message, and its valid part is used.
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

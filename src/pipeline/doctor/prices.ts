// Whether the app's own prices can be used: the app itself reads them after its first call alone.
import path from 'node:path'
import { loadChunk } from '../../app/chunks'
import { type Check, checksOf } from './check'

const { holds, fails } = checksOf('app')

/** @param file AFN_PRICES @param cwd the folder of the app */
export function priceChecks(file: string | undefined, cwd: string): Check[] {
  if (file === undefined) return []
  let problem: string | undefined
  const { name } = loadChunk('prices').loadPrices(
    file
      .split(',')
      .map(one => path.resolve(cwd, one.trim()))
      .join(','),
    message => {
      problem = message
    },
  )
  return [problem === undefined ? holds('prices', name) : fails('prices', `AFN_PRICES: ${problem}`)]
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { calcPrice } from '@pydantic/genai-prices'
import { expect, it } from 'vitest'
import { isText, textRates } from '../../../../../src/llm/report/cost/genai-prices'
import { costOf } from '../../../../../src/llm/report/cost/pricer'

interface Row {
  readonly id: string
  readonly models: readonly { readonly id: string }[]
}

/** The package exports no list of its models. */
function table(): Row[] {
  const commonJs = createRequire(import.meta.url).resolve('@pydantic/genai-prices')
  const source = readFileSync(commonJs.replace(/\.cjs$/, '.js'), 'utf8')
  const [, rows] = /^const \w+ = (\[\n[\s\S]*?\n\]), /.exec(source) ?? []
  return Function(`return ${rows}`)() as Row[]
}

const usages = [
  { input: 1_200, output: 300 },
  { input: 1_200, output: 300, cacheRead: 1_024, reasoning: 128 },
  { input: 9_000, output: 1, cacheRead: 4_000, cacheWrite: 3_000 },
  { input: 9_000, output: 10, cacheWrite: 3_000, cacheWrite5m: 1_000, cacheWrite1h: 2_000 },
  { input: 300_000, output: 70_000, cacheRead: 250_000, reasoning: 60_000 },
  { input: 0, output: 0 },
]

it('the fast way to price plain text agrees with the package for every model', () => {
  let compared = 0
  for (const { id: providerId, models } of table()) {
    for (const { id } of models) {
      for (const usage of usages) {
        const found = calcPrice(
          {
            input_tokens: usage.input,
            output_tokens: usage.output,
            cache_read_tokens: usage.cacheRead,
            cache_write_tokens: usage.cacheWrite,
            cache_write_5m_tokens: usage.cacheWrite5m,
            cache_write_1h_tokens: usage.cacheWrite1h,
            output_reasoning_tokens: usage.reasoning,
          },
          id,
          { providerId },
        )
        const rates = found && textRates(found)
        if (!rates) continue
        const cost = costOf(rates, usage)
        expect(cost?.input, `${providerId}/${id} input`).toBeCloseTo(found.input_price, 12)
        expect(cost?.output, `${providerId}/${id} output`).toBeCloseTo(found.output_price, 12)
        expect(cost?.other, `${providerId}/${id} other`).toBe(0)
        expect(found.total_price).toBeCloseTo(found.input_price + found.output_price, 12)
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(5_000)
})

it.each([
  ['audio', { input: 10, output: 1, audioInput: 5 }],
  ['images', { input: 10, output: 1, imageOutput: 1 }],
  ['searches', { input: 10, output: 1, webSearches: 1 }],
  ['parts greater than the whole', { input: 10, output: 1, cacheRead: 11 }],
  ['a total that is unknown', { input: 10 }],
])('the fast way to price plain text leaves %s to the package', (_, usage) => expect(isText(usage)).toBe(false))

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { calcPrice } from '@pydantic/genai-prices'
import { expect, it } from 'vitest'
import { genaiTariff } from '../../../../../src/app/llm/report/cost/genai-prices'
import { priceBy } from '../../../../../src/app/llm/report/cost/price-table'
import type { Usage } from '../../../../../src/app/llm/usage'

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

const usages: Usage[] = [
  { input: 1_200, output: 300 },
  { input: 1_200, output: 300, cacheRead: 1_024, reasoning: 128 },
  { input: 9_000, output: 1, cacheRead: 4_000, cacheWrite: 3_000 },
  { input: 9_000, output: 10, cacheWrite: 3_000, cacheWrite5m: 1_000, cacheWrite1h: 2_000 },
  { input: 300_000, output: 70_000, cacheRead: 250_000, reasoning: 60_000 },
  { input: 1_500_000, output: 70_000 },
  { input: 5_000, output: 700, audioInput: 2_000, audioOutput: 300, imageInput: 1_000, imageOutput: 100 },
  { input: 5_000, output: 700, audioInput: 2_000, cacheRead: 1_000, audioCacheRead: 500, textCacheRead: 500 },
  { input: 0, output: 0 },
]

it('what tokens cost by our arithmetic is what the package says for every model', () => {
  let compared = 0
  for (const { id: providerId, models } of table()) {
    for (const { id } of models) {
      for (const usage of usages) {
        let found: ReturnType<typeof calcPrice>
        try {
          found = calcPrice(
            {
              input_tokens: usage.input,
              output_tokens: usage.output,
              cache_read_tokens: usage.cacheRead,
              cache_write_tokens: usage.cacheWrite,
              cache_write_5m_tokens: usage.cacheWrite5m,
              cache_write_1h_tokens: usage.cacheWrite1h,
              output_reasoning_tokens: usage.reasoning,
              input_audio_tokens: usage.audioInput,
              output_audio_tokens: usage.audioOutput,
              input_image_tokens: usage.imageInput,
              output_image_tokens: usage.imageOutput,
              cache_audio_read_tokens: usage.audioCacheRead,
            },
            id,
            { providerId },
          )
        } catch {
          continue // counts that are too coarse for it
        }
        if (!found || found.model_price.input_mtok === undefined || found.model_price.output_mtok === undefined)
          continue
        const call = { provider: 'openai', models: [id], usage, at: new Date() }
        const price = priceBy(genaiTariff(found.model_price), call, '')
        if ('cause' in price) continue
        expect(price.input, `${providerId}/${id} input ${JSON.stringify(usage)}`).toBeCloseTo(found.input_price, 11)
        expect(price.output, `${providerId}/${id} output ${JSON.stringify(usage)}`).toBeCloseTo(found.output_price, 11)
        expect(price.total, `${providerId}/${id}`).toBeCloseTo(found.total_price, 11)
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(8_000)
})

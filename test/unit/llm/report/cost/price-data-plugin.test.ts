import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as asPublished from '@pydantic/genai-prices'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const directory = mkdtempSync(path.join(tmpdir(), 'afn-price-data-'))
const outfile = path.join(directory, 'prices.cjs')
const usage = { input_tokens: 300_000, cache_read_tokens: 1_000, cache_write_tokens: 500, output_tokens: 7_000 }
const providers = 'anthropic azure cohere deepseek google groq mistral moonshotai openai perplexity x-ai'
let bundled: typeof asPublished

beforeAll(async () => {
  const { priceData } = (await import(path.resolve('scripts/price-data-plugin.mjs'))) as { priceData: Plugin }
  await build({
    stdin: { contents: "export * from '@pydantic/genai-prices'", resolveDir: process.cwd() },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    plugins: [priceData],
  })
  bundled = createRequire(import.meta.url)(outfile)
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('the bundled price table', () => {
  it.each(providers.split(' '))('prices every model of %s as the package does', providerId => {
    const models = asPublished.findProvider({ providerId })!.models.map(({ id }) => id)
    const prices = ({ calcPrice }: typeof asPublished) =>
      models.map(model => {
        const { input_price, output_price, total_price } = calcPrice(usage, model, { providerId }) ?? {}
        return [model, input_price, output_price, total_price]
      })
    expect(prices(bundled)).toEqual(prices(asPublished))
    expect(models.length).toBeGreaterThan(0)
  })

  it('finds providers as the package does', () => {
    for (const providerId of ['azure.ai.openai', 'gcp.vertex_ai', 'x_ai', 'MISTRAL']) {
      expect(bundled.findProvider({ providerId })?.id).toBe(asPublished.findProvider({ providerId })?.id)
    }
  })

  it("is much smaller than the package's", () => {
    expect(statSync(outfile).size).toBeLessThan(400_000)
  })
})

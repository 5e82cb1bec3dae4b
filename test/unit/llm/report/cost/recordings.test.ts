import { existsSync, readFileSync } from 'node:fs'
import type { Attributes } from '@opentelemetry/api'
import { calcPrice } from '@pydantic/genai-prices'
import { afterAll, describe, expect, it } from 'vitest'
import { genaiSource } from '../../../../../src/app/llm/report/cost/genai-prices'
import { tableOf } from '../../../../../src/app/llm/report/cost/price-table'
import { createPricer } from '../../../../../src/app/llm/report/cost/pricer'
import { llmSpan } from '../../llm-span'

const genaiPrices = tableOf([genaiSource])

/** A line of the oracle; null where the response does not say. */
interface Expected {
  id: string
  scope: string
  provider: string | null
  operation: string | null
  requestModel: string | null
  responseModel: string | null
  usageSource: string
  [count: `${string}Tokens`]: number | null
}

const oracle = '../shared/recordings/expected.jsonl'
const at = new Date('2026-09-01T12:00:01Z')
const pricedOperations = ['chat', 'generate_content', 'text_completion', 'embeddings']

/** The table's own names, written down once more and apart from the code under test. */
const tableProviders: Record<string, string> = {
  'azure.ai.openai': 'azure',
  'aws.bedrock': 'aws',
  'gcp.gemini': 'google',
  mistral_ai: 'mistral',
  x_ai: 'x-ai',
}

function lines(): Expected[] {
  const all = readFileSync(oracle, 'utf8').trim().split('\n')
  return all
    .map(line => JSON.parse(line) as Expected)
    .filter(({ scope, inputTokens, outputTokens }) => scope === 'core' && (inputTokens ?? outputTokens) !== null)
}

const some = (count: number | null | undefined) => count ?? undefined

function attributesOf(line: Expected): Attributes {
  return {
    'gen_ai.operation.name': some(line.operation as never),
    'gen_ai.provider.name': line.provider ?? undefined,
    'gen_ai.request.model': line.requestModel ?? undefined,
    'gen_ai.response.model': line.responseModel ?? undefined,
    'gen_ai.usage.input_tokens': some(line.inputTokens),
    'gen_ai.usage.output_tokens': some(line.outputTokens),
    'gen_ai.usage.cache_read.input_tokens': some(line.cacheReadTokens),
    'gen_ai.usage.cache_write.input_tokens': some(line.cacheWriteTokens),
    'afn.llm.usage.cache_write_5m.input_tokens': some(line.cacheWrite5mTokens),
    'afn.llm.usage.cache_write_1h.input_tokens': some(line.cacheWrite1hTokens),
    'gen_ai.usage.reasoning.output_tokens': some(line.reasoningTokens),
    'gen_ai.usage.audio.input_tokens': some(line.audioInputTokens),
    'gen_ai.usage.audio.output_tokens': some(line.audioOutputTokens),
    'afn.llm.usage.source': line.usageSource,
  }
}

function reckoned(line: Expected): number | undefined {
  const usage = {
    input_tokens: some(line.inputTokens),
    output_tokens: some(line.outputTokens),
    cache_read_tokens: some(line.cacheReadTokens),
    cache_write_tokens: some(line.cacheWriteTokens),
    cache_write_5m_tokens: some(line.cacheWrite5mTokens),
    cache_write_1h_tokens: some(line.cacheWrite1hTokens),
    output_reasoning_tokens: some(line.reasoningTokens),
    input_audio_tokens: some(line.audioInputTokens),
    output_audio_tokens: some(line.audioOutputTokens),
  }
  if (line.provider === null || !pricedOperations.includes(line.operation ?? '')) return undefined
  const options = { providerId: tableProviders[line.provider] ?? line.provider, timestamp: at }
  for (const model of [line.responseModel, line.requestModel]) {
    const price = model === null ? null : calcPrice(usage, model, options)
    if (price) return price.total_price
  }
  return undefined
}

describe.skipIf(!existsSync(oracle))('the recordings', () => {
  const coverage = new Map<string, { priced: number; all: number; without: Set<string | null> }>()

  afterAll(() => {
    for (const [provider, { priced, all, without }] of [...coverage].sort()) {
      console.info(
        `${provider}: ${priced}/${all} priced${without.size ? `; no price: ${[...without].join(', ')}` : ''}`,
      )
    }
  })

  it('cost what the table says of the same usage', async () => {
    const pricer = createPricer({ load: () => genaiPrices, onFailure: error => expect.fail(String(error)) })
    pricer.load()
    const unknown = new Set<string | null>()
    for (const line of lines()) {
      const span = llmSpan({ attributes: attributesOf(line) })
      const { attributes } = span
      pricer.price(span)
      const expected = reckoned(line)
      const cost = attributes['afn.llm.cost.total']
      // the package finds models by parts of their names, too
      if (cost === undefined && expected !== undefined) unknown.add(line.responseModel ?? line.requestModel)
      else expect(cost, line.id).toEqual(expected === undefined ? undefined : expect.closeTo(expected, 12))
      const entry = coverage.get(`${line.provider}`) ?? { priced: 0, all: 0, without: new Set() }
      entry.all++
      if (attributes['afn.llm.cost.total'] !== undefined) entry.priced++
      else entry.without.add(line.responseModel ?? line.requestModel)
      coverage.set(`${line.provider}`, entry)
    }
    expect(coverage.size).toBeGreaterThan(0)
    expect([...unknown].sort()).toEqual(['computer-use-preview-2025-04-14', 'us.amazon.nova-micro-v1:0'])
  })
})

// What calls of real processes cost, as `src/operations/cost` reads it out of a real Prometheus: the app has the packed package, its provider answers with
// tokens that are known, and the prices are those of @pydantic/genai-prices. A second process under the same labels begins its counters anew.
import { createServer } from 'node:http'
import { calcPrice } from '@pydantic/genai-prices'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { armsIn } from '../../src/operations/cost/advice/quality'
import { type SpendSource, totalOf } from '../../src/operations/cost/spend'
import { prometheusSpend } from '../../src/operations/cost/spend-from-prometheus'
import type { Backend } from '../../src/shared/queries/http'
import { otlpAttributes } from '../support/otlp-json'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { run } from '../support/run'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')

/** By model: tokens of each call. */
const usages = {
  'gpt-4o-mini': { input: 1_234, output: 567, cached: 1_024, reasoning: 0 },
  'gpt-5': { input: 2_222, output: 999, cached: 0, reasoning: 333 },
  'a-model-of-nobody': { input: 10, output: 10, cached: 0, reasoning: 0 },
} as const
type Model = keyof typeof usages
const calls: Record<Model, number> = { 'gpt-4o-mini': 7, 'gpt-5': 3, 'a-model-of-nobody': 2 }

const source = `
const { withAgent } = require('@afn/otel/api')
const calls = ${JSON.stringify(calls)}
;(async () => {
  for (const [model, count] of Object.entries(calls))
    for (let n = 0; n < count; n++)
      await withAgent({ name: 'support' }, async () => {
        const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] })
        await (await fetch(process.env.PROVIDER + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()
      })
  // several exports before the end
  await new Promise(resolve => setTimeout(resolve, 1_500))
})()
`

function priceOf(model: Model): number | undefined {
  const { input, output, cached, reasoning } = usages[model]
  const tokens = {
    input_tokens: input,
    output_tokens: output,
    cache_read_tokens: cached,
    output_reasoning_tokens: reasoning,
  }
  return calcPrice(tokens, model, { providerId: 'openai' })?.total_price
}

describe.skipIf(binary === undefined)('processes that call models', () => {
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let spend: SpendSource
  let span: { start: number; end: number }
  const provider = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { model: Model }
        const { input, output, cached, reasoning } = usages[model]
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: 'chatcmpl-1',
            object: 'chat.completion',
            model,
            choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
            usage: {
              prompt_tokens: input,
              completion_tokens: output,
              total_tokens: input + output,
              prompt_tokens_details: { cached_tokens: cached },
              completion_tokens_details: { reasoning_tokens: reasoning },
            },
          }),
        )
      })
  })

  beforeAll(async () => {
    prometheus = await startPrometheus(binary!)
    const port = await listen(provider)
    const start = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    const folder = makeApp({ files: { 'app.cjs': source }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
    const env = {
      PROVIDER: `http://127.0.0.1:${port}`,
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OTEL_SERVICE_NAME: 'chat',
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${prometheus.url}/api/v1/otlp/v1/metrics`,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    }
    for (let times = 0; times < 2; times++)
      expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
    span = { start, end: Date.now() + 1_000 }
    spend = await prometheusSpend([backend()])
  }, 120_000)
  afterAll(async () => {
    provider.closeAllConnections()
    provider.close()
    await prometheus?.stop()
  })
  const backend = (): Backend => ({ name: 'Prometheus', url: prometheus.url, setBy: '--prometheus' })

  it('cost what their tokens cost, to a billionth of a dollar, by model', async () => {
    const [found] = await spend.spend([span], ['service', 'model'])
    const of = (model: Model) => found!.find(({ labels }) => labels.model === model)
    for (const model of ['gpt-4o-mini', 'gpt-5'] as const) {
      expect(of(model)).toMatchObject({ labels: { service: 'chat', model }, calls: 2 * calls[model], unpriced: 0 })
      expect(Math.abs(of(model)!.usd - 2 * calls[model] * priceOf(model)!)).toBeLessThan(1e-9)
    }
    expect(of('a-model-of-nobody')).toMatchObject({ usd: 0, calls: 0, unpriced: 2 * calls['a-model-of-nobody'] })
  })

  it('cost as much in all seconds together as in the whole time, whichever second it is cut at', async () => {
    const seconds = Array.from({ length: Math.ceil((span.end - span.start) / 1_000) }, (_, index) => ({
      start: span.start + index * 1_000,
      end: span.start + (index + 1) * 1_000,
    }))
    const parts = (await spend.spend(seconds, [])).map(totalOf)
    const [whole] = (await spend.spend([span], [])).map(totalOf)
    expect(Math.abs(parts.reduce((sum, { usd }) => sum + usd, 0) - whole!.usd)).toBeLessThan(1e-9)
    expect(parts.reduce((sum, one) => sum + one.calls, 0)).toBe(whole!.calls)
  })

  it('used the tokens that the provider reports, by kind', async () => {
    const sum = (kind: 'input' | 'output' | 'cached' | 'reasoning') =>
      2 * (Object.keys(usages) as Model[]).reduce((all, model) => all + calls[model] * usages[model][kind], 0)
    expect(await spend.tokens([span])).toEqual({
      input: sum('input'),
      cacheRead: sum('cached'),
      cacheWrite: 0,
      output: sum('output'),
      reasoning: sum('reasoning'),
    })
  })

  it('are known by the evaluations of their answers, by model, without those that came to nothing', async () => {
    const at = Date.now()
    const points = [
      ['gpt-5', 'pass', 270],
      ['gpt-5', 'fail', 30],
      ['gpt-4o-mini', 'pass', 450],
      ['gpt-4o-mini', 'fail', 50],
      ['gpt-4o-mini', 'error', 9],
      // nobody has called it
      ['gpt-0', 'pass', 5],
    ].map(([model, outcome, count]) => ({
      startTimeUnixNano: `${at - 30_000}000000`,
      timeUnixNano: `${at}000000`,
      asInt: String(count),
      attributes: otlpAttributes({
        'gen_ai.evaluation.name': 'relevance',
        'gen_ai.request.model': model!,
        'afn.llm.evaluation.outcome': outcome!,
      }),
    }))
    const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints: points }
    const metrics = [{ name: 'afn.llm.evaluation.results', unit: '{evaluation}', sum }]
    const resource = { attributes: otlpAttributes({ 'service.name': 'chat' }) }
    const response = await fetch(`${prometheus.url}/api/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
    })
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
    const window = { start: span.start, end: at + 1_000 }
    const arms = await armsIn(window, backend(), (_, model) => (model === 'gpt-0' ? undefined : 'openai'))
    const arm = { service: 'chat', evaluation: 'relevance', provider: 'openai' }
    expect(arms.toSorted((one, other) => one.passes.of - other.passes.of)).toEqual([
      { ...arm, model: 'gpt-5', passes: { passed: 270, of: 300 } },
      { ...arm, model: 'gpt-4o-mini', passes: { passed: 450, of: 500 } },
    ])
  })
})

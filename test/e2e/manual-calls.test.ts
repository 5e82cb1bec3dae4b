// recordLlmMetrics() under the packed preload: a call that can't be seen is one span that is priced and counted.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

it('what an app records about a call is on one span and in the metrics', async () => {
  const source = `
    const { trace } = require('@opentelemetry/api')
    const { recordLlmMetrics } = require('@afn/otel')
    const call = { provider: 'openai', model: 'gpt-4o-mini', duration: 1.5 }
    recordLlmMetrics({ ...call, tokensUsed: { input: 1_000_000, output: 1_000_000 } })
    recordLlmMetrics({ ...call, model: 'ours-1', tokensUsed: 1020, cost: 0.25 })
    recordLlmMetrics({ ...call, model: 'ours-2', tokensUsed: { input: 10, output: 10 } })
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'ours-3' }
    trace.getTracer('app').startActiveSpan('mine', { attributes, kind: 2 }, span => {
      recordLlmMetrics({ ...call, model: 'ours-3', cost: 0.5 })
      span.end()
    })
    recordLlmMetrics({ ...call, duration: '2 s' })
    recordLlmMetrics()
    console.log('goes on')`
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': source }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
  expect(outcome).toEqual({
    code: 0,
    signal: null,
    stdout: 'goes on\n',
    stderr: [
      '[@afn/otel] AFN172 recordLlmMetrics(): duration is of type string; give a number from 0 up\n',
      '[@afn/otel] AFN172 recordLlmMetrics(): the call is of type undefined; give an object with provider, model and duration\n',
    ].join(''),
  })
  const costs = receiver
    .spans()
    .map(({ attributes }) => [
      attributes['gen_ai.request.model'],
      attributes['afn.llm.cost.total'],
      attributes['afn.llm.cost.source'],
    ])
  expect(costs.sort()).toEqual([
    ['gpt-4o-mini', 0.75, 'local'],
    ['ours-1', 0.25, 'application'],
    ['ours-2', undefined, undefined],
    ['ours-3', 0.5, 'application'],
  ])
  expect(receiver.points('afn.llm.cost').reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1.5, 9)
  expect(
    receiver.points('afn.llm.unpriced_operations').map(({ attributes }) => attributes['gen_ai.request.model']),
  ).toEqual(['ours-2'])
  await receiver.close()
})

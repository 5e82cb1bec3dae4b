// HTTP metrics are OpenTelemetry's own, from its instrumentations. How many requests there were, the app says itself.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
const http = require('node:http')
const get = url => new Promise((resolve, reject) => http.get(url, answer => answer.resume().on('end', resolve)).on('error', reject))
let answered = 0
const server = http.createServer((request, response) => { answered++; response.end('ok') }).listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port
  for (let n = 0; n < 7; n++) await get(url)
  for (let n = 0; n < 5; n++) await (await fetch(url)).text()
  server.close()
  server.closeAllConnections()
  console.log(answered)
})
`

const ofSdk = `
const { afnNodeSDK } = require('@afn/otel/sdk')
const sdk = afnNodeSDK()
sdk.start()
const { recordEvaluation, recordLlmMetrics } = require('@afn/otel/api')
const { trace } = require('@opentelemetry/api')
const one = { provider: 'acme', model: 'acme-1', tokensUsed: { input: 10, output: 5 }, cost: 0.25, duration: 1 }
for (let n = 0; n < 4; n++) recordLlmMetrics(one)
trace.getTracer('app').startActiveSpan('work', span => {
  recordEvaluation({ name: 'relevance', score: 1, threshold: 0.5 })
  span.end()
})
sdk.shutdown()
`

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const total = (name: string, of: 'value' | 'count' = 'value') =>
  receiver.points(name).reduce((sum, point) => sum + point[of], 0)

const samplers = [
  ['record_all', ''],
  ['traceidratio', '0.1'],
  ['parentbased_traceidratio', '0.1'],
  ['always_off', ''],
  ['parentbased_always_off', ''],
] as const

const settings = (sampler: string, argument: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_TRACES_SAMPLER: sampler,
  ...(argument && { OTEL_TRACES_SAMPLER_ARG: argument }),
})

it.each(samplers)('every HTTP request is in the metrics under %s %s', async (sampler, argument) => {
  const folder = makeApp({ files: { 'app.cjs': app } })
  const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: settings(sampler, argument) })
  expect(outcome).toEqual({ code: 0, signal: null, stdout: '12\n', stderr: '' })
  expect(total('http.server.request.duration', 'count')).toBe(12)
  // one of http, one of fetch
  expect(total('http.client.request.duration', 'count')).toBe(12)
  if (sampler.endsWith('always_off')) expect(receiver.spans()).toEqual([])
})

it.each(samplers)('afnNodeSDK() counts every call and every evaluation under %s %s', async (sampler, argument) => {
  const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/sdk-node': '@opentelemetry/sdk-node' }
  const folder = makeApp({ files: { 'app.cjs': ofSdk }, modules })
  const outcome = await run(folder, ['app.cjs'], { env: settings(sampler, argument) })
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  expect(total('afn.llm.cost')).toBe(1)
  expect(total('gen_ai.client.inference.usage.input_tokens')).toBe(40)
  expect(total('gen_ai.client.inference.usage.output_tokens')).toBe(20)
  expect(total('gen_ai.client.inference.duration', 'count')).toBe(4)
  expect(total('afn.llm.evaluation.results')).toBe(1)
  if (sampler.endsWith('always_off')) expect(receiver.spans()).toEqual([])
})

// The sum rule: over agents, two generations of the AI SDK, retries, streams, an SDK that traces itself and somebody's
// own roll-ups, what the priced spans cost is what the counter counts, what LangFuse gets, and what the recordings'
// usage comes to by the price table.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { calcPrice } from '@pydantic/genai-prices'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'
import { FIXTURES, recordings, startReplay } from '../unit/llm/replay'

const source = `
import OpenAI from 'openai'
import Anthropic from '@anthropic-ai/sdk'
import { createOpenAI as createOpenAI6 } from 'ai-sdk-openai-3'
import { createOpenAI as createOpenAI7 } from 'ai-sdk-openai-4'
import * as ai6 from 'ai-6'
import * as ai7 from 'ai-7'
import { trace } from '@opentelemetry/api'
import { recordLlmMetrics, withAgent, withTool, withWorkflow } from '@afn/otel/api'

const at = id => process.env.REPLAY + '/' + id
const apiKey = 'not-a-real-key'
const messages = [{ role: 'user', content: 'hi' }]
const openai = (id, more) => new OpenAI({ apiKey, baseURL: at(id) + '/v1', maxRetries: 0, ...more }).chat.completions
const anthropic = id => new Anthropic({ apiKey, baseURL: at(id), maxRetries: 0 }).messages
const ask = { model: 'gpt-4o-mini', messages }
const told = { ...ask, stream: true, stream_options: { include_usage: true } }
const claude = { model: 'claude-haiku-4-5', max_tokens: 64, messages }
const drain = async stream => { for await (const _ of stream); }
const tracer = trace.getTracer('somebody')
const inSpan = (name, attributes, run) =>
  tracer.startActiveSpan(name, { attributes }, async span => {
    try { return await run() } finally { span.end() }
  })

await withWorkflow('two at once', () => Promise.all([
  withAgent('writer', async () => {
    await openai('chat-plain').create(ask)
    await drain(await openai('chat-stream-usage').create(told))
    await withTool('look', () => anthropic('message-plain').create(claude))
  }),
  withAgent('judge', async () => {
    await drain(await anthropic('message-stream').create({ ...claude, stream: true }))
    await openai('retried', { maxRetries: 2 }).create(ask)
    await openai('chat-error-503').create(ask).catch(() => {})
  }),
]))

// streams whose counts nobody tells, or that the app leaves
await drain(await openai('chat-stream-no-usage').create({ ...ask, stream: true }))
for await (const _ of await openai('left').create(told)) break

// the AI SDK's own spans: an outer one that repeats, an inner one that doubles
const telemetry = { experimental_telemetry: { isEnabled: true } }
for (const [ai, createOpenAI] of [[ai6, createOpenAI6], [ai7, createOpenAI7]]) {
  const model = id => createOpenAI({ apiKey, baseURL: at(id) + '/v1' }).chat('gpt-4o-mini')
  await withAgent('ai sdk', () => ai.generateText({ model: model('chat-plain'), messages, ...telemetry }))
  await drain(ai.streamText({ model: model('chat-stream-usage'), messages, ...telemetry }).textStream)
}

// somebody's roll-up with the usage and the cost of what is below it, and somebody's double of a call
const sums = { 'gen_ai.usage.input_tokens': 58, 'gen_ai.usage.output_tokens': 38, 'gen_ai.usage.cost': 7 }
await inSpan('invoke_agent mine', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt-4o-mini', ...sums }, async () => {
  await openai('chat-plain').create(ask)
  const double = { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o-mini', 'llm.request.type': 'chat' }
  const counts = { 'gen_ai.usage.prompt_tokens': 29, 'gen_ai.usage.completion_tokens': 19 }
  await inSpan('openai.chat', { ...double, ...counts }, () => openai('chat-plain').create(ask))
})

recordLlmMetrics({ provider: 'acme', model: 'acme-1', tokensUsed: 12, cost: 0.125, duration: 1 })
console.log('done')
`

/** What was answered, once for each answer that the app took to its end; and what the app reported itself. */
const answered = {
  // the agent's, the one that is answered at the third attempt, the AI SDKs', those in somebody's spans
  'chat-plain': 1 + 1 + 2 + 2,
  'chat-stream-usage': 1 + 2,
  'message-plain': 1,
  'message-stream': 1,
}
const reportedByApp = 0.125

interface Expected {
  id: string
  provider: string
  responseModel: string
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number | null
  cacheWriteTokens: number | null
  cacheWrite5mTokens: number | null
  cacheWrite1hTokens: number | null
}

/** By the table alone: nothing of this is the code under test. */
function reckoned(): number {
  const lines = readFileSync(path.join(FIXTURES, 'expected.jsonl'), 'utf8').trim().split('\n')
  const oracle = new Map(lines.map(line => JSON.parse(line) as Expected).map(line => [line.id, line]))
  let sum = reportedByApp
  for (const [id, times] of Object.entries(answered)) {
    const { provider, responseModel, ...counts } = oracle.get(id)!
    const usage = {
      input_tokens: counts.inputTokens,
      output_tokens: counts.outputTokens,
      cache_read_tokens: counts.cacheReadTokens ?? undefined,
      cache_write_tokens: counts.cacheWriteTokens ?? undefined,
      cache_write_5m_tokens: counts.cacheWrite5mTokens ?? undefined,
      cache_write_1h_tokens: counts.cacheWrite1hTokens ?? undefined,
    }
    sum += times * calcPrice(usage, responseModel, { providerId: provider })!.total_price
  }
  return sum
}

function clients(): string | undefined {
  try {
    return path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
  } catch (error) {
    console.log(`skipped: sum rule: the AI SDK could not be installed: ${(error as Error).message.split('\n', 1)[0]}`)
    return undefined
  }
}

const installed = clients()

/** The app, with everything that it exported. */
async function ran(more: Record<string, string> = {}): Promise<{ receiver: Receiver; outcome: Run }> {
  const known = recordings(FIXTURES)
  const plain = known.get('chat-plain')!
  const refused = { status: 429, headers: { 'content-type': 'application/json', 'retry-after-ms': '1' }, body: '{}' }
  let attempts = 0
  // the app leaves before its counts, however much comes at once
  const [first = ''] = known.get('chat-stream-usage')!.response.body?.split(/(?<=\n\n)/) ?? []
  known.set('left', { ...plain, respond: () => ({ ...known.get('chat-stream-usage')!.response, body: first }) })
  known.set('retried', {
    ...plain,
    id: 'retried',
    respond: () => (attempts++ < 2 ? refused : plain.response),
  })
  const replay = await startReplay(known)
  const receiver = await startReceiver()
  const elsewhere = ['ai-6', 'ai-7', 'ai-sdk-openai-3', 'ai-sdk-openai-4']
  const folder = makeApp({
    files: { 'app.mjs': source },
    modules: {
      ...Object.fromEntries(elsewhere.map(name => [name, path.join(installed!, name)])),
      ...Object.fromEntries(['openai', '@anthropic-ai/sdk', '@opentelemetry/api'].map(name => [name, name])),
    },
  })
  const env = { REPLAY: replay.base('').slice(0, -1), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...more }
  const outcome = await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })
  await replay.close()
  return { receiver, outcome }
}

describe.skipIf(!installed)('the sums over spans, metrics and LangFuse', () => {
  let receiver: Receiver
  let outcome: Run
  const costs = () => receiver.spans().filter(({ attributes }) => attributes['afn.llm.cost.total'] !== undefined)
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)
  const ofSpans = () => sum(costs().map(({ attributes }) => Number(attributes['afn.llm.cost.total'])))
  const points = (name: string) => receiver.points(name)

  beforeAll(async () => {
    ;({ receiver, outcome } = await ran())
  })
  afterAll(() => receiver.close())

  it('are read after an app that had no failure', () => {
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'done\n', stderr: '' })
  })

  it('are of one priced span for each answered call', () => {
    expect(costs()).toHaveLength(sum(Object.values(answered)) + 1)
    expect(costs().filter(({ attributes }) => attributes['afn.llm.usage.rollup'] === true)).toEqual([])
  })

  it('are the cost of the recordings', () => {
    expect(Math.abs(ofSpans() - reckoned())).toBeLessThan(1e-9)
  })

  it('are the same in the counter, the histogram and LangFuse', () => {
    const details = receiver.spans().flatMap(({ attributes }) => attributes['langfuse.observation.cost_details'] ?? [])
    const sums = {
      counter: sum(points('afn.llm.cost').map(({ value }) => value)),
      histogram: sum(points('afn.llm.operation.cost').map(({ value }) => value)),
      langfuse: sum(details.map(text => JSON.parse(String(text)).total)),
    }
    for (const [where, value] of Object.entries(sums)) expect(Math.abs(value - ofSpans()), where).toBeLessThan(1e-9)
  })

  it('count a call without a price, which is no cost of 0', () => {
    expect(points('afn.llm.unpriced_operations')).toMatchObject([
      { attributes: { 'afn.llm.unpriced.reason': 'no_usage' }, value: 2 },
    ])
    expect(costs().filter(({ attributes }) => attributes['afn.llm.cost.total'] === 0)).toEqual([])
  })
})

/** Series with what they counted, of the metrics that are as large in each run. Durations are not: of these only how many. */
function counted(receiver: Receiver): string[] {
  const last = new Map(receiver.metrics().map(metric => [metric.name, metric]))
  return [...last.values()]
    .filter(({ name }) => /^(?:gen_ai|afn\.llm)\./.test(name))
    .flatMap(({ name, unit, points }) =>
      points.map(({ attributes, value, count }) => {
        // the port of the recordings is another one in each run, and what is added up in another order differs in its last digits
        const { 'server.port': _, ...series } = attributes
        const amount = unit === 's' ? count : [value.toPrecision(12), count]
        return JSON.stringify([name, Object.entries(series).sort(), amount])
      }),
    )
    .sort()
}

/** Tokens that the recordings came with: nothing of this is the code under test. */
function tokens(kind: 'inputTokens' | 'outputTokens'): number {
  const lines = readFileSync(path.join(FIXTURES, 'expected.jsonl'), 'utf8').trim().split('\n')
  const oracle = new Map(lines.map(line => JSON.parse(line) as Expected).map(line => [line.id, line]))
  return Object.entries(answered).reduce((all, [id, times]) => all + times * oracle.get(id)![kind], 0)
}

describe.skipIf(!installed)('metrics count every call, whatever the sampler keeps of the traces', () => {
  let all: string[]
  beforeAll(async () => {
    const { receiver } = await ran({ OTEL_TRACES_SAMPLER: 'always_on' })
    all = counted(receiver)
    await receiver.close()
  })

  it.each([
    ['traceidratio', '0.1'],
    ['parentbased_traceidratio', '0.5'],
    ['parentbased_traceidratio', '0'],
    ['always_off', ''],
    ['parentbased_always_off', ''],
  ])('under %s %s', async (sampler, argument) => {
    const { receiver, outcome } = await ran({
      OTEL_TRACES_SAMPLER: sampler,
      AFN_CAPTURE_CONTENT: 'redacted',
      ...(argument && { OTEL_TRACES_SAMPLER_ARG: argument }),
    })
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'done\n', stderr: '' })
    const total = (name: string) => receiver.points(name).reduce((sum, { value }) => sum + value, 0)
    expect(Math.abs(total('afn.llm.cost') - reckoned())).toBeLessThan(1e-9)
    expect(total('gen_ai.client.inference.usage.input_tokens')).toBe(tokens('inputTokens'))
    expect(total('gen_ai.client.inference.usage.output_tokens')).toBe(tokens('outputTokens'))
    expect(counted(receiver)).toEqual(all)
    if (sampler.endsWith('always_off') || argument === '0') expect(receiver.spans()).toEqual([])
    await receiver.close()
  })
})

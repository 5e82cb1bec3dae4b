// A call that was refused and then answered, by real clients under the packed preload: two attempts, one outcome. The
// parent has not failed, no tier takes the trace for an error, and what it cost is counted once.
import { expect, it } from 'vitest'
import { decide, type TierSpan } from '../../src/shared/tiers'
import { makeApp } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { FIXTURES, recordings, startReplay } from '../unit/llm/replay'

const clients = {
  openai: {
    module: 'openai',
    fixture: 'chat-plain',
    source: `const OpenAI = require('openai').default
      const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.REPLAY + '/v1' })
      const ask = () => client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })`,
  },
  anthropic: {
    module: '@anthropic-ai/sdk',
    fixture: 'message-plain',
    source: `const Anthropic = require('@anthropic-ai/sdk').default
      const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: process.env.REPLAY })
      const ask = () => client.messages.create({ model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content: 'Hi' }] })`,
  },
}

const tail = `
  const { trace } = require('@opentelemetry/api')
  trace.getTracer('app').startActiveSpan('handle', async span => {
    console.log((await ask()).id)
    span.end()
  })`

const asTierSpan = ({ traceId, parentSpanId, kind, status, startNano, endNano, attributes, events }: ReceivedSpan) =>
  ({
    traceId,
    parentSpanId,
    kind: kind === 3 ? 'client' : 'internal',
    statusCode: status.code,
    start: startNano,
    end: endNano,
    attributes,
    events,
  }) as TierSpan

it.each(Object.entries(clients))(
  'a call that %s repeats leaves one answered span, and attempts with their error',
  async (_, { module, fixture, source }) => {
    const answered = recordings(FIXTURES).get(fixture)!
    const refused = {
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after-ms': '20', 'x-ratelimit-remaining-requests': '0' },
      body: '{"error":{"message":"slow down","type":"rate_limit_error","code":null}}',
    }
    let requests = 0
    const respond = () => (requests++ % 2 ? answered.response : refused)
    const replay = await startReplay(new Map([[fixture, { ...answered, respond }]]))
    const receiver = await startReceiver()
    const names = [module, '@opentelemetry/api']
    const folder = makeApp({
      files: { 'app.cjs': source + tail },
      modules: Object.fromEntries(names.map(name => [name, name])),
    })
    const env = { REPLAY: replay.base(fixture), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const bare = await run(folder, ['app.cjs'], { env })
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toEqual(bare)
    expect(replay.received).toHaveLength(4)

    const spans = receiver.spans()
    const handle = spans.find(({ name }) => name === 'handle')
    const attempts = spans.filter(({ scope }) => scope === '@afn/otel/llm')
    const own = spans.find(({ name, scope }) => name !== 'handle' && scope !== '@afn/otel/llm')
    expect(spans).toHaveLength(own ? 4 : 3)
    expect(handle?.status.code).toBe(0)
    const [first, last] = [1, 2].map(n => attempts.find(({ attributes }) => attributes['afn.llm.attempt'] === n))
    // Anthropic's own span of the call has the wait between its attempts in it; it is counted as none of them
    expect(own?.parentSpanId ?? handle?.spanId).toBe(handle?.spanId)
    expect(own?.attributes['afn.llm.usage.rollup'] ?? true).toBe(true)
    expect([first?.parentSpanId, last?.parentSpanId]).toEqual(Array(2).fill((own ?? handle)?.spanId))
    expect((last?.startNano ?? 0n) >= (first?.endNano ?? 0n)).toBe(true)
    // the clients leave the body of what they retry unread, so the status is all that is known
    expect(first).toMatchObject({
      status: { code: 2 },
      attributes: {
        'afn.llm.attempt': 1,
        'afn.llm.retried': true,
        'afn.llm.retry_after': 0.02,
        'afn.llm.rate_limit.requests.remaining': 0,
        'afn.llm.usage.source': 'missing',
        'error.type': '429',
        'http.response.status_code': 429,
      },
    })
    expect(last?.status.code).toBe(0)
    expect(last?.attributes).not.toHaveProperty('afn.llm.retried')
    expect(last?.attributes).toMatchObject({ 'afn.llm.attempt': 2, 'afn.llm.usage.source': 'provider' })
    expect(first?.attributes).not.toHaveProperty('afn.llm.cost.total')

    expect(decide(spans.map(asTierSpan)).tier).not.toBe('errors')

    const sum = (metric: string) => receiver.points(metric).reduce((total, { value }) => total + value, 0)
    expect(last?.attributes['afn.llm.cost.total']).toBeGreaterThan(0)
    expect(sum('afn.llm.cost')).toBeCloseTo(last?.attributes['afn.llm.cost.total'] as number, 12)
    expect(sum('afn.llm.unpriced_operations')).toBe(0)
    await replay.close()
    await receiver.close()
  },
)

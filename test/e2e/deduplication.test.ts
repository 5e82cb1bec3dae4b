// Calls under a span that never ends, by a real process: all arrive, each is counted once, and what waits is bounded. The
// oracle is arithmetic: the provider's answer is always the same, and the app says how often it called.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { FIXTURES, recordings, startReplay } from '../unit/llm/replay'

const source = `
  const { context, trace } = require('@opentelemetry/api')
  const { flush, status } = require('@afn/otel')
  const { CALLS, REPLAY, SPANS, TEXT, FLUSH, WAIT } = process.env
  const tracer = trace.getTracer('wrapper')
  const chat = { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' } }
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x'.repeat(Number(TEXT)) }] })
  const headers = { 'content-type': 'application/json' }
  const call = () => fetch(REPLAY + '/v1/chat/completions', { method: 'POST', headers, body }).then(answer => answer.text())
  const heap = () => { gc(); return process.memoryUsage().heapUsed }
  async function main() {
    const never = tracer.startSpan('chat', chat)
    const heaps = []
    let left = Number(CALLS)
    const worker = async () => {
      while (left-- > 0) {
        const span = SPANS === 'one' ? never : tracer.startSpan('chat', chat)
        await context.with(trace.setSpan(context.active(), span), call)
        if (left % 250 === 0 && globalThis.gc) heaps.push(heap())
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    if (FLUSH) await flush(20_000)
    for (let seconds = Number(WAIT); seconds > 0; seconds--) await new Promise(resolve => setTimeout(resolve, 1_000))
    const { exported, duplicates } = status()
    console.log(JSON.stringify({ sent: exported.spans, dropped: exported.dropped, failed: exported.failed, evicted: duplicates.evicted, heaps }))
  }
  main()`

let replay: Awaited<ReturnType<typeof startReplay>>
let receiver: Receiver
const app = () => makeApp({ files: { 'app.cjs': source }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })

beforeAll(async () => {
  replay = await startReplay()
  receiver = await startReceiver()
})
afterAll(async () => {
  await replay.close()
  await receiver.close()
})

interface Outcome {
  sent: number
  dropped: number
  failed: number
  evicted: number
  heaps: number[]
}

async function called(calls: number, env: Record<string, string>, args: string[] = []) {
  receiver.requests.length = 0
  const { code, stdout, stderr } = await run(app(), [...args, '--require', '@afn/otel', 'app.cjs'], {
    limitMs: 290_000,
    env: {
      CALLS: String(calls),
      REPLAY: replay.base('chat-plain'),
      TEXT: '2',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      ...env,
    },
  })
  expect([code, stderr.replace(/^\[@afn\/otel\] (?:AFN141|AFN152) .*\n/gm, '')]).toEqual([0, ''])
  const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')
  const sum = (name: string) => receiver.points(name).reduce((total, { value }) => total + value, 0)
  return { ...(JSON.parse(stdout) as Outcome), spans, cost: sum('afn.llm.cost') }
}

const { usage } = JSON.parse(recordings(FIXTURES).get('chat-plain')!.response.body!)

it.each([
  ['one span', 'one'],
  ['spans, one a call,', 'many'],
])('all 1,000 calls under %s that never end arrive at a flush, counted once', async (_, SPANS) => {
  const { dropped, failed, spans, cost } = await called(1_000, { SPANS, FLUSH: 'yes' })
  expect([spans.length, dropped, failed]).toEqual([1_000, 0, 0])
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(1_000)
  const tokens = spans.reduce((sum, { attributes }) => sum + Number(attributes['gen_ai.usage.input_tokens']), 0)
  expect(tokens).toBe(1_000 * usage.prompt_tokens)
  const each = Number(spans[0]?.attributes['afn.llm.cost.total'])
  expect(each).toBeGreaterThan(0)
  expect(cost).toBeCloseTo(1_000 * each, 9)
})

it('a process that has nothing left to do ends, and its calls arrive, though a span around them never ends', async () => {
  const { spans } = await called(10, { SPANS: 'one' })
  expect(spans).toHaveLength(10)
})

it('what waits for a span that never ends is bounded when it has content', async () => {
  const { spans, heaps, evicted } = await called(
    2_000,
    { SPANS: 'one', FLUSH: 'yes', TEXT: '40000', AFN_CAPTURE_CONTENT: 'full' },
    ['--expose-gc'],
  )
  expect(spans).toHaveLength(2_000)
  expect(evicted).toBeGreaterThan(0)
  // 40 kB of each call: without a bound the heap grows by 70 MB from the 250th call on, with it by what is missing to 16 MB and
  // by a batch of 512 calls that were let go and are under way
  const megabytes = heaps.map(bytes => bytes / 2 ** 20)
  expect(Math.max(...megabytes) - Number(megabytes[0])).toBeLessThan(50)
})

it.runIf(isLong('deduplication'))(
  'all 10,000 calls under a span that never ends arrive within 35 s',
  { timeout: 300_000 },
  async () => {
    const { spans, sent, dropped, failed, evicted } = await called(10_000, { SPANS: 'one', WAIT: '35' })
    // counted by the process before it ends
    expect([sent, dropped, failed, evicted, spans.length]).toEqual([10_000, 0, 0, 10_000, 10_000])
  },
)

// A call in a trace that is not sampled, with OpenTelemetry's own provider around the tap: its counts are those of the
// provider's answer, and nothing is built that metrics don't need.
import { context } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type ReadableSpan,
  type Sampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as observers from '../../../src/app/llm/observe/observers'
import { type LlmTap, startLlmTap } from '../../../src/app/llm/observe/start'
import { openaiChat } from '../../../src/app/llm/providers/openai/chat'
import { recordCalls } from '../../../src/app/sdk/sampler'

const native = globalThis.fetch
const url = 'https://api.openai.com/v1/chat/completions'
const request = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'a secret' }] })
const answer = {
  id: 'chatcmpl-1',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'another secret' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 29, completion_tokens: 19, total_tokens: 48 },
}
let tap: LlmTap | undefined
let ended: ReadableSpan[]
const failures: unknown[] = []
const input = vi.spyOn(openaiChat, 'input')
const output = vi.spyOn(openaiChat, 'output')

beforeEach(() => {
  ended = []
  failures.length = 0
  vi.clearAllMocks()
})
afterEach(() => {
  expect(failures).toEqual([])
  tap?.stop()
  globalThis.fetch = native
  context.disable()
})

async function call(sampler: Sampler): Promise<unknown> {
  const spanProcessors = [
    { onStart() {}, onEnd: (span: ReadableSpan) => void ended.push(span), async forceFlush() {}, async shutdown() {} },
  ]
  const headers = { 'content-type': 'application/json', 'x-ratelimit-remaining-tokens': '7' }
  globalThis.fetch = async () => new Response(JSON.stringify(answer), { headers })
  tap = startLlmTap(
    {
      captureContent: 'full',
      tracer: new TracerProvider({ sampler, spanProcessors }).getTracer('@afn/otel/llm'),
      onFailure: (error, where) => failures.push(where, error),
    },
    () => observers,
  )
  return (await fetch(url, { method: 'POST', body: request })).json()
}

const counts = {
  'gen_ai.usage.input_tokens': 29,
  'gen_ai.usage.output_tokens': 19,
  'gen_ai.request.model': 'gpt-4o-mini',
}

it('a call that is not sampled has its counts and no content', async () => {
  expect(await call(recordCalls(new AlwaysOffSampler()))).toEqual(answer)
  expect(ended).toHaveLength(1)
  const [span] = ended
  expect(span!.attributes).toMatchObject(counts)
  expect(span!.spanContext().traceFlags).toBe(0)
  expect(JSON.stringify(span!.attributes)).not.toContain('secret')
  expect(input).not.toHaveBeenCalled()
  expect(output).not.toHaveBeenCalled()
})

it('a call that is sampled has its content', async () => {
  expect(await call(recordCalls(new AlwaysOnSampler()))).toEqual(answer)
  expect(ended[0]!.attributes).toMatchObject(counts)
  expect(JSON.stringify(ended[0]!.attributes)).toMatch(/"a secret.*another secret|another secret.*a secret/)
})

it('a call that nobody records is not read', async () => {
  const response = vi.spyOn(openaiChat, 'response')
  expect(await call(new AlwaysOffSampler())).toEqual(answer)
  expect(ended).toEqual([])
  expect(response).not.toHaveBeenCalled()
})

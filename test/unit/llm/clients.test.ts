// The real clients see the same results, and the provider the same bytes, with and without us.
import Anthropic from '@anthropic-ai/sdk'
import { context, trace } from '@opentelemetry/api'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FIXTURES, type Received, recordings, startReplay } from './replay'
import { collectGarbage, type Tapped, tapped } from './tapped'

let replay: Awaited<ReturnType<typeof startReplay>>
beforeAll(async () => {
  const known = recordings(FIXTURES)
  const failing = known.get('chat-error-503')!
  const headers = { 'content-type': 'application/json', 'retry-after-ms': '1' }
  known.set('retried', { ...failing, response: { ...failing.response, headers } })
  replay = await startReplay(known)
})
afterAll(() => replay.close())

let tap: Tapped | undefined
afterEach(() => {
  tap?.stop()
  tap = undefined
  replay.behave({})
  replay.received.length = 0
})

const openai = (id: string, options = {}) =>
  new OpenAI({ apiKey: 'sk-test', baseURL: `${replay.base(id)}/v1`, maxRetries: 0, ...options })
const anthropic = (id: string, options = {}) =>
  new Anthropic({ apiKey: 'sk-ant-test', baseURL: replay.base(id), maxRetries: 0, ...options })
const body = (id: string) => replay.recordings.get(id)!.request.body as never

async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const event of stream) events.push(event)
  return events
}

const error = (failed: unknown) => {
  const { name, message, status, error } = failed as { name: string; message: string; status: number; error: unknown }
  return { name, message, status, error }
}

/** What a client gives back, for each way to use it. */
const uses: Record<string, { end?: string; run(): Promise<unknown> }> = {
  'openai create': { run: () => openai('chat-plain').chat.completions.create(body('chat-plain')) },
  'openai withResponse': {
    run: async () => {
      const { data, response, request_id } = await openai('chat-plain')
        .chat.completions.create(body('chat-plain'))
        .withResponse()
      return [data, response.status, response.headers.get('x-request-id'), response.bodyUsed, request_id]
    },
  },
  'openai asResponse': {
    run: async () => {
      const response = await openai('chat-plain').chat.completions.create(body('chat-plain')).asResponse()
      return [response.url, await response.json()]
    },
  },
  'openai parse': { run: () => openai('chat-plain').chat.completions.parse(body('chat-plain')) },
  'openai stream': {
    run: async () =>
      all((await openai('chat-stream-usage').chat.completions.create(body('chat-stream-usage'))) as never),
  },
  'openai stream helper': {
    run: async () => {
      const runner = openai('chat-stream-tools').chat.completions.stream(body('chat-stream-tools'))
      const deltas: string[] = []
      runner.on('tool_calls.function.arguments.delta', ({ arguments_delta }) => deltas.push(arguments_delta))
      return [await runner.finalChatCompletion(), deltas]
    },
  },
  'openai stream tee': {
    run: async () => {
      const stream = await openai('chat-stream-usage').chat.completions.create({
        ...(body('chat-stream-usage') as object),
        stream: true,
      } as never)
      const [a, b] = (stream as unknown as { tee(): [AsyncIterable<unknown>, AsyncIterable<unknown>] }).tee()
      return [await all(a), await all(b)]
    },
  },
  'openai stream toReadableStream': {
    run: async () => {
      const stream = (await openai('chat-stream-usage').chat.completions.create(body('chat-stream-usage'))) as unknown
      return new Response((stream as { toReadableStream(): ReadableStream }).toReadableStream()).text()
    },
  },
  'openai stream, left after one event': {
    // from version 7 on it aborts what is left
    end: 'aborted',
    run: async () => {
      const stream = await openai('chat-stream-usage').chat.completions.create(body('chat-stream-usage'))
      for await (const event of stream as never as AsyncIterable<unknown>) return event
    },
  },
  'openai stream, aborted': {
    end: 'aborted',
    run: async () => {
      const stream = (await openai('chat-stream-usage').chat.completions.create(body('chat-stream-usage'))) as never
      const seen: unknown[] = []
      for await (const event of stream as AsyncIterable<unknown>) {
        seen.push(event)
        if (seen.length === 2) setTimeout(() => (stream as { controller: AbortController }).controller.abort(), 3)
      }
      return seen.length < 10
    },
  },
  'openai error': {
    run: () => openai('chat-error-503').chat.completions.create(body('chat-error-503')).catch(error),
  },
  'openai twice after a 503': {
    run: () => openai('retried', { maxRetries: 1 }).chat.completions.create(body('retried')).catch(error),
  },
  'openai timeout': {
    end: 'aborted',
    run: async () => {
      // long enough for the request to arrive on a busy machine, and far from the 5 s after which the server answers
      const client = openai('chat-stream-usage', { timeout: 500 })
      return client.chat.completions.create({ ...(body('chat-plain') as object), stream: true } as never).catch(error)
    },
  },
  'anthropic create': { run: () => anthropic('message-plain').messages.create(body('message-plain')) },
  'anthropic withResponse': {
    run: async () => {
      const { data, response } = await anthropic('message-plain').messages.create(body('message-plain')).withResponse()
      return [data, response.headers.get('request-id')]
    },
  },
  'anthropic stream': {
    run: async () => all((await anthropic('message-stream').messages.create(body('message-stream'))) as never),
  },
  'anthropic stream helper': {
    run: async () => {
      const stream = anthropic('message-stream').messages.stream(body('message-stream'))
      const text: string[] = []
      stream.on('text', delta => text.push(delta))
      return [await stream.finalMessage(), text]
    },
  },
  'anthropic beta': { run: () => anthropic('message-plain').beta.messages.create(body('message-plain')) },
  'anthropic stream, left after one event': {
    end: 'consumer',
    run: async () => {
      const stream = await anthropic('message-stream').messages.create(body('message-stream'))
      for await (const event of stream as never as AsyncIterable<unknown>) return event
    },
  },
  'anthropic error': {
    run: () => anthropic('message-overloaded-529').messages.create(body('message-overloaded-529')).catch(error),
  },
  'anthropic error in a stream': {
    end: 'cut',
    run: async () => {
      const id = 'message-stream-overloaded'
      return all((await anthropic(id).messages.create(body(id))) as never).catch(error)
    },
  },
}

describe.each(['full', 'off'] as const)('a client of a provider with content %s', content => {
  it.each(Object.keys(uses))('%s', async name => {
    const { run, end } = uses[name]!
    if (end === 'aborted') replay.behave(name.includes('timeout') ? { headersAfterMs: 5_000 } : { stallAfter: 4 })
    else if (end) replay.behave({ pauseMs: 3 })
    const without = await run()
    const wire = replay.received.splice(0)
    tap = tapped(content)
    expect(await run()).toEqual(without)
    const sent = name.includes('twice') ? 2 : 1
    expect(replay.received).toEqual(wire)
    expect(replay.received).toHaveLength(sent)
    await collectGarbage(2)
    expect(tap.spans()).toHaveLength(sent)
    expect(tap.failures).toEqual([])
    const span = tap.spans()[0]!
    if (end) expect(span.attributes['afn.llm.stream.end']).toBe(end)
    else if (span.attributes['http.response.status_code'] === 200) {
      expect(span.attributes['afn.llm.response.complete']).toBe(true)
    }
    expect('gen_ai.input.messages' in span.attributes).toBe(content === 'full')
  })
})

it('streams that run at the same time do not mix on their spans', async () => {
  tap = tapped('full')
  replay.behave({ pauseMs: 1 })
  const ids = ['chat-stream-usage', 'chat-stream-tools', 'chat-stream-no-usage', 'message-stream']
  await Promise.all(
    Array.from({ length: 5 }, () => ids).flatMap(group =>
      group.map(async id =>
        id.startsWith('chat')
          ? all((await openai(id).chat.completions.create(body(id))) as never)
          : all((await anthropic(id).messages.create(body(id))) as never),
      ),
    ),
  )
  const outputs = tap.spans().map(({ attributes }) => attributes['gen_ai.usage.output_tokens'])
  expect(outputs.sort()).toEqual([
    31,
    31,
    31,
    31,
    31,
    41,
    41,
    41,
    41,
    41,
    72,
    72,
    72,
    72,
    72,
    ...Array(5).fill(undefined),
  ])
})

it('a stream that its client never iterates ends its span', async () => {
  tap = tapped('off')
  await (async () => {
    await openai('chat-stream-usage').chat.completions.create(body('chat-stream-usage'))
  })()
  await collectGarbage()
  const { attributes } = await tap.span()
  expect(attributes).toMatchObject({ 'afn.llm.stream.end': 'consumer', 'afn.llm.usage.source': 'missing' })
})

describe('Anthropic’s SDK, which traces itself once a provider is registered', () => {
  const run = async () => all((await anthropic('message-stream').messages.create(body('message-stream'))) as never)

  // Its own tracing rebuilds the headers, which sorts them and lowers their names; that is none of our doing.
  const headers = ({ rawHeaders }: Received) => {
    const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, i) => [
      rawHeaders[2 * i]!.toLowerCase(),
      rawHeaders[2 * i + 1],
    ])
    return Object.fromEntries(pairs)
  }

  it('sends no header that it would not send without telemetry, under its own span', async () => {
    const without = await run()
    const [wire] = replay.received.splice(0)
    tap = tapped('full', undefined, true)
    const parent = trace.getTracer('app').startSpan('handler')
    const seen = await context.with(trace.setSpan(context.active(), parent), run)
    expect(seen).toEqual(without)
    expect(headers(replay.received[0]!)).toEqual(headers(wire!))
    expect(replay.received[0]!.body).toBe(wire!.body)
    const span = await tap.span()
    expect(span.spanContext().traceId).toBe(parent.spanContext().traceId)
    expect(span.parentSpanContext?.spanId).not.toBe(parent.spanContext().spanId)
  })
})

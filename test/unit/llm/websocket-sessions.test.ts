// What is a call in the messages of a WebSocket, by the types of the providers' clients: cases that real clients meet rarely.
import { Duplex } from 'node:stream'
import { context, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Tapped, tapped } from './tapped'

let tap: Tapped
afterEach(() => tap.stop())

/** A frame of text; what is short needs no longer head. */
function frame(message: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 0xff]), bytes])
}

function open(url: string, content: 'off' | 'full' = 'off') {
  tap = tapped(content)
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  const address = new URL(url)
  const handshake = tap.http.openSocket({
    path: address.pathname + address.search,
    url: () => address,
    header: () => null,
  })!
  handshake.upgraded(101, socket, [])
  socket.on('data', () => {})
  return {
    asks: (message: object) => void socket.write(frame(message)),
    /** Bytes are emitted when they are pushed into a stream that flows. */
    says: async (...messages: object[]) => {
      for (const message of messages) socket.push(frame(message))
      await new Promise(resolve => setImmediate(resolve))
    },
    close: async (isFollowed = true) => {
      socket.push(null)
      // what is long, or read for the first time, takes more than one turn
      await vi.waitFor(() => expect(tap.spans().some(({ name }) => name.startsWith('websocket'))).toBe(isFollowed))
    },
  }
}

/** In the order in which they ended. */
const told = () =>
  tap
    .spans()
    .filter(({ name }) => !name.startsWith('websocket'))
    .map(({ name, attributes }) => [
      name,
      attributes['gen_ai.usage.input_tokens'],
      attributes['error.type'] ?? (attributes['gen_ai.response.finish_reasons'] as string[] | undefined)?.[0],
    ])

describe('Responses', () => {
  const url = 'https://api.openai.com/v1/responses'
  const create = (more: object = {}) => ({ type: 'response.create', model: 'gpt-5', input: 'x', ...more })
  const created = (id: string, previous?: string) => ({
    type: 'response.created',
    response: { id, model: 'gpt-5-2025-08-07', status: 'in_progress', previous_response_id: previous ?? null },
  })
  const completed = (id: string, input_tokens: number, more: object = {}) => ({
    type: 'response.completed',
    response: {
      id,
      status: 'completed',
      output: [],
      usage: { input_tokens, output_tokens: 1, total_tokens: input_tokens + 1 },
    },
    ...more,
  })

  it('two that are asked at once in one lane are mixed up', async () => {
    const { asks, says, close } = open(url)
    asks(create())
    asks(create({ model: 'gpt-5-mini' }))
    await says(created('a'), completed('a', 1), created('b'), completed('b', 2))
    await close()
    expect(told()).toEqual([
      ['chat gpt-5', 1, 'completed'],
      ['chat gpt-5-mini', 2, 'completed'],
    ])
  })

  it('what the server begins by itself after a steer is no call, or takes the place of one that was asked', async () => {
    const { asks, says, close } = open(url, 'full')
    asks(create())
    await says(created('a'))
    asks({ type: 'response.steer', previous_response_id: 'a', input: 'shorter' })
    asks(create({ model: 'gpt-5-mini' }))
    const steer = { id: 's', previous_response_id: 'a' }
    await says(
      { type: 'response.steer.accepted', steer },
      {
        type: 'response.incomplete',
        response: {
          id: 'a',
          status: 'incomplete',
          incomplete_details: { reason: 'steered' },
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      },
      created('b', 'a'),
      completed('b', 2),
      created('c'),
      completed('c', 3),
    )
    await close()
    expect(told()).toEqual([
      ['chat gpt-5', 1, 'steered'],
      ['chat gpt-5', 2, 'completed'],
      ['chat gpt-5-mini', 3, 'completed'],
    ])
    const begun = tap.spans().find(({ attributes }) => attributes['gen_ai.response.id'] === 'b')!
    expect(begun.attributes['gen_ai.request.previous_response.id']).toBe('a')
    expect(begun.attributes['gen_ai.input.messages']).toContain('shorter')
  })

  it("an error without a lane is nobody's", async () => {
    const { asks, says, close } = open(url)
    asks(create({ stream_id: 'one' }))
    await says({ type: 'error', error: { type: 'server_error', code: 'overloaded', message: 'later' } })
    await close()
    expect(told()).toEqual([['chat gpt-5', undefined, 'overloaded']])
  })

  it('a turn that leaves model and input to those before it is no call', async () => {
    const { asks, says, close } = open(url)
    asks({ type: 'response.create', previous_response_id: 'z', generate: false })
    await says(created('a'), completed('a', 7))
    await close()
    expect(told()).toEqual([['chat', 7, 'completed']])
  })

  it('an answer is not in the trace of the request that asked for it', async () => {
    const { asks, says, close } = open(url)
    const tracer = tap.provider.getTracer('app')
    const [request, over] = [tracer.startSpan('request'), tracer.startSpan('over')]
    over.end()
    context.with(trace.setSpan(context.active(), request), () => asks(create()))
    context.with(trace.setSpan(context.active(), over), () => asks(create()))
    await says(created('a'), completed('a', 1), created('b'), completed('b', 2))
    await close()
    const session = tap.spans().find(({ name }) => name === 'websocket responses')!
    const parents = told().map(
      (_, n) =>
        tap.spans().find(({ attributes }) => attributes['gen_ai.response.id'] === 'ab'[n])!.parentSpanContext?.spanId,
    )
    expect(parents).toEqual([request.spanContext().spanId, session.spanContext().spanId])
  })
})

describe('Realtime', () => {
  const done = (id: string, input_tokens: number, more: object = {}) => ({
    type: 'response.done',
    response: {
      id,
      object: 'realtime.response',
      status: 'completed',
      output: [],
      usage: { input_tokens, output_tokens: 1 },
      ...more,
    },
  })
  const created = (id: string, more: object = {}) => ({
    type: 'response.created',
    response: { id, status: 'in_progress', ...more },
  })

  it.each([
    ['https://me.openai.azure.com/openai/v1/realtime?model=my-deployment', 'azure.ai.openai', 'my-deployment'],
    [
      'https://me.openai.azure.com/openai/realtime?api-version=2025-04-01-preview&deployment=mine',
      'azure.ai.openai',
      'mine',
    ],
    ['https://api.x.ai/v1/realtime?model=grok-voice-latest', 'x_ai', 'grok-voice-latest'],
    ['https://proxy.internal/openai/v1/realtime?model=gpt-realtime', 'openai', 'gpt-realtime'],
  ])('at %s: who answers is not told', async (url, provider, model) => {
    const { asks, says, close } = open(url)
    await says({ type: 'session.created', session: { id: 's' } })
    asks({ type: 'response.create' })
    await says(created('a'), done('a', 5))
    await close()
    const span = tap.spans().find(({ name }) => name === `chat ${model}`)!
    expect(span.attributes['gen_ai.provider.name']).toBe(provider)
    expect(told()).toEqual([[`chat ${model}`, 5, 'completed']])
  })

  it('counts that do not tell text from sound get a price, or those of text alone get none', async () => {
    const { asks, says, close } = open('https://api.openai.com/v1/realtime?model=gpt-realtime')
    const split = { input_token_details: { text_tokens: 5 }, output_token_details: { audio_tokens: 1 } }
    const usage = { input_tokens: 5, output_tokens: 1 }
    await says(created('text'), done('text', 5))
    asks({ type: 'input_audio_buffer.append', audio: 'AAAA' })
    await says(created('a'), done('a', 5), created('b'), done('b', 5, { usage: { ...usage, ...split } }))
    await close()
    const causes = tap.spans().map(({ attributes }) => attributes['afn.llm.unpriced.cause'])
    expect(causes.slice(0, 3)).toEqual([undefined, 'usage', undefined])
  })

  it('answers that nobody asked for, or that began before, are no calls', async () => {
    const { says, close } = open('https://api.openai.com/v1/realtime?call_id=rtc_1')
    await says({ type: 'session.created', session: { model: 'gpt-realtime' } }, done('before', 3))
    await says({ type: 'input_audio_buffer.committed', item_id: 'i' }, created('a'), done('a', 4))
    await close()
    expect(told()).toEqual([
      ['chat gpt-realtime', 3, 'completed'],
      ['chat gpt-realtime', 4, 'completed'],
    ])
  })

  it('somebody speaks in between, a failure, or an answer that is too long is told as something else', async () => {
    const { asks, says, close } = open('https://api.openai.com/v1/realtime?model=gpt-realtime')
    const ask = () => asks({ type: 'response.create' })
    const status = (status: string, details: object) => ({ status, status_details: { type: status, ...details } })
    ask()
    await says(created('a'), done('a', 1, status('cancelled', { reason: 'turn_detected' })))
    ask()
    await says(created('b'), done('b', 2, status('failed', { error: { type: 'server_error', code: 'boom' } })))
    ask()
    await says(created('c'), done('c', 3, status('incomplete', { reason: 'max_output_tokens' })))
    asks({ type: 'response.cancel' })
    ask()
    // of the cancellation, not of the request
    await says({ type: 'error', error: { type: 'invalid_request_error', code: 'response_cancel_not_active' } })
    await says(created('d'), done('d', 4))
    await close()
    expect(told()).toEqual([
      ['chat gpt-realtime', 1, 'turn_detected'],
      ['chat gpt-realtime', 2, 'boom'],
      ['chat gpt-realtime', 3, 'max_output_tokens'],
      ['chat gpt-realtime', 4, 'completed'],
    ])
  })

  it('what was heard is not counted by its own model', async () => {
    const { says, close } = open('https://api.openai.com/v1/realtime?intent=transcription')
    const of = 'conversation.item.input_audio_transcription'
    await says(
      {
        type: 'session.created',
        session: { type: 'transcription', audio: { input: { transcription: { model: 'whisper-1' } } } },
      },
      { type: 'input_audio_buffer.committed', item_id: 'i' },
      { type: `${of}.completed`, item_id: 'i', transcript: 'hi', usage: { type: 'duration', seconds: 2.5 } },
      { type: `${of}.failed`, item_id: 'j', error: { type: 'server_error', code: 'inaudible' } },
    )
    await close()
    expect(told()).toEqual([
      ['generate_content whisper-1', undefined, undefined],
      ['generate_content whisper-1', undefined, 'inaudible'],
    ])
    expect(tap.spans()[0]!.attributes['afn.llm.usage.audio_seconds']).toBe(2.5)
  })
})

describe('Live', () => {
  const url =
    'https://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent'
  const setup = { setup: { model: 'projects/p/locations/l/publishers/google/models/gemini-live-2.5-flash' } }
  const ask = { clientContent: { turns: [{ role: 'user', parts: [{ text: 'hi' }] }], turnComplete: true } }
  const word = { serverContent: { modelTurn: { parts: [{ text: 'word' }] } } }
  const over = (promptTokenCount: number) => ({
    serverContent: { turnComplete: true },
    usageMetadata: { promptTokenCount, responseTokenCount: 1, totalTokenCount: promptTokenCount + 1 },
  })
  const call = { toolCall: { functionCalls: [{ id: 'f', name: 'weather', args: {} }] } }
  const result = { toolResponse: { functionResponses: [{ id: 'f', response: {} }] } }
  const name = 'generate_content gemini-live-2.5-flash'

  it('a turn that is asked for while another is under way is lost', async () => {
    const { asks, says, close } = open(url)
    asks(setup)
    asks(ask)
    await says({ setupComplete: {} }, word)
    asks(ask)
    await says({ serverContent: { interrupted: true } }, over(1), word, over(2))
    await close()
    expect(told()).toEqual([
      [name, 1, 'interrupted'],
      [name, 2, 'turn_complete'],
    ])
    expect(tap.spans()[0]!.attributes['gen_ai.provider.name']).toBe('gcp.vertex_ai')
  })

  it('a tool that was counted with its turn makes a call without counts', async () => {
    const { asks, says, close } = open(url)
    asks(setup)
    asks(ask)
    await says(call)
    asks(result)
    await says(word, over(9))
    await close()
    expect(told()).toEqual([[name, 9, 'turn_complete']])
  })

  it('a turn that somebody spoke for, one without counts, or one that ends with the connection is lost', async () => {
    const { asks, says, close } = open(url)
    asks(setup)
    await says({ serverContent: { inputTranscription: { text: 'hi' } } }, word, over(3))
    asks(ask)
    await says(word, { serverContent: { turnComplete: true } })
    asks(ask)
    await close()
    expect(told().map(([_, input]) => input)).toEqual([3, undefined, undefined])
    expect(tap.spans().map(({ attributes }) => attributes['afn.llm.stream.end'])).toContain('complete')
  })
})

it('a WebSocket of the app that has such a path is followed', async () => {
  const { says, close } = open('https://app.internal/socket/realtime')
  await says({ event: 'phx_reply', topic: 'room' }, { type: 'response.created', response: { id: 'a' } })
  await close(false)
  expect(tap.spans()).toEqual([])
})

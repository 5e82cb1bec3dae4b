// Answers that come later: background calls that are polled, resumed or cancelled, and the results of batches, by the real clients
// against a provider that answers as their types say. What the provider billed is the oracle.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createServer2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, type Receiver, startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'

const clients = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
const modules = Object.fromEntries(
  [
    ['openai', 'openai-7'],
    ['@anthropic-ai/sdk', 'anthropic-1'],
    ['@google/genai', 'genai-3'],
    ['@mistralai/mistralai', 'mistral-2'],
    ['undici', 'undici-7.30'],
    ['@opentelemetry/api', path.join(root, 'node_modules/@opentelemetry/api')],
  ].map(([name, folder]) => [name as string, path.resolve(clients, folder as string)]),
)

/** Answers of the provider by method and path; a list is given one after the other, its last again and again. */
type Answers = Record<string, Answer | readonly Answer[]>
type Answer = object | string

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Outcome extends Run {
  readonly receiver: Receiver
  readonly fetched: ReceivedSpan[]
}

/** Runs the app's `act`, which gets the provider's address. */
async function act(answers: Answers, source: string, node = process.execPath): Promise<Outcome> {
  const seen = new Map<string, number>()
  const handler = (request: Http2ServerRequest | IncomingMessage, response: Http2ServerResponse | ServerResponse) => {
    request.resume().on('end', () => {
      const key = `${request.method} ${request.url}`
      const found = answers[key] ?? answers[key.split('?')[0] as string]
      const times = seen.get(key) ?? 0
      seen.set(key, times + 1)
      const answer = Array.isArray(found) ? (found[Math.min(times, found.length - 1)] as Answer) : found
      response.statusCode = answer === undefined ? 404 : answer === '' ? 202 : 200
      if (typeof answer === 'string') {
        const isStream = answer.startsWith('event:') || answer.startsWith('data:')
        response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/octet-stream')
        response.end(answer)
      } else {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(answer ?? {}, null, 2))
      }
    })
  }
  const server = createServer(handler).listen(0)
  const server2 = createServer2(handler).listen(0)
  closing.push(
    () => server.close(),
    () => server2.close(),
  )
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const receiver = await startReceiver()
  closing.push(() => receiver.close())
  const folder = makeApp({ modules, files: { 'app.mjs': source } })
  const outcome = await run(folder, ['--require', '{otel}', 'app.mjs'], {
    node,
    env: {
      BASE: base,
      BASE2: `http://127.0.0.1:${(server2.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
      AFN_CAPTURE_CONTENT: 'off',
      NODE_NO_WARNINGS: '1',
    },
  })
  expect(outcome.stderr).toBe('')
  const fetched = receiver.spans().filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'fetch_response')
  return { ...outcome, receiver, fetched }
}

const sum = (receiver: Receiver, name: string) => receiver.points(name).reduce((total, { value }) => total + value, 0)

const inputs = 'gen_ai.client.inference.usage.input_tokens'
const outputs = 'gen_ai.client.inference.usage.output_tokens'

/** What one span says, and what all counters say. */
function told({ fetched, receiver }: Outcome) {
  const total = (key: string) => fetched.reduce((all, { attributes }) => all + Number(attributes[key] ?? 0), 0)
  return {
    spans: fetched.length,
    input: total('gen_ai.usage.input_tokens'),
    output: total('gen_ai.usage.output_tokens'),
    counted: [sum(receiver, inputs), sum(receiver, outputs)],
    cost: total('afn.llm.cost.total'),
    counter: sum(receiver, 'afn.llm.cost'),
    unpriced: sum(receiver, 'afn.llm.unpriced_operations'),
  }
}

// of genai-prices: gpt-4o 2.5 and 10, claude-sonnet-4-5 3 and 15, gemini-2.5-flash 0.3 and 2.5 USD a million
const gpt = (input: number, output: number) => (input * 2.5 + output * 10) / 1e6
const sonnet = (input: number, output: number) => (input * 3 + output * 15) / 1e6
const flash = (input: number, output: number) => (input * 0.3 + output * 2.5) / 1e6

const response = (id: string, status: string, more: object = {}) => ({
  id,
  object: 'response',
  created_at: 1_790_000_000,
  status,
  background: true,
  error: null,
  incomplete_details: null,
  model: 'gpt-4o',
  output: [],
  service_tier: 'default',
  ...more,
})
const counts = (input: number, output: number) => ({
  usage: {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  },
})
const message = (text: string) => ({
  output: [
    { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text }] },
  ],
})

describe('a response in the background', () => {
  const created = response('resp_1', 'queued')
  const done = response('resp_1', 'completed', { ...counts(1_000, 200), ...message('hello') })
  const polled = {
    'POST /v1/responses': created,
    'GET /v1/responses/resp_1': [created, response('resp_1', 'in_progress'), done],
  }
  const openai = `
    import OpenAI from 'openai'
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.BASE + '/v1' })`

  it.each([
    [
      'openai',
      `${openai}
       const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true })
       const get = async () => client.responses.retrieve(id)`,
    ],
    [
      'node:http',
      `import http from 'node:http'
       ${openai}
       const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true })
       const get = () => new Promise((resolve, reject) => {
         http.get(process.env.BASE + '/v1/responses/' + id, async answer => {
           let text = ''
           for await (const piece of answer) text += piece
           resolve(JSON.parse(text))
         }).on('error', reject)
       })`,
    ],
    [
      'node:http2',
      `import http2 from 'node:http2'
       ${openai}
       const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true })
       const session = http2.connect(process.env.BASE2)
       const get = async () => {
         let text = ''
         for await (const piece of session.request({ ':path': '/v1/responses/' + id, 'x-stainless-lang': 'js' })) text += piece
         return JSON.parse(text)
       }`,
    ],
    [
      'undici',
      `import { request } from 'undici'
       ${openai}
       const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true })
       const get = async () => (await request(process.env.BASE + '/v1/responses/' + id)).body.json()`,
    ],
  ])('that is polled by %s is counted once, where it is read, and linked to its call', async (client, source) => {
    const node = nodeBinary(nodes[22])
    if ('missing' in node) return
    const seen = await act(
      polled,
      `${source}
       const statuses = []
       for (let i = 0; i < 6; i++) statuses.push((await get()).status)
       console.log(statuses.join())
       if (typeof session !== 'undefined') session.close()`,
      node.path,
    )
    expect(seen.stdout).toBe('queued,in_progress,completed,completed,completed,completed\n')
    expect(told(seen)).toEqual({
      spans: 1,
      input: 1_000,
      output: 200,
      counted: [1_000, 200],
      cost: expect.closeTo(gpt(1_000, 200), 12),
      counter: expect.closeTo(gpt(1_000, 200), 12),
      unpriced: 0,
    })
    const call = seen.receiver.spans().find(({ name }) => name === 'chat gpt-4o') as ReceivedSpan
    expect(call.attributes).toMatchObject({
      'afn.llm.response.pending': true,
      'gen_ai.response.finish_reasons': ['queued'],
      'gen_ai.response.id': 'resp_1',
    })
    const [fetched] = seen.fetched
    expect(fetched?.name).toBe('fetch_response gpt-4o')
    expect(fetched?.links).toMatchObject([{ traceId: call.traceId, spanId: call.spanId }])
    expect(fetched?.attributes).toMatchObject({
      'gen_ai.response.id': 'resp_1',
      'gen_ai.response.finish_reasons': ['completed'],
      'gen_ai.provider.name': 'openai',
    })
    expect(Object.keys(fetched?.attributes ?? {}).filter(key => key.includes('messages'))).toEqual([])
    // the requests that read are the app's own; those of http2 have no span at all
    const gets = seen.receiver.spans().filter(({ attributes }) => attributes['http.request.method'] === 'GET')
    expect(gets).toHaveLength(client === 'node:http2' ? 0 : 6)
  })

  it('is counted by a process that has not made it', async () => {
    const seen = await act(
      { 'GET /v1/responses/resp_1': done },
      `${openai}
       await client.responses.retrieve('resp_1')
       await client.responses.retrieve('resp_1')`,
      process.execPath,
    )
    expect(told(seen)).toMatchObject({ spans: 1, counted: [1_000, 200] })
  })

  it('that is left as a stream and resumed is counted where it ends', async () => {
    const event = (type: string, at: number, more: object) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: at, ...more })}\n\n`
    const delta = (at: number) =>
      event('response.output_text.delta', at, { item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'he' })
    const first = event('response.created', 0, { response: created }) + delta(1) + delta(2).repeat(500)
    const rest = delta(3) + event('response.completed', 4, { response: done })
    const seen = await act(
      { 'POST /v1/responses': first, 'GET /v1/responses/resp_1': rest },
      `${openai}
       const stream = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true, stream: true })
       for await (const event of stream) if (event.type.endsWith('delta')) break
       const types = []
       for await (const { type } of await client.responses.retrieve('resp_1', { stream: true, starting_after: 1 }))
         types.push(type)
       await client.responses.retrieve('resp_1', { stream: true, starting_after: 1 }).then(async all => { for await (const _ of all); })
       console.log(types.join())`,
    )
    expect(seen.stdout).toBe('response.output_text.delta,response.completed\n')
    expect(told(seen)).toMatchObject({ spans: 1, input: 1_000, output: 200, counted: [1_000, 200], unpriced: 0 })
    expect(seen.fetched[0]?.links).toHaveLength(1)
  })

  it('that was streamed to its end, and one that was not in the background, is not counted again when it is fetched', async () => {
    const whole = `event: response.completed\ndata: ${JSON.stringify({ type: 'response.completed', response: done })}\n\n`
    const plain = { ...response('resp_2', 'completed', counts(10, 2)), background: false }
    const seen = await act(
      { 'POST /v1/responses': [whole, plain], 'GET /v1/responses/resp_1': done, 'GET /v1/responses/resp_2': plain },
      `${openai}
       const ask = { model: 'gpt-4o', input: 'hi' }
       for await (const _ of await client.responses.create({ ...ask, background: true, stream: true }));
       await client.responses.create(ask)
       for (const id of ['resp_1', 'resp_2']) await client.responses.retrieve(id)`,
    )
    expect(seen.fetched).toEqual([])
    expect([sum(seen.receiver, inputs), sum(seen.receiver, outputs)]).toEqual([1_010, 202])
  })

  it('in a window of hours has no price, whatever its answer says', async () => {
    const seen = await act(
      { 'POST /v1/responses': created, 'GET /v1/responses/resp_1': done },
      `${openai}
       const background_options = { completion_window: '8h' }
       await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true, background_options })
       await client.responses.retrieve('resp_1')`,
    )
    expect(told(seen)).toMatchObject({ spans: 1, counted: [1_000, 200], cost: 0, counter: 0, unpriced: 1 })
  })

  it('that is cancelled or fails says so once, and its counts are those that the provider tells', async () => {
    const cancelled = response('resp_1', 'cancelled', counts(1_000, 20))
    const failed = response('resp_3', 'failed', { error: { code: 'server_error', message: 'no' }, ...counts(5, 0) })
    const seen = await act(
      {
        'POST /v1/responses': created,
        'POST /v1/responses/resp_1/cancel': cancelled,
        'GET /v1/responses/resp_1': cancelled,
        'GET /v1/responses/resp_3': failed,
      },
      `${openai}
       const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi', background: true })
       await client.responses.cancel(id)
       await client.responses.retrieve(id)
       await client.responses.retrieve('resp_3')
       await client.responses.retrieve('resp_3')`,
    )
    expect(told(seen)).toMatchObject({ spans: 2, counted: [1_005, 20] })
    const errors = seen.fetched.map(({ attributes }) => attributes['error.type'] ?? 'none')
    expect(errors.sort()).toEqual(['none', 'server_error'])
  })
})

it('an interaction of Gemini in the background is counted once, whether it is read whole or as a stream', async () => {
  const usage = {
    total_input_tokens: 300,
    total_output_tokens: 40,
    total_cached_tokens: 0,
    total_thought_tokens: 0,
    total_tool_use_tokens: 0,
    total_tokens: 340,
  }
  const interaction = (id: string, status: string, more: object = {}) => ({
    id,
    object: 'interaction',
    model: 'gemini-2.5-flash',
    status,
    created: '2026-11-30T00:00:00Z',
    updated: '2026-11-30T00:00:00Z',
    ...more,
  })
  const done = (id: string) => interaction(id, 'completed', { usage, steps: [] })
  const events = ['in_progress', 'completed'].map((status, at) => {
    const type = at ? 'interaction.completed' : 'interaction.status_update'
    const data = { event_type: type, ...(at ? { interaction: done('int_2') } : { interaction_id: 'int_2', status }) }
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
  })
  const seen = await act(
    {
      'POST /v1/interactions': [interaction('int_1', 'in_progress'), interaction('int_2', 'in_progress')],
      'GET /v1/interactions/int_1': [interaction('int_1', 'in_progress'), done('int_1')],
      'GET /v1/interactions/int_2': events.join(''),
    },
    `import { GoogleGenAI } from '@google/genai'
     const { interactions } = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: process.env.BASE } })
     const create = () => interactions.create({ model: 'gemini-2.5-flash', input: 'hi', background: true })
     const first = await create()
     for (let i = 0; i < 4; i++) await interactions.get(first.id)
     const second = await create()
     for await (const _ of await interactions.get(second.id, { stream: true }));`,
  )
  expect(told(seen)).toEqual({
    spans: 2,
    input: 600,
    output: 80,
    counted: [600, 80],
    cost: expect.closeTo(2 * flash(300, 40), 12),
    counter: expect.closeTo(2 * flash(300, 40), 12),
    unpriced: 0,
  })
  expect(seen.fetched.map(({ links }) => links.length)).toEqual([1, 1])
})

it('a completion that xAI defers is counted when it is there', async () => {
  const completion = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'grok-4',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }],
    usage: { prompt_tokens: 50, completion_tokens: 7, total_tokens: 57 },
  }
  const seen = await act(
    {
      'POST /v1/chat/completions': { request_id: 'req-1' },
      'GET /v1/chat/deferred-completion/req-1': ['', '', completion],
    },
    `const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }
     const body = JSON.stringify({ model: 'grok-4', messages: [{ role: 'user', content: 'hi' }], deferred: true })
     const asked = await fetch(process.env.BASE + '/v1/chat/completions', { method: 'POST', headers, body })
     const { request_id } = await asked.json()
     let answer
     do answer = await fetch(process.env.BASE + '/v1/chat/deferred-completion/' + request_id, { headers })
     while (answer.status === 202)
     console.log((await answer.json()).id)`,
  )
  expect(seen.stdout).toBe('chatcmpl-1\n')
  expect(told(seen)).toMatchObject({ spans: 1, counted: [50, 7] })
  expect(seen.fetched[0]?.links).toHaveLength(1)
})

describe('a batch', () => {
  const completion = (at: number, input: number, output: number) => ({
    id: `chatcmpl-${at}`,
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'x'.repeat(300) } }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
    service_tier: 'default',
  })
  const line = (at: number, body: object, status = 200) =>
    `${JSON.stringify({
      id: `batch_req_${at}`,
      custom_id: `request-${at}`,
      response: { status_code: status, request_id: `r${at}`, body },
      error: null,
    })}\n`
  const batch = (more: object = {}) => ({
    id: 'batch_1',
    object: 'batch',
    endpoint: '/v1/chat/completions',
    input_file_id: 'file-in',
    completion_window: '24h',
    status: 'in_progress',
    created_at: 1_790_000_000,
    ...more,
  })

  it('of OpenAI is a span a line at half the price, however often its file is read, in the trace of who reads it', async () => {
    const error = { error: { message: 'no', type: 'invalid_request_error', param: null, code: 'bad' } }
    const file = line(1, completion(1, 1_000, 100)) + line(2, completion(2, 2_000, 300)) + line(3, error, 400)
    const seen = await act(
      {
        'POST /v1/batches': batch(),
        'GET /v1/batches/batch_1': [batch(), batch({ status: 'completed', output_file_id: 'file-out' })],
        'GET /v1/files/file-out/content': file,
        'GET /v1/files/file-in/content':
          '{"custom_id":"request-1","method":"POST","url":"/v1/x","body":{"model":"gpt-4o"}}\n',
        'GET /v1/files/file-book/content': 'a book\n',
      },
      `import OpenAI from 'openai'
       import { trace } from '@opentelemetry/api'
       const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.BASE + '/v1' })
       const span = (name, work) => trace.getTracer('app').startActiveSpan(name, async span => { await work(); span.end() })
       await span('make', () => client.batches.create({ input_file_id: 'file-in', endpoint: '/v1/chat/completions', completion_window: '24h' }))
       await span('read', async () => {
         let batch
         do batch = await client.batches.retrieve('batch_1')
         while (batch.status !== 'completed')
         const texts = []
         for (const id of ['file-out', 'file-out', 'file-in', 'file-book'])
           texts.push(await (await client.files.content(id)).text())
         console.log(texts.map(text => text.length).join())
       })`,
    )
    expect(seen.stdout.split(',').slice(0, 2)).toEqual([String(file.length), String(file.length)])
    expect(told(seen)).toEqual({
      spans: 3,
      input: 3_000,
      output: 400,
      counted: [3_000, 400],
      cost: expect.closeTo(gpt(3_000, 400) / 2, 12),
      counter: expect.closeTo(gpt(3_000, 400) / 2, 12),
      unpriced: 0,
    })
    const spans = seen.receiver.spans()
    const [make, read] = ['make', 'read'].map(name => spans.find(span => span.name === name) as ReceivedSpan)
    for (const { parentSpanId, links, attributes } of seen.fetched) {
      expect(parentSpanId).toBe(read?.spanId)
      expect(links).toMatchObject([{ spanId: make?.spanId }])
      expect(attributes['afn.llm.batch.id']).toBe('batch_1')
    }
    expect(seen.fetched.map(({ attributes }) => attributes['afn.llm.batch.custom_id']).sort()).toEqual([
      'request-1',
      'request-2',
      'request-3',
    ])
    expect(seen.fetched.map(({ attributes }) => attributes['error.type']).filter(Boolean)).toEqual(['bad'])
  })

  it('of Anthropic is counted at the price of a batch', async () => {
    const result = (at: number, result: object) => `${JSON.stringify({ custom_id: `r-${at}`, result })}\n`
    const answer = (at: number, input: number, output: number) => ({
      type: 'succeeded',
      message: {
        id: `msg_${at}`,
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [{ type: 'text', text: 'hello\nworld' }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: input, output_tokens: output, service_tier: 'batch' },
      },
    })
    const errored = {
      type: 'errored',
      error: { type: 'error', error: { type: 'invalid_request_error', message: 'no' }, request_id: 'r' },
    }
    const lines = [answer(1, 500, 50), answer(2, 700, 70), errored, { type: 'canceled' }, { type: 'expired' }]
    const ended = {
      id: 'msgbatch_1',
      type: 'message_batch',
      processing_status: 'ended',
      results_url: 'RESULTS',
      request_counts: { processing: 0, succeeded: 2, errored: 1, canceled: 1, expired: 1 },
    }
    const seen = await act(
      {
        'POST /v1/messages/batches': { ...ended, processing_status: 'in_progress', results_url: null },
        'GET /v1/messages/batches/msgbatch_1': { ...ended, results_url: '/v1/messages/batches/msgbatch_1/results' },
        'GET /v1/messages/batches/msgbatch_1/results': lines.map((line, at) => result(at, line)).join(''),
      },
      `import Anthropic from '@anthropic-ai/sdk'
       const { messages } = new Anthropic({ apiKey: 'k', baseURL: process.env.BASE })
       const params = { model: 'claude-sonnet-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }
       const { id } = await messages.batches.create({ requests: [{ custom_id: 'r-0', params }] })
       let read = 0
       for await (const _ of await messages.batches.results(id)) read++
       for await (const _ of await messages.batches.results(id)) read++
       console.log(read)`,
    )
    expect(seen.stdout).toBe('10\n')
    expect(told(seen)).toEqual({
      spans: 4,
      input: 1_200,
      output: 120,
      counted: [1_200, 120],
      cost: expect.closeTo(sonnet(1_200, 120) / 2, 12),
      counter: expect.closeTo(sonnet(1_200, 120) / 2, 12),
      unpriced: 0,
    })
    expect(seen.fetched.map(({ attributes }) => attributes['error.type']).filter(Boolean)).toEqual([
      'invalid_request_error',
      'expired',
    ])
  })

  const generated = (input: number, output: number) => ({
    response: {
      responseId: `r-${input}`,
      modelVersion: 'gemini-2.5-flash',
      candidates: [{ index: 0, finishReason: 'STOP', content: { role: 'model', parts: [{ text: 'hi' }] } }],
      usageMetadata: { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output },
    },
  })

  it('of Gemini is counted where its results stand, in the batch or in a file', async () => {
    const operation = (id: string, state: string, output?: object) => ({
      name: `batches/${id}`,
      metadata: { state: `BATCH_STATE_${state}`, model: 'models/gemini-2.5-flash', name: `batches/${id}`, output },
      ...(output && { done: true, response: output }),
    })
    const inline = { inlinedResponses: { inlinedResponses: [generated(100, 10), generated(200, 20)] } }
    const file = [generated(1_000, 1), generated(2_000, 2)].map((one, at) => JSON.stringify({ key: `k${at}`, ...one }))
    const seen = await act(
      {
        'POST /v1/models/gemini-2.5-flash:batchGenerateContent': operation('b1', 'PENDING'),
        'GET /v1/batches/b1': [operation('b1', 'RUNNING'), operation('b1', 'SUCCEEDED', inline)],
        'GET /v1/batches/b2': operation('b2', 'SUCCEEDED', { responsesFile: 'files/batch-b2' }),
        'GET /v1/files/batch-b2:download': file.join('\n'),
      },
      `import { GoogleGenAI } from '@google/genai'
       const ai = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: process.env.BASE } })
       const { name } = await ai.batches.create({ model: 'gemini-2.5-flash', src: [{ contents: 'hi' }] })
       for (let i = 0; i < 4; i++) await ai.batches.get({ name })
       const { dest } = await ai.batches.get({ name: 'batches/b2' })
       await ai.files.download({ file: dest.fileName, downloadPath: 'results.jsonl' })
       console.log((await import('node:fs')).readFileSync('results.jsonl', 'utf8').split('\\n').length)`,
    )
    expect(seen.stdout).toBe('2\n')
    expect(told(seen)).toEqual({
      spans: 4,
      input: 3_300,
      output: 33,
      counted: [3_300, 33],
      cost: expect.closeTo(flash(3_300, 33) / 2, 12),
      counter: expect.closeTo(flash(3_300, 33) / 2, 12),
      unpriced: 0,
    })
    expect(new Set(seen.fetched.map(({ name }) => name))).toEqual(new Set(['fetch_response gemini-2.5-flash']))
  })

  it('of Mistral is counted in a file and inline', async () => {
    const job = (more: object) => ({
      id: 'job-1',
      object: 'batch',
      input_files: ['f-in'],
      endpoint: '/v1/chat/completions',
      model: 'mistral-small-latest',
      errors: [],
      status: 'SUCCESS',
      created_at: 1_790_000_000,
      total_requests: 2,
      completed_requests: 2,
      succeeded_requests: 2,
      failed_requests: 0,
      ...more,
    })
    const result = (at: number) => ({
      id: `batch-${at}`,
      custom_id: String(at),
      response: { status_code: 200, body: { ...completion(at, 10, 1), model: 'mistral-small-latest' } },
      error: null,
    })
    const seen = await act(
      {
        'GET /v1/batch/jobs/job-1': job({ output_file: 'f-out' }),
        'GET /v1/batch/jobs/job-2': job({ id: 'job-2', outputs: [result(3), result(4)] }),
        'GET /v1/files/f-out/content': [result(1), result(2)].map(one => JSON.stringify(one)).join('\n'),
      },
      `import { Mistral } from '@mistralai/mistralai'
       const client = new Mistral({ apiKey: 'k', serverURL: process.env.BASE })
       const { outputFile } = await client.batch.jobs.get({ jobId: 'job-1' })
       let bytes = 0
       for await (const piece of await client.files.download({ fileId: outputFile })) bytes += piece.length
       await client.batch.jobs.get({ jobId: 'job-2', inline: true })
       await client.batch.jobs.get({ jobId: 'job-2', inline: true })`,
    )
    expect(told(seen)).toMatchObject({ spans: 4, input: 40, output: 4, counted: [40, 4] })
  })

  it('is counted whole by a process that flushes and exits as soon as it has read it', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => line(at, completion(at, 10, 1)))
    const seen = await act(
      { 'GET /v1/files/file-fast/content': lines.join('') },
      `import { flush } from '@afn/otel/api'
       import OpenAI from 'openai'
       const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.BASE + '/v1' })
       await (await client.files.content('file-fast')).text()
       await flush(20_000)
       process.exit(0)`,
    )
    expect(told(seen)).toMatchObject({ spans: 1_001, counted: [200_000, 20_000], unpriced: 0 })
  })

  it('of tens of thousands of lines is a thousand spans and a few sums, exact in spans and counters', async () => {
    const lines: string[] = []
    let [input, output] = [0, 0]
    for (let at = 0; at < 20_000; at++) {
      const [i, o] = [100 + (at % 977), 10 + (at % 31)]
      input += i
      output += o
      lines.push(line(at, completion(at, i, o)))
    }
    const seen = await act(
      { 'GET /v1/files/file-big/content': lines.join('') },
      `import OpenAI from 'openai'
       const client = new OpenAI({ apiKey: 'sk-test', baseURL: process.env.BASE + '/v1' })
       let lines = 0
       for await (const chunk of (await client.files.content('file-big')).body)
         for (const byte of chunk) if (byte === 10) lines++
       console.log(lines)`,
    )
    expect(seen.stdout).toBe('20000\n')
    expect(told(seen)).toEqual({
      spans: 1_001,
      input,
      output,
      counted: [input, output],
      cost: expect.closeTo(gpt(input, output) / 2, 9),
      counter: expect.closeTo(gpt(input, output) / 2, 9),
      unpriced: 0,
    })
    expect(seen.fetched.map(({ attributes }) => attributes['afn.llm.batch.requests']).filter(Boolean)).toEqual([19_000])
  })
})

it("a path like these at the app's own servers is left alone", async () => {
  const seen = await act(
    {
      'GET /responses/7': response('resp_7', 'completed', counts(1, 1)),
      'GET /v1/files/7/content': '{"custom_id":"1"}',
    },
    `for (const at of ['/responses/7', '/v1/files/7/content']) await (await fetch(process.env.BASE + at)).text()`,
  )
  expect(seen.fetched).toEqual([])
})

// `@afn/otel/fetch` on each runtime of which npm has a package: the spans of every recording are those of Node.js, and nothing planted leaves.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callAll, type RecordedCall } from '../conformance/calls'
import { ofTheConnection, startProvider } from '../conformance/provider'
import { type Recording, readFolder } from '../conformance/recordings'
import { type Line, type Runtime, runtimes, startWorker } from '../runtimes/runtimes'
import { isLong } from '../support/long'
import { root } from '../support/packed'
import { found, planted, tooMany } from '../support/planted'
import { type ReceivedSpan, startReceiver } from '../support/receiver'

const fixtures = path.join(root, 'test/fixtures/recordings')
const shared = path.join(root, '../shared/recordings')

/** What differs by nature. */
const OF_TIME = /time_to_first_chunk|time_per_output_chunk|first_chunk_ms|retry_after/
/** What LangFuse reads is written on Node.js alone. */
const OF_LANGFUSE = /^langfuse\./
/** On Node.js a second table is asked where the first has no price. */
const OF_PRICE = /^afn\.llm\.(?:cost\.|unpriced)/

function recordings(): Map<string, Recording> {
  const all = readFolder(fixtures).recordings
  if (isLong('runtimes') && existsSync(shared))
    for (const [id, one] of readFolder(shared).recordings) if (!all.has(id)) all.set(id, one)
  return all
}

const known = recordings()
const batch = requestsOf(known)

function requestsOf(recordings: ReadonlyMap<string, Recording>) {
  return [...recordings.values()].map(({ id, request: { url, method, headers, body } }) => ({
    id,
    url,
    method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.has(name.toLowerCase()))),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }))
}

/** By the header that says which recording a request is of. */
const answerFrom =
  (recordings: ReadonlyMap<string, Recording>) =>
  ({ rawHeaders }: { rawHeaders: string[] }) => {
    const at = rawHeaders.findIndex(text => text.toLowerCase() === 'x-afn-recording')
    const recording = recordings.get(decodeURIComponent(rawHeaders[at + 1] ?? ''))
    return recording && { recording }
  }

/** What of a span has to be the same. */
function facts({ name, kind, status, attributes, types, scope }: ReceivedSpan): Record<string, unknown> {
  const keys = Object.keys(attributes).filter(key => ![OF_TIME, OF_LANGFUSE, OF_PRICE].some(one => one.test(key)))
  const said = keys.map(key => [key, [types[key], attributes[key]]])
  return { name, kind, status, scope, ...Object.fromEntries(said) }
}

function differing(ours: Record<string, unknown> = {}, theirs: Record<string, unknown> = {}): string[] {
  const same = (key: string) => JSON.stringify(ours[key]) === JSON.stringify(theirs[key])
  return Object.keys({ ...ours, ...theirs })
    .filter(key => !same(key))
    .map(key => `${key}: ${JSON.stringify(ours[key])} instead of ${JSON.stringify(theirs[key])}`)
}

const priceOf = ({ attributes }: ReceivedSpan) => attributes['afn.llm.cost.total']
const tableOf = ({ attributes }: ReceivedSpan) => attributes['afn.llm.cost.price_table']

describe('every recording', () => {
  let onNode: Map<string, RecordedCall>
  let provider: Awaited<ReturnType<typeof startProvider>>

  beforeAll(async () => {
    onNode = await callAll([...known.values()], { client: 'fetch' })
    provider = await startProvider(answerFrom(known))
  }, 600_000)
  afterAll(() => provider?.close())

  it.each(Object.entries(runtimes))(
    'has the spans on %s that it has on Node.js',
    { timeout: 600_000 },
    async (_, start) => {
      const runtime: Runtime = await start()
      const receiver = await startReceiver()
      let lines: Line[]
      try {
        lines = await runtime.run({
          batch,
          provider: `http://127.0.0.1:${provider.port}`,
          collector: receiver.url,
        })
      } finally {
        await runtime.stop()
      }
      const spans = receiver.spans()
      await receiver.close()
      expect(lines.map(({ id }) => id)).toEqual(batch.map(({ id }) => id))
      const different: string[] = []
      let priced = 0
      for (const { id, traceId, failure } of lines) {
        const here = spans.filter(span => span.traceId === traceId && span.scope !== 'conformance')
        const there = onNode.get(id)!
        if (failure !== there.failure) different.push(`${id}: ${failure} instead of ${there.failure}`)
        if (here.length !== there.spans.length) different.push(`${id}: ${here.length} spans`)
        const [ours, theirs] = [here, there.spans].map(list => list.sort((a, b) => (a.name < b.name ? -1 : 1)))
        for (const [at, span] of theirs!.entries()) {
          different.push(...differing(ours![at] && facts(ours![at]), facts(span)).map(text => `${id} ${text}`))
          if (!String(tableOf(span)).startsWith('litellm')) continue
          priced++
          if (ours![at] && priceOf(ours![at]) !== priceOf(span))
            different.push(`${id} cost ${priceOf(ours![at])} instead of ${priceOf(span)}`)
        }
      }
      expect(different).toEqual([])
      expect(priced).toBeGreaterThan(20)
    },
  )
})

describe('planted values', () => {
  const values = planted()
  /** The question and the answer have the value; so does the error of a provider that quotes what it was sent. */
  const exchanges = new Map(
    values.map(({ text }, at): [string, Recording] => {
      const messages = [{ role: 'user', content: text }]
      const answer = { id: 'c', model: 'gpt-5', choices: [{ index: 0, message: { role: 'assistant', content: text } }] }
      const failure = { error: { message: `cannot answer ${text}`, type: 'invalid_request_error' } }
      const response = at % 3 === 0 ? failure : answer
      return [
        `planted-${at}`,
        {
          id: `planted-${at}`,
          protocol: 'openai-chat',
          request: {
            url: 'https://api.openai.com/v1/chat/completions',
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: { model: 'gpt-5', messages },
          },
          response: {
            status: at % 3 === 0 ? 400 : 200,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(response),
          },
          stream: false,
        },
      ]
    }),
  )

  it.each(Object.entries(runtimes))('do not leave %s', { timeout: 300_000 }, async (_, start) => {
    const provider = await startProvider(answerFrom(exchanges))
    const runtime = await start()
    const left = async (redacts: boolean, content: string) => {
      const receiver = await startReceiver()
      await runtime.run({
        batch: requestsOf(exchanges),
        provider: `http://127.0.0.1:${provider.port}`,
        collector: receiver.url,
        redacts,
        content,
      })
      await receiver.close()
      return found(Buffer.concat(receiver.requests.map(({ body }) => body)), values)
    }
    try {
      // so that this test can see
      expect((await left(false, 'full')).length).toBe(values.length)
      expect(tooMany(await left(true, 'redacted'), values)).toEqual([])
      expect(await left(true, 'off')).toEqual([])
    } finally {
      await runtime.stop()
      await provider.close()
    }
  })
})

describe.runIf('workerd' in runtimes)("a Worker's handlers", () => {
  it('have a span that continues the trace of the caller, with the calls below it, also of an answer that is passed on unread', {
    timeout: 120_000,
  }, async () => {
    const recording = known.get('chat-stream-usage')!
    const provider = await startProvider(() => ({ recording }))
    const receiver = await startReceiver()
    const worker = await startWorker(`
      import { instrument } from '@afn/otel/fetch'
      const native = globalThis.fetch
      globalThis.fetch = (input, init) => native(String(input).replace('https://api.openai.com', 'http://127.0.0.1:${provider.port}'), init)
      export default instrument({
        async fetch(request) {
          if (request.method === 'GET') return new Response('ok')
          const body = JSON.stringify(${JSON.stringify(recording.request.body)})
          return fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        },
      }, () => ({ serviceName: 'proxy', exporter: { url: '${receiver.url}' } }))`)
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    try {
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
      const response = await fetch(`${worker.url}/ask?token=hidden`, { method: 'POST', headers })
      expect(await response.text()).toBe(recording.response.body)
      await expect
        .poll(() => receiver.spans().filter(span => span.traceId === traceId).length, { timeout: 20_000 })
        .toBe(2)
      // a request of its own, in the same waitUntil
      await expect
        .poll(() => receiver.metricNames(), { timeout: 20_000 })
        .toContain('gen_ai.client.inference.usage.input_tokens')
    } finally {
      await worker.stop()
      await provider.close()
      await receiver.close()
    }
    const spans = receiver.spans().filter(span => span.traceId === traceId)
    const server = spans.find(({ kind }) => kind === 2)!
    const call = spans.find(({ kind }) => kind === 3)!
    expect(server).toMatchObject({
      name: 'POST',
      parentSpanId: 'b7ad6b7169203331',
      attributes: { 'http.response.status_code': 200, 'url.path': '/ask' },
      resource: { 'service.name': 'proxy' },
    })
    expect(call.parentSpanId).toBe(server.spanId)
    expect(call.attributes).toMatchObject({ 'afn.llm.response.complete': true, 'afn.llm.usage.source': 'provider' })
    expect(JSON.stringify(spans, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      'hidden',
    )
  })
})

describe.runIf('workerd' in runtimes)('a Durable Object', () => {
  const source = (collector: string, model: string) => `
    import { DurableObject } from 'cloudflare:workers'
    import { instrument } from '@afn/otel/fetch'
    import { instrumentDurableObject } from '@afn/otel/fetch/durable-objects'
    const native = globalThis.fetch
    globalThis.fetch = (input, init) => native(String(input).replace('https://api.openai.com', '${model}'), init)
    const options = () => ({ serviceName: 'rooms', exporter: { url: '${collector}' } })
    const body = ${JSON.stringify(JSON.stringify(known.get('chat-stream-usage')!.request.body))}
    class Base extends DurableObject {
      async ask() {
        const headers = { 'content-type': 'application/json' }
        return (await fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', headers, body })).text()
      }
    }
    export const Room = instrumentDurableObject(class Room extends Base {
      constructor(ctx, env) {
        super(ctx, env)
        ctx.blockConcurrencyWhile(() => this.load())
      }
      async load() { await 0; this.loaded = await this.ctx.storage.get('alarms') ?? 0 }
      async fetch(request) { await 0; return new Response((await this.say(await request.text())) + this.loaded) }
      async say(text) { await 0; return text + (await this.ask()).length }
      async fails() { throw new RangeError('no such room') }
      async remind() { await this.ctx.storage.setAlarm(Date.now()) }
      async alarm() { await this.ctx.storage.put('alarms', 1) }
      alarms() { return this.ctx.storage.get('alarms') }
    }, options)
    export default instrument({
      async fetch(request, { ROOM }) {
        const stub = ROOM.get(ROOM.idFromName('a'))
        const method = new URL(request.url).pathname.slice(1)
        if (method === 'fetch') return stub.fetch(request)
        if (method === '') return new Response('ok')
        try { return Response.json((await stub[method]('hi')) ?? null) } catch (error) { return Response.json(error.name + ': ' + error.message) }
      },
    }, options)`

  it('has no span of a request, an alarm or a call of a stub, or one of what it calls itself, or answers differently', {
    timeout: 120_000,
  }, async () => {
    const recording = known.get('chat-stream-usage')!
    const provider = await startProvider(() => ({ recording }))
    const receiver = await startReceiver()
    const bindings = [{ type: 'durable_object_namespace', name: 'ROOM', class_name: 'Room' }]
    const worker = await startWorker(source(receiver.url, `http://127.0.0.1:${provider.port}`), bindings, [
      'nodejs_compat',
    ])
    const { length } = String(recording.response.body)
    const named = (name: string) => receiver.spans().filter(span => span.name === name)
    try {
      const post = async (name: string) =>
        (await fetch(`${worker.url}/${name}`, { method: 'POST', body: 'question' })).text()
      expect(await post('fetch')).toBe(`question${length}0`)
      expect(await post('say')).toBe(`"hi${length}"`)
      expect(await post('fails')).toBe('"RangeError: no such room"')
      expect(await post('remind')).toBe('null')
      await expect.poll(() => post('alarms'), { timeout: 20_000 }).toBe('1')
      await expect.poll(() => named('Room/alarm').length, { timeout: 20_000 }).toBe(1)
      await expect.poll(() => named('Room/alarms').length, { timeout: 20_000 }).toBeGreaterThan(0)
    } finally {
      await worker.stop()
      await provider.close()
      await receiver.close()
    }
    const ofObject = receiver.spans().filter(({ attributes }) => attributes['cloudflare.entrypoint'])
    const names = new Set(ofObject.map(({ name }) => name))
    expect([...names].sort()).toEqual(['POST', 'Room/alarm', 'Room/alarms', 'Room/fails', 'Room/remind', 'Room/say'])
    expect(new Set(ofObject.map(({ attributes }) => attributes['cloudflare.durable_object.id'])).size).toBe(1)
    const [said, failed, alarm] = ['Room/say', 'Room/fails', 'Room/alarm'].map(name => named(name)[0]!)
    expect(said).toMatchObject({
      kind: 2,
      attributes: { 'cloudflare.handler_type': 'jsrpc', 'cloudflare.jsrpc.method': 'say' },
      resource: { 'service.name': 'rooms' },
    })
    expect(failed).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'RangeError' } })
    expect(alarm).toMatchObject({ kind: 1, attributes: { 'faas.trigger': 'timer' } })
    const calls = receiver.spans().filter(({ name }) => name.startsWith('chat '))
    const asked = [ofObject.find(({ name }) => name === 'POST')!, said!].map(({ spanId }) => spanId)
    expect(calls.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(asked.sort())
  })
})

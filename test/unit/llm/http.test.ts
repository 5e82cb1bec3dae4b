// The hooks on node's http clients: whichever way the application writes and reads, it gets what it would without us, and
// the span ends with what was read.
import { once } from 'node:events'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { context } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tapRequests } from '../../../src/app/llm/observe/http/client-request'
import { startReplay } from './replay'
import { type Tapped, tapped } from './tapped'

const ask = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] })
const streamed = { input: 1170, output: 31 } // of the fixture chat-stream-usage

let replay: Awaited<ReturnType<typeof startReplay>>
let tap: Tapped
beforeAll(async () => {
  replay = await startReplay()
})
afterAll(() => replay.close())
beforeEach(() => {
  replay.behave({})
  tap = tapped()
  tapRequests(tap.http)
})
afterEach(() => {
  expect(tap.failures).toEqual([])
  tap.stop()
})

function post(id: string, options: http.RequestOptions = {}, path = '/v1/chat/completions'): ClientRequest {
  return http.request(`${replay.base(id)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...options,
  })
}

async function answer(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request.end(ask), 'response')
  return response as IncomingMessage
}

/** What the span tells of the call's end. */
async function ended() {
  const { attributes, status } = await tap.span()
  return {
    end: attributes['afn.llm.stream.end'],
    error: attributes['error.type'],
    status: status.code,
    input: attributes['gen_ai.usage.input_tokens'],
    output: attributes['gen_ai.usage.output_tokens'],
  }
}

const complete = { end: 'complete', error: undefined, status: 0, ...streamed }

describe("an answer of node's http clients", () => {
  const ways: Record<string, (response: IncomingMessage) => Promise<string>> = {
    'data events': response =>
      new Promise(resolve => {
        let all = ''
        response.on('data', chunk => {
          all += chunk
        })
        response.on('end', () => resolve(all))
      }),
    'readable events': response =>
      new Promise(resolve => {
        let all = ''
        response.on('readable', () => {
          for (let chunk = response.read(); chunk !== null; chunk = response.read()) all += chunk
        })
        response.on('end', () => resolve(all))
      }),
    'small reads': response =>
      new Promise(resolve => {
        const all: Buffer[] = []
        response.on('readable', () => {
          for (let chunk = response.read(7); chunk !== null; chunk = response.read(7)) all.push(chunk)
        })
        response.on('end', () => resolve(Buffer.concat(all).toString()))
      }),
    'for await': text,
    'a pipe': response => text(response.pipe(new PassThrough())),
    'a pipeline': async response => {
      const through = new PassThrough()
      const [all] = await Promise.all([text(through), pipeline(response, through)])
      return all
    },
    'a web stream': response => new Response(Readable.toWeb(response) as ReadableStream).text(),
    'an encoding': response => text(response.setEncoding('utf8')),
    'another encoding': async response => Buffer.from(await text(response.setEncoding('base64')), 'base64').toString(),
  }
  it.each(Object.entries(ways))('is the same where the app reads it by %s', async (_, read) => {
    expect(await read(await answer(post('chat-stream-usage')))).toBe(
      replay.recordings.get('chat-stream-usage')?.response.body,
    )
    expect(await ended()).toEqual(complete)
  })

  it('is recorded the same where it comes in pieces of one byte', async () => {
    replay.behave({ split: 1 })
    expect(await text((await answer(post('chat-stream-usage'))).setEncoding('utf8'))).toBe(
      replay.recordings.get('chat-stream-usage')?.response.body,
    )
    expect(await ended()).toEqual(complete)
  })

  it('is thrown away by node where nobody listens for it, and its span ends', async () => {
    post('chat-stream-usage').end(JSON.stringify({ ...JSON.parse(ask), stream: true }))
    expect(await ended()).toEqual({ end: 'consumer', error: undefined, status: 0 })
  })

  it('starts to flow when the application reads, and not before', async () => {
    const response = await answer(post('chat-stream-usage'))
    await sleep(30)
    expect(response.readableFlowing).toBe(null)
    expect(tap.spans()).toEqual([])
    await text(response)
    expect(await ended()).toEqual(complete)
  })

  it('has no listener and no visible property that we added', async () => {
    const shapes: unknown[] = []
    const shape = (emitter: ClientRequest | IncomingMessage) => [
      Object.keys(emitter).sort(),
      emitter.eventNames().map(name => [name, emitter.listenerCount(name)]),
    ]
    for (const path of ['/v1/chat/completions', '/v1/other']) {
      const request = post('chat-plain', {}, path)
      const response = await answer(request)
      shapes.push([shape(request), shape(response)])
      await text(response)
    }
    expect(shapes[0]).toEqual(shapes[1])
    await tap.span()
  })
})

describe("a request of node's http clients is sent and recorded the same", () => {
  const ways: Record<string, (request: ClientRequest) => unknown> = {
    'a text at the end': request => request.end(ask),
    'bytes at the end': request => request.end(Buffer.from(ask)),
    'a text, then the end': request => {
      request.write(ask)
      request.end()
    },
    pieces: request => {
      for (const byte of Buffer.from(ask)) request.write(Buffer.of(byte))
      request.end()
    },
    base64: request => request.end(Buffer.from(ask).toString('base64'), 'base64'),
    'a pipe': request => Readable.from([ask.slice(0, 20), ask.slice(20)]).pipe(request),
    'a callback at the end': request => {
      request.write(ask)
      request.end(() => {})
    },
  }
  it.each(Object.entries(ways))('%s', async (_, write) => {
    const request = post('chat-plain')
    write(request)
    const [response] = await once(request, 'response')
    await text(response)
    expect(replay.received.at(-1)?.body).toBe(ask)
    expect((await tap.span()).attributes).toMatchObject({
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }]),
      'gen_ai.usage.input_tokens': 29,
      'server.address': '127.0.0.1',
    })
  })

  it('with arguments that node refuses: node refuses them as without us', async () => {
    const request = post('chat-plain').on('error', () => {})
    expect(() => request.write(7 as never)).toThrow(/ERR_INVALID_ARG_TYPE|must be of type string/)
    request.destroy()
  })
})

describe('the span of a call says how it ended for', () => {
  it('an app that stops reading', async () => {
    for await (const _ of await answer(post('chat-stream-usage'))) break
    expect(await ended()).toMatchObject({ end: 'consumer', error: undefined, status: 0 })
  })

  it('an app whose reader throws', async () => {
    const response = await answer(post('chat-stream-usage'))
    await expect(
      pipeline(
        response,
        async function* (source) {
          for await (const _ of source) throw new Error('mine')
          yield ''
        },
        new PassThrough(),
      ),
    ).rejects.toThrow('mine')
    expect(await ended()).toMatchObject({ end: 'consumer', error: undefined, status: 0 })
  })

  it.each([
    ['destroy', (request: ClientRequest) => request.destroy(), 'consumer'],
    ['abort', (request: ClientRequest) => request.abort(), 'aborted'],
  ])('%s of the request by the app', async (_, leave, end) => {
    const request = post('chat-stream-usage').on('error', () => {})
    const response = await answer(request)
    response.on('error', () => {})
    await once(response, 'data')
    leave(request)
    expect(await ended()).toMatchObject({ end, error: undefined, status: 0 })
  })

  it("an abort by the app's signal", async () => {
    const control = new AbortController()
    const response = await answer(post('chat-stream-usage', { signal: control.signal }).on('error', () => {}))
    response.on('error', () => {})
    await once(response, 'data')
    control.abort()
    expect(await ended()).toMatchObject({ end: 'aborted', error: undefined, status: 0 })
  })

  it('a time-out at which the app ends the call', async () => {
    replay.behave({ stallAfter: 2 })
    const request = post('chat-stream-usage').on('error', () => {})
    request.on('timeout', () => request.destroy())
    const response = await answer(request)
    // set now, since on a busy machine the answer itself may take longer
    request.setTimeout(50)
    await expect(text(response)).rejects.toThrow('aborted')
    expect(await ended()).toMatchObject({ end: 'cut', error: 'TimeoutError', status: 2 })
  })

  it('a time-out that the app ignores', async () => {
    replay.behave({ pauseMs: 60 })
    const request = post('chat-plain', { timeout: 20 })
    request.on('timeout', () => {})
    await text(await answer(request))
    expect((await tap.span()).status.code).toBe(0)
  })

  it('a connection that breaks in the middle of an answer', async () => {
    replay.behave({ breakAfter: 2 })
    await expect(text(await answer(post('chat-stream-usage')))).rejects.toThrow('aborted')
    expect(await ended()).toMatchObject({ end: 'cut', error: 'ECONNRESET', status: 2 })
  })

  it('a connection that breaks while nobody listens for errors', async () => {
    replay.behave({ breakAfter: 2 })
    ;(await answer(post('chat-stream-usage'))).resume()
    expect(await ended()).toMatchObject({ end: 'cut', error: 'ECONNRESET', status: 2 })
  })

  it('a connection that was refused', async () => {
    const request = http.request({
      port: 1,
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json' },
    })
    const failed = once(request, 'error')
    request.end(ask)
    expect((await failed)[0].code).toBe('ECONNREFUSED')
    expect(await ended()).toMatchObject({ error: 'ECONNREFUSED', status: 2 })
  })

  it('an answer that nobody reads, at the end of its connection', async () => {
    const request = post('chat-plain')
    const response = await answer(request)
    await sleep(20)
    expect(tap.spans()).toEqual([])
    response.socket.destroy()
    expect(await ended()).toMatchObject({ error: undefined, status: 0, input: undefined })
  })
})

describe('an answer with a content encoding', () => {
  const { createZstdCompress } = zlib as { createZstdCompress?: () => zlib.Gzip }
  const encodings: [string, () => zlib.Gzip | zlib.BrotliCompress | zlib.DeflateRaw][] = [
    ['gzip', () => zlib.createGzip()],
    ['deflate', () => zlib.createDeflate()],
    ['deflate', () => zlib.createDeflateRaw()],
    ['br', () => zlib.createBrotliCompress()],
    ...(createZstdCompress ? ([['zstd', () => createZstdCompress()]] as [string, () => zlib.Gzip][]) : []),
  ]

  async function served(encoding: string, make: () => zlib.Gzip | zlib.BrotliCompress, cutAt?: number) {
    const body = replay.recordings.get('chat-stream-usage')?.response.body ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of Readable.from([body]).pipe(make())) chunks.push(chunk)
    const bytes = Buffer.concat(chunks).subarray(0, cutAt)
    const server = http.createServer(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': encoding })
      for (let i = 0; i < bytes.length; i += 50) {
        response.write(bytes.subarray(i, i + 50))
        await sleep(1)
      }
      response.end()
    })
    await once(server.listen(0), 'listening')
    const { port } = server.address() as { port: number }
    const request = http.request({
      port,
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json' },
    })
    const received: Buffer[] = []
    for await (const chunk of await answer(request)) received.push(chunk)
    expect(Buffer.concat(received).equals(bytes)).toBe(true)
    server.close()
    server.closeAllConnections()
  }

  it.each(encodings)('%s', async (encoding, make) => {
    await served(encoding, make)
    expect(await ended()).toEqual(complete)
  })

  it('is recorded as far as it came where it is cut', async () => {
    await served('gzip', () => zlib.createGzip(), -20)
    expect((await tap.span()).attributes['gen_ai.response.id']).toBeDefined()
  })

  it('has a span without content where the encoding is unknown', async () => {
    await served('my-own', () => zlib.createGzip())
    expect((await tap.span()).attributes).toMatchObject({
      'http.response.status_code': 200,
      'afn.llm.usage.source': 'missing',
    })
  })

  it('has a span and no error of ours where its bytes are not of that encoding', async () => {
    await served('gzip', () => new PassThrough() as never)
    expect((await tap.span()).attributes['afn.llm.usage.source']).toBe('missing')
  })
})

describe('a request that is no LLM call stays untouched', () => {
  it.each([
    ['another path', () => post('chat-plain', {}, '/v1/orders').end(ask)],
    ['another method', () => post('chat-plain', { method: 'PUT' }).end(ask)],
    ['another body', () => post('chat-plain').end(JSON.stringify({ dish: 'soup' }))],
    ['no body', () => post('chat-plain').end()],
    [
      'our own, which is suppressed',
      () => context.with(suppressTracing(context.active()), () => post('chat-plain').end(ask)),
    ],
  ])('%s', async (_, send) => {
    const request = send()
    const [response] = await once(request, 'response')
    await text(response)
    expect(Object.hasOwn(request, 'emit')).toBe(false)
    expect(tap.spans()).toEqual([])
  })
})

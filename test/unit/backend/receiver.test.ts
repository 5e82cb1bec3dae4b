import { connect } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, type ReceiverOptions, startReceiver } from '../../../src/backend/receiver'
import type { Signal } from '../../../src/shared/config/otlp'
import { lookup, requests } from '../otlp/proto'

type Body = NonNullable<RequestInit['body']>
const MiB = 2 ** 20
let receiver: Receiver
let taken: [Signal, object][]
let bytes: [Signal, Buffer][]
let handler: () => ReturnType<ReceiverOptions['onTraces']>

beforeEach(async () => {
  taken = []
  bytes = []
  handler = () => undefined
  const take = (signal: Signal) => (request: object) => {
    taken.push([signal, request])
    return handler()
  }
  receiver = await startReceiver({
    onTraces: take('traces'),
    onMetrics: take('metrics'),
    onLogs: take('logs'),
    onBytes: (...one) => bytes.push(one),
  })
})
afterEach(() => receiver.close())

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

/** A request with nothing but a field that nobody knows. */
function ofSize(length: number) {
  const head = [
    15 * 8 + 2,
    (length & 127) | 128,
    ((length >> 7) & 127) | 128,
    ((length >> 14) & 127) | 128,
    length >> 21,
  ]
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length)])
}

async function post(path: string, body: Body, headers: Record<string, string>) {
  const response = await fetch(receiver.url + path, { method: 'POST', body, headers })
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
}

const span = { name: 'POST /chat', spanId: '0102030405060708' }
const document = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
const encoded = () =>
  requests.ExportTraceServiceRequest.encode({
    resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, spanId: Buffer.from(span.spanId, 'hex') }] }] }],
  }).finish() as Uint8Array<ArrayBuffer>

describe('the receiver of up accepts', () => {
  it('requests on loopback, on a free port', () => {
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`)
    expect(receiver.port).toBeGreaterThan(0)
  })

  it.each([
    ['JSON', () => JSON.stringify(document), json],
    ['JSON with a charset', () => JSON.stringify(document), { 'content-type': 'Application/JSON; charset=utf-8' }],
    ['protobuf', encoded, protobuf],
  ])('%s, packed or not, with the same result', async (_, body, headers) => {
    const raw = Buffer.from(body())
    const plain = await post('/v1/traces', raw, headers)
    const packed = await post('/v1/traces', gzipSync(raw), { ...headers, 'content-encoding': 'gzip' })
    for (const { status, body, headers } of [plain, packed]) {
      expect(status).toBe(200)
      expect([...body]).toEqual([...Buffer.from(headers.get('content-type') === 'application/json' ? '{}' : '')])
    }
    expect(taken).toEqual([
      ['traces', document],
      ['traces', document],
    ])
    expect(bytes.map(([signal, bytes]) => [signal, bytes.equals(raw)])).toEqual([
      ['traces', true],
      ['traces', true],
    ])
  })

  it('each signal on its own path, whatever the query string', async () => {
    for (const signal of ['traces', 'metrics', 'logs'])
      expect((await post(`/v1/${signal}?a=1`, '{}', json)).status).toBe(200)
    expect(taken.map(([signal]) => signal)).toEqual(['traces', 'metrics', 'logs'])
  })

  it('an empty protobuf request, by which `afn-otel doctor` asks', async () => {
    expect((await post('/v1/traces', '', protobuf)).status).toBe(200)
    expect(taken).toEqual([['traces', {}]])
  })

  it('a request of the size of the limit', async () => {
    const body = `{"x":"${'x'.repeat(16 * MiB - 8)}"}`
    expect((await post('/v1/logs', body, json)).status).toBe(200)
  })
})

describe('the answer of the receiver says what it did not store', () => {
  const partial = { rejected: 300, message: 'no ids' }

  it('in JSON', async () => {
    handler = () => partial
    const answers = await Promise.all(['traces', 'metrics', 'logs'].map(signal => post(`/v1/${signal}`, '{}', json)))
    expect(answers.map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { partialSuccess: { rejectedSpans: '300', errorMessage: 'no ids' } },
      { partialSuccess: { rejectedDataPoints: '300', errorMessage: 'no ids' } },
      { partialSuccess: { rejectedLogRecords: '300', errorMessage: 'no ids' } },
    ])
  })

  it('in protobuf', async () => {
    handler = async () => partial
    const { body, status } = await post('/v1/traces', '', protobuf)
    const response = lookup('trace.v1.ExportTraceServiceResponse')
    expect(status).toBe(200)
    expect(response.toObject(response.decode(body), { longs: String })).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: 'no ids' },
    })
  })

  it('with a status that clients retry where the store failed', async () => {
    handler = () => Promise.reject(new Error('the disk is full'))
    const { status, body } = await post('/v1/traces', '{}', json)
    expect(status).toBe(503)
    expect(body.toString()).toContain('the disk is full')
  })
})

it('a large request waits for its turn instead of being refused, and one whose client goes gives its turn back', async () => {
  let atWork = 0
  let most = 0
  handler = async () => {
    most = Math.max(most, ++atWork)
    await new Promise(resolve => setTimeout(resolve, 20))
    atWork--
    return undefined
  }
  const large = ofSize(6 * MiB)
  // twice as many as may be read at once go away before they are answered
  const gone = Array.from({ length: 6 }, () => {
    const controller = new AbortController()
    const sent = fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      body: large,
      headers: protobuf,
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(), 5)
    return sent.then(
      () => 'answered',
      () => 'gone',
    )
  })
  await Promise.all(gone)
  const answers = await Promise.all(Array.from({ length: 24 }, () => post('/v1/traces', large, protobuf)))
  expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(200))
  expect(most * 6).toBeLessThanOrEqual(64)
})

it('large requests that are read wait for no other, so that one commit takes them all', async () => {
  const all = 12
  let atWork = 0
  let answer = () => {}
  const answered = new Promise<undefined>(resolve => (answer = () => resolve(undefined)))
  handler = () => {
    if (++atWork === all) answer()
    return answered
  }
  const answers = await Promise.all(Array.from({ length: all }, () => post('/v1/traces', ofSize(400_000), protobuf)))
  expect(answers.map(({ status }) => status)).toEqual(Array(all).fill(200))
})

describe('the receiver of up refuses', () => {
  const bomb = gzipSync(Buffer.alloc(400 * MiB))
  const emptyMembers = Buffer.alloc(17 * MiB, gzipSync(''))

  it.each<[string, number, string, Body, Record<string, string>, RegExp]>([
    ['another path', 404, '/v1/profiles', '{}', json, /\/v1\/traces/],
    ['another encoding', 415, '/v1/traces', '{}', { 'content-type': 'text/plain' }, /application\/x-protobuf/],
    ['an encoding of a treacherous name', 415, '/v1/traces', '{}', { 'content-type': 'constructor' }, /application/],
    ['another packing', 415, '/v1/traces', '{}', { ...json, 'content-encoding': 'br' }, /gzip or none/],
    ['what is no JSON', 400, '/v1/traces', '{"secret', json, /^the body is no JSON$/],
    ['JSON that is no OTLP', 400, '/v1/traces', '{"resourceSpans":7}', json, /resourceSpans is no array/],
    ['protobuf that is no OTLP', 400, '/v1/traces', 'hello', protobuf, /no OTLP protobuf/],
    ['what is no gzip', 400, '/v1/traces', '{}', { ...json, 'content-encoding': 'gzip' }, /can't be read/],
    [
      'half a gzip',
      400,
      '/v1/traces',
      gzipSync('{"resourceSpans":[]}').subarray(0, 20),
      { ...json, 'content-encoding': 'gzip' },
      /can't be read/,
    ],
    ['too much', 413, '/v1/traces', Buffer.alloc(60 * MiB), json, /smaller batches/],
    ['too much at another path', 404, '/', Buffer.alloc(60 * MiB), json, /not here/],
    ['a gzip bomb', 413, '/v1/traces', bomb, { ...json, 'content-encoding': 'gzip' }, /larger than 16777216 bytes/],
    ['much gzip of nothing', 413, '/v1/traces', emptyMembers, { ...json, 'content-encoding': 'gzip' }, /larger/],
  ])('%s with %d', async (_, status, path, body, headers, reason) => {
    const answer = await post(path, body, headers)
    expect(answer.status).toBe(status)
    const said =
      answer.headers.get('content-type') === 'application/json'
        ? JSON.parse(`${answer.body}`).message
        : `${answer.body}`
    expect(said).toMatch(reason)
    expect(taken).toEqual([])
    // and it goes on
    expect((await post('/v1/traces', '{}', json)).status).toBe(200)
  })

  it('another method with 405, and says which one it takes', async () => {
    const { status, headers } = await fetch(`${receiver.url}/v1/traces`)
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('POST')
  })

  it('in protobuf with a google.rpc.Status', async () => {
    const { headers, body } = await post('/v1/traces', 'hello', protobuf)
    expect(headers.get('content-type')).toBe('application/x-protobuf')
    expect(body[0]).toBe(2 * 8 + 2)
    expect(body[1]).toBe(body.length - 2)
  })

  it('a gzip bomb without unpacking all of it', () => {
    expect(gunzipSync(bomb).length).toBe(400 * MiB) // it is one
    expect(bytes).toEqual([])
  })
})

describe('the receiver of up goes on answering', () => {
  const broken = (start: string) =>
    new Promise<void>(resolve => {
      const socket = connect(receiver.port, '127.0.0.1', () => socket.write(start, () => socket.destroy()))
      socket.on('close', () => resolve())
    })

  it.each([
    ['a client that goes in the middle', 'content-type: application/json\r\ncontent-length: 100\r\n\r\n{'],
    [
      'one that goes in the middle of gzip',
      'content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 100\r\n\r\n\x1f',
    ],
    ['one that goes while it is refused', 'content-type: text/plain\r\ncontent-length: 100\r\n\r\n{'],
  ])('after %s', async (_, rest) => {
    await broken(`POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${rest}`)
    expect((await post('/v1/traces', '{}', json)).status).toBe(200)
    expect(taken).toHaveLength(1)
  })

  it('until close, which waits for requests at work and not for idle connections', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let arrived = () => {}
    const inside = new Promise<void>(resolve => {
      arrived = resolve
    })
    await post('/v1/logs', '{}', json) // leaves an idle connection
    handler = async () => {
      arrived()
      await held
      return undefined
    }
    const answer = post('/v1/traces', '{}', json)
    await inside
    let closed = false
    const closing = receiver.close().then(() => {
      closed = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(closed).toBe(false)
    release()
    expect((await answer).status).toBe(200)
    await closing
    receiver = await startReceiver({ onTraces: () => undefined, onMetrics: () => undefined, onLogs: () => undefined })
  })
})

it('the receiver of up says that its port is taken', async () => {
  const nothing = () => undefined
  await expect(
    startReceiver({ port: receiver.port, onTraces: nothing, onMetrics: nothing, onLogs: nothing }),
  ).rejects.toThrow(/EADDRINUSE/)
})

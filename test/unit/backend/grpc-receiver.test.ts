import { type ClientHttp2Session, connect } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Load } from '../../../src/backend/body'
import { startGrpcReceiver } from '../../../src/backend/grpc-receiver'
import type { Listening } from '../../../src/backend/listen'
import { startReceiver } from '../../../src/backend/receiver'
import type { Signal } from '../../../src/shared/config/otlp'
import { lookup, requests } from '../otlp/proto'

const MiB = 2 ** 20
let receiver: Listening
let client: ClientHttp2Session
let load: Load
let taken: [Signal, object][]
let answered: [Signal, number][]
let handler: () => Promise<{ rejected: number; message: string } | undefined>

const takers = () => {
  const take = (signal: Signal) => (request: object) => {
    taken.push([signal, request])
    return handler()
  }
  return { onTraces: take('traces'), onMetrics: take('metrics'), onLogs: take('logs') }
}

async function start(token?: string) {
  receiver = await startGrpcReceiver({
    port: 0,
    access: { host: '127.0.0.1', token },
    load,
    ...takers(),
    onAnswered: (...one) => answered.push(one),
  })
  client = connect(receiver.url, { maxSessionMemory: 1_000 })
}

beforeEach(async () => {
  taken = []
  answered = []
  handler = async () => undefined
  load = new Load()
  await start()
})
afterEach(async () => {
  client.destroy()
  await receiver.close()
})

const paths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
} as const

interface Answer {
  readonly http: number | undefined
  readonly status: string | undefined
  readonly message: string | undefined
  readonly details: Buffer
  readonly body: Buffer
}

/** @param end whether the client says that this is all */
function send(bytes: Buffer, { path = paths.traces as string, headers = {}, end = true } = {}): Promise<Answer> {
  const request = client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  return new Promise(resolve => {
    let first: Record<string, unknown> = {}
    let last: Record<string, unknown> = {}
    const chunks: Buffer[] = []
    request.on('response', headers => {
      first = headers
    })
    request.on('trailers', headers => {
      last = headers
    })
    request.on('data', chunk => chunks.push(chunk))
    request.on('error', () => {})
    request.on('close', () => {
      const all = { ...first, ...last } as Record<string, string | undefined>
      resolve({
        http: first[':status'] as number | undefined,
        status: all['grpc-status'],
        message: all['grpc-message'],
        details: Buffer.from(all['grpc-status-details-bin'] ?? '', 'base64'),
        body: Buffer.concat(chunks),
      })
    })
    request.write(bytes)
    if (end) request.end()
  })
}

function framed(message: Uint8Array, { flag = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5)
  prefix[0] = flag
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, message])
}

const span = { name: 'POST /chat', spanId: '0102030405060708' }
const document = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
const encoded = () =>
  requests.ExportTraceServiceRequest.encode({
    resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, spanId: Buffer.from(span.spanId, 'hex') }] }] }],
  }).finish()

describe('the gRPC receiver of up', () => {
  it('takes a message, packed or not, with the same result', async () => {
    const plain = await send(framed(encoded()))
    const packed = await send(framed(gzipSync(encoded()), { flag: 1 }), { headers: { 'grpc-encoding': 'gzip' } })
    for (const { http, status, body } of [plain, packed])
      expect({ http, status, body: [...body] }).toEqual({ http: 200, status: '0', body: [0, 0, 0, 0, 0] })
    expect(taken).toEqual([
      ['traces', document],
      ['traces', document],
    ])
  })

  it('takes each signal by its method, and counts it as HTTP counts it', async () => {
    for (const path of Object.values(paths)) expect((await send(framed(Buffer.alloc(0)), { path })).status).toBe('0')
    expect(taken.map(([signal]) => signal)).toEqual(['traces', 'metrics', 'logs'])
    expect(answered).toEqual([
      ['traces', 200],
      ['metrics', 200],
      ['logs', 200],
    ])
  })

  it('says what it did not store', async () => {
    handler = async () => ({ rejected: 3, message: 'no ids' })
    const { status, body } = await send(framed(encoded()))
    const response = lookup('trace.v1.ExportTraceServiceResponse')
    expect(status).toBe('0')
    expect(response.toObject(response.decode(body.subarray(5)), { longs: String })).toEqual({
      partialSuccess: { rejectedSpans: '3', errorMessage: 'no ids' },
    })
  })
})

describe('the gRPC receiver of up refuses with the status that clients know', () => {
  it.each([
    ['no message', Buffer.alloc(0), {}, '3'],
    ['half a prefix', Buffer.alloc(3), {}, '3'],
    ['a message that ends early', framed(Buffer.alloc(4), { length: 5 }), {}, '3'],
    ['two messages', Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]), {}, '3'],
    ['an unknown flag', framed(Buffer.alloc(0), { flag: 2 }), {}, '3'],
    ['no protobuf', framed(Buffer.from('garbage!')), {}, '3'],
    ['no gzip', framed(Buffer.from('garbage!'), { flag: 1 }), { 'grpc-encoding': 'gzip' }, '3'],
    ['another compression', framed(Buffer.from('x'), { flag: 1 }), { 'grpc-encoding': 'zstd' }, '12'],
    ['a bomb', framed(gzipSync(Buffer.alloc(64 * MiB)), { flag: 1 }), { 'grpc-encoding': 'gzip' }, '8'],
    ['another name', framed(Buffer.alloc(0)), { ':authority': 'evil.example' }, '7'],
  ] as const)('%s', async (_, bytes, headers, status) => {
    expect(await send(bytes, { headers })).toMatchObject({ http: 200, status })
    expect(taken).toEqual([])
    expect((await send(framed(encoded()))).status).toBe('0')
  })

  it('a method that is not here', async () => {
    const { status, message } = await send(framed(Buffer.alloc(0)), { path: '/grpc.health.v1.Health/Check' })
    expect({ status, message }).toEqual({ status: '12', message: expect.stringContaining(paths.logs) })
  })

  it('a size beyond the limit, before it has come', async () => {
    const { status, details } = await send(framed(Buffer.alloc(1), { length: 16 * MiB + 1 }), { end: false })
    expect(status).toBe('8')
    // no RetryInfo, so that nobody sends it again
    expect(details.toString()).not.toContain('RetryInfo')
  })

  it('what is no gRPC, by HTTP', async () => {
    const answer = await send(Buffer.from('{}'), { headers: { 'content-type': 'application/json' } })
    expect(answer).toMatchObject({ http: 415, status: undefined })
  })

  it('a store that failed, with a status that clients retry', async () => {
    handler = () => Promise.reject(new Error('Out of Memory Error: füll %'))
    const { status, message } = await send(framed(encoded()))
    expect(status).toBe('14')
    expect(message).toMatch(/^not stored: [ -~]+$/)
    expect(answered).toEqual([['traces', 503]])
  })

  it('who brings no token', async () => {
    client.destroy()
    await receiver.close()
    await start('secret')
    const [none, wrong, right] = await Promise.all(
      [{}, { authorization: 'Bearer wrong' }, { authorization: 'Bearer secret' }].map(headers =>
        send(framed(encoded()), { headers }),
      ),
    )
    expect([none?.status, wrong?.status, right?.status]).toEqual(['16', '16', '0'])
    expect(taken).toHaveLength(1)
  })
})

describe('what hostile clients of gRPC hold is bound', () => {
  it('over gRPC and HTTP together: who comes too much is told when to come again', async () => {
    const http = await startReceiver({ ...takers(), load })
    const hold = () => send(framed(Buffer.alloc(MiB), { length: 15 * MiB }), { end: false })
    const refused: Answer[] = []
    for (let i = 0; i < 80; i++) hold().then(answer => refused.push(answer))
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(70)
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(['8']))
    const status = lookupStatus(refused[0]!.details)
    expect(status).toEqual({ code: 8, type: 'type.googleapis.com/google.rpc.RetryInfo', seconds: 1 })
    // three large ones are at work over gRPC, and small ones still come through, by both ways
    expect((await send(framed(encoded()))).status).toBe('0')
    const headers = { 'content-type': 'application/x-protobuf' }
    const small = await fetch(`${http.url}/v1/traces`, { method: 'POST', headers, body: Buffer.from(encoded()) })
    expect(small.status).toBe(200)
    client.destroy()
    await http.close()
  })

  it('a client that goes in the middle gives its room back', async () => {
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 3; i++) send(framed(Buffer.alloc(MiB), { length: 15 * MiB }), { end: false })
      await new Promise(resolve => setTimeout(resolve, 100))
      client.destroy()
      client = connect(receiver.url, { maxSessionMemory: 1_000 })
    }
    const large = Buffer.concat([Buffer.from([122, 0x80, 0x80, 0x80, 6]), Buffer.alloc(12 * MiB)])
    expect((await send(framed(large))).status).toBe('0')
  })

  it('bytes that are no HTTP/2 end their connection alone', async () => {
    for (const bytes of [
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\n\r\n',
      '\0'.repeat(1_000),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff',
    ])
      await new Promise<void>(resolve => {
        const socket = connectTcp(receiver.port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
        socket.on('error', () => {}).on('close', () => resolve())
        socket.resume()
      })
    expect((await send(framed(encoded()))).status).toBe('0')
  })
})

/** google.rpc.Status with one detail, which holds a Duration of whole seconds. */
function lookupStatus(bytes: Buffer) {
  const text = bytes.toString('latin1')
  const type = /type\.googleapis\.com\/[\w.]+/.exec(text)?.[0]
  return { code: bytes[1], type, seconds: bytes.at(-1) }
}

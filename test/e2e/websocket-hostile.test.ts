// WebSockets of which nothing good comes: the app and its server see each byte as without us, and we say nothing.
import { createHash } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { startWebSocketModels } from '../support/websocket-models'

/** Frames as they are: `ws` would not send most of them. */
const frame = (first: number, payload: string | Buffer): Buffer => {
  const bytes = Buffer.from(payload)
  const head = Buffer.alloc(10)
  head[0] = first
  head[1] = 127
  head.writeBigUInt64BE(BigInt(bytes.length), 2)
  return Buffer.concat([head, bytes])
}
const created = JSON.stringify({ type: 'response.created', response: { id: 'resp_1' } })
const hostile: Record<string, Buffer[]> = {
  'a document of twenty megabytes': [
    frame(0x81, JSON.stringify({ type: 'response.completed', response: { output: 'x'.repeat(20_000_000) } })),
  ],
  'a document of a million parts': [
    frame(0x81, `{"type":"response.completed","response":{"output":[${'{},'.repeat(1_000_000)}{}]}}`),
  ],
  'a deep document': [
    frame(0x81, `{"type":"response.completed","response":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
  ],
  'places out of reach': [
    frame(0x81, created),
    frame(0x81, JSON.stringify({ type: 'response.output_item.added', output_index: 2 ** 52, item: {} })),
    frame(
      0x81,
      JSON.stringify({ type: 'response.output_text.delta', output_index: 4e9, content_index: 4e9, delta: 'x' }),
    ),
  ],
  'names of prototypes': [
    frame(0x81, '{"type":"__proto__","stream_id":"constructor","response":{"__proto__":{"id":1}}}'),
  ],
  'other types': [
    frame(0x81, '{"type":{"a":1},"response":7,"item":[],"error":true}'),
    frame(0x81, '[1]'),
    frame(0x81, 'null'),
  ],
  'no JSON': [frame(0x81, 'hello'), frame(0x81, '{"type":'), frame(0x82, Buffer.from([0, 1, 2, 255]))],
  'a message in a thousand fragments': [
    frame(0x01, '{"type":"response.completed","response":{"id":"'),
    ...Array(1000).fill(frame(0x00, 'x')),
    frame(0x80, '"}}'),
  ],
  'frames that break the protocol': [frame(0xf1, '{}'), frame(0x80, '{}')],
}

const server = http.createServer()
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => {})
  socket.once('data', () => {
    for (const bytes of hostile[decodeURIComponent(request.url!.split('?case=')[1]!)]!) socket.write(bytes)
    socket.end(frame(0x88, Buffer.from([0x03, 0xe8])))
  })
})
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
const models = await startWebSocketModels()
afterAll(() => Promise.all([models.close(), server.close()]))

const app = `
  const { createHash } = require('node:crypto')
  const { WebSocket } = require('ws')
  async function one(path) {
    const socket = new WebSocket(process.env.URL + path)
    const seen = []
    socket.on('error', error => seen.push(error.code))
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', input: 'hi' }))
      socket.send('x'.repeat(3_000_000))
    })
    socket.on('message', (data, isBinary) => seen.push(createHash('sha1').update(data).digest('hex'), isBinary))
    await new Promise(resolve => socket.on('close', code => resolve(seen.push(code))))
    console.log(path, createHash('sha1').update(seen.join()).digest('hex'), seen.length)
  }
  async function main() {
    for (const name of JSON.parse(process.env.CASES)) await one('/v1/responses?case=' + encodeURIComponent(name))
  }
  main()`

it.each([['off'], ['redacted']])(
  'with content %s, what a server sends breaks the app, or is told as a failure of ours',
  async AFN_CAPTURE_CONTENT => {
    const folder = makeApp({ files: { 'app.cjs': app }, modules: { ws: 'ws' } })
    const env = {
      URL: url,
      CASES: JSON.stringify(Object.keys(hostile)),
      AFN_CAPTURE_CONTENT,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    }
    const bare = await run(folder, ['app.cjs'], { env })
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(bare.stdout.trim().split('\n')).toHaveLength(Object.keys(hostile).length)
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(preloaded.stdout).toBe(bare.stdout)
    expect(preloaded.code).toBe(0)
    // Of what breaks the protocol the app's own client says as much.
    expect(preloaded.stderr.split('\n').filter(line => line && !line.includes('breaks the protocol'))).toEqual([])
  },
)

const sessions = `
  const { WebSocket } = require('ws')
  const open = path => new Promise(resolve => {
    const socket = new WebSocket(process.env.URL + path)
    socket.on('error', error => resolve(error.message))
    socket.on('open', () => resolve(socket))
  })
  async function main() {
    console.log(await open('/refused/v1/realtime'))
    const other = await open('/chat/realtime?echo')
    other.send(JSON.stringify({ event: 'phx_join', topic: 'room' }))
    await new Promise(resolve => setTimeout(resolve, 50))
    other.close()
    const unread = await open('/v1/responses')
    unread.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', input: 'close' }))
    await new Promise(resolve => unread.on('close', resolve))
    const last = await open('/v1/responses')
    last.send(JSON.stringify({ type: 'response.create', model: 'gpt-5', input: 'never answered' }))
    await new Promise(resolve => last.once('message', resolve))
    process.exit(0)
  }
  main()`

it('a refusal, a WebSocket of something else, or an answer at the end of the process is told wrongly', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': sessions }, modules: { ws: 'ws' } })
  const env = { URL: models.url, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const ended = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
  expect(ended).toMatchObject({ code: 0, stdout: 'Unexpected server response: 401\n', stderr: '' })
  // what the process left behind is sent by the next
  await run(folder, ['--require', '@afn/otel', '-e', 'setTimeout(() => {}, 1500)'], { env })
  await receiver.close()
  const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')
  const told = spans.map(({ name, status, attributes }) => [
    name,
    status.code ?? 0,
    attributes['error.type'],
    attributes['afn.llm.session.close_code'],
  ])
  expect(told.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    ['chat gpt-5', 0, undefined, undefined],
    ['chat gpt-5', 2, '1011', undefined],
    ['websocket responses', 0, undefined, undefined],
    ['websocket responses', 2, '1011', 1011],
  ])
})

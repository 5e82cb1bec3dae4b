// What becomes of a redaction that Tempo does not take. That a real one takes it is shown by test/tempo/gdpr.test.ts.
import { createServer, type Http2Server, type OutgoingHttpHeaders, type ServerHttp2Session } from 'node:http2'
import { afterEach, expect, it } from 'vitest'
import { redactTraces } from '../../../src/operations/gdpr/stores/tempo-redaction'
import { listen } from '../../support/ports'

let server: Http2Server | undefined
const sessions = new Set<ServerHttp2Session>()
afterEach(async () => {
  for (const session of sessions) session.destroy()
  sessions.clear()
  await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

interface Received {
  readonly headers: Record<string, unknown>
  readonly body: Buffer
}

/** @param trailers undefined for an answer that has its status in the headers alone, as a refusal may */
async function start(head: OutgoingHttpHeaders, trailers?: OutgoingHttpHeaders) {
  const received: Received[] = []
  const http2 = createServer()
  server = http2
  http2.on('session', session => sessions.add(session))
  http2.on('stream', (stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      received.push({ headers, body: Buffer.concat(chunks) })
      if (trailers === undefined) return stream.respond(head, { endStream: true })
      stream.respond(head, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers(trailers))
      return stream.end(Buffer.alloc(5))
    })
  })
  const address = `127.0.0.1:${await listen(http2 as never)}`
  const redact = (traceIds = ['ab'.repeat(16)], credentials = '') =>
    redactTraces(
      { name: 'Tempo', url: `http://${credentials}${address}`, setBy: 'AFN_TEMPO_GRPC_URL' },
      'afn-errors',
      traceIds,
      AbortSignal.timeout(30_000),
    )
  return { redact, received }
}

const ok = { ':status': 200, 'content-type': 'application/grpc' }

it('sends the tenant as a header for Tempo 3.1 and as a field for 3.0, and the ids as bytes', async () => {
  const { redact, received } = await start(ok, { 'grpc-status': '0' })
  await redact(['ab'.repeat(16), 'cd'.repeat(16)], 'user:secret@')
  expect(received[0]!.headers).toMatchObject({
    ':path': '/tempopb.BackendScheduler/SubmitRedaction',
    'x-scope-orgid': 'afn-errors',
    authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
  })
  const message = Buffer.concat([
    Buffer.from('0a0a', 'hex'),
    Buffer.from('afn-errors'),
    Buffer.from(`1210${'ab'.repeat(16)}1210${'cd'.repeat(16)}`, 'hex'),
  ])
  expect(received[0]!.body.toString('hex')).toBe(`00000000${message.length.toString(16)}${message.toString('hex')}`)
})

it('takes a tenant without blocks for done, since there is nothing to rewrite', async () => {
  const { redact } = await start({ ...ok, 'grpc-status': '5', 'grpc-message': 'no blocks found for tenant' })
  await expect(redact()).resolves.toBeUndefined()
})

it('is an error while another redaction is under way: it may be that of another person', async () => {
  const { redact } = await start(ok, { 'grpc-status': '6', 'grpc-message': 'a redaction is already in progress' })
  await expect(redact()).rejects.toThrow('it runs one at a time')
})

it.each([
  ['12', '', 'this requires Tempo 3.0'],
  ['9', 'compaction is disabled for this tenant', 'gRPC status 9): compaction is disabled for this tenant'],
  ['13', '50%25 %F0%9F%92%A9', '50% \u{1f4a9}'],
  ['13', 'not % encoded', 'not % encoded'],
])('says why Tempo refuses: status %s, %s', async (status, message, said) => {
  const { redact } = await start(ok, { 'grpc-status': status, 'grpc-message': message })
  await expect(redact()).rejects.toThrow(said)
})

it('says that something else answers, or nobody, and shows no password', async () => {
  const { redact } = await start({ ':status': 404 }, {})
  const error = await redact(undefined, 'user:secret@').catch((one: Error) => one)
  expect(String(error)).toMatch(/HTTP 404 without a gRPC status.*AFN_TEMPO_GRPC_URL/)
  expect(String(error)).not.toContain('secret')
  await expect(
    redactTraces({ name: 'Tempo', url: 'http://127.0.0.1:9', setBy: 'x' }, 't', [], AbortSignal.timeout(30_000)),
  ).rejects.toThrow('ECONNREFUSED')
})

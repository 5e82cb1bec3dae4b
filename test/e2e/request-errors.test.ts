// What the span of a served request says of an exception that its handler throws, and that nobody has caught.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { makeApp } from '../support/packed'
import { type ReceivedLog, type ReceivedSpan, startReceiver } from '../support/receiver'
import { type Run, run } from '../support/run'
import { startUp } from '../support/up'

const certificates = makeCertificates()
afterAll(() => certificates.remove())

/** A server that is asked once. @param more runs before it listens */
const app = (handler: string, more = '', scheme = 'http') => `
  const fs = require('node:fs')
  const http = require('${scheme}')
  const options = { cert: ${scheme === 'https'} && fs.readFileSync(process.env.CERT), key: ${scheme === 'https'} && fs.readFileSync(process.env.KEY) }
  async function handle(request, response) {}
  const server = http.createServer(options, ${handler})
  ${more}
  server.listen(0, '127.0.0.1', () => {
    const done = () => server.close()
    http.get({ port: server.address().port, host: '127.0.0.1', path: '/a', agent: false }, answer => answer.resume().on('end', done)).on('error', done)
  })`
/** The app lives on, and answers. */
const livesOn = `let answer = () => {}
  process.on('uncaughtException', error => {
    console.log(error === undefined ? 'undefined' : String(error))
    answer()
  })`
const thrown = `throw new TypeError('no tenant of ann@example.com')`

interface Seen extends Run {
  readonly span: ReceivedSpan
  readonly logs: readonly ReceivedLog[]
  /** `error.type` and status of the one point. */
  readonly series: readonly unknown[]
}

async function seen(source: string, env: Record<string, string> = {}, again?: string): Promise<Seen> {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': source, 'again.cjs': again ?? '' } })
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, NODE_EXTRA_CA_CERTS: certificates.ca, CERT: certificates.server.cert, KEY: certificates.server.key, ...env } // biome-ignore format: one line
  const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: all })
  if (again) {
    await run(folder, ['--require', '@afn/otel', 'again.cjs'], { env: all })
    await receiver.until(({ spans }) => spans().length > 0)
  }
  const [span, ...others] = receiver.spans().filter(({ kind }) => kind === 2)
  expect(others).toEqual([])
  const points = receiver.points('http.server.request.duration')
  const series = points.map(({ attributes }) => [attributes['error.type'], attributes['http.response.status_code']])
  const logs = receiver.logs()
  await receiver.close()
  return { ...result, span: span!, logs, series: series[0] ?? [] }
}

const exceptions = ({ events }: ReceivedSpan) =>
  events.map(({ name, attributes }) => [name, attributes['exception.type'], attributes['exception.message']])
const stackOf = ({ events }: ReceivedSpan) => String(events[0]?.attributes['exception.stacktrace'])

describe('an exception that a handler throws', () => {
  it.each(['http', 'https'])('is on the span of the request, redacted, with its place: %s', async scheme => {
    const { span, logs, series, stdout } = await seen(
      app(`(_, response) => { answer = () => response.writeHead(500).end(); ${thrown} }`, livesOn, scheme),
    )
    expect(stdout).toBe('TypeError: no tenant of ann@example.com\n')
    expect(span.attributes['error.type']).toBe('TypeError')
    expect(span.status).toEqual({ code: 2, message: 'no tenant of [EMAIL]' })
    expect(exceptions(span)).toEqual([['exception', 'TypeError', 'no tenant of [EMAIL]']])
    expect(stackOf(span)).toMatch(/^TypeError: no tenant of \[EMAIL\]\n {4}at .*app\.cjs:\d+:\d+/)
    expect(series).toEqual(['TypeError', undefined])
    // the record of the exception belongs to the request
    expect(logs.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([[span.traceId, span.spanId]])
  })

  it.each([
    ['undefined', [['exception', undefined, 'undefined']]],
    [`'a text'`, [['exception', undefined, 'a text']]],
  ])('need not be an error: %s', async (value, events) => {
    const { span, stdout } = await seen(app(`(_, r) => { answer = () => r.end(); throw ${value} }`, livesOn))
    expect(stdout).toBe(`${value.replaceAll("'", '')}\n`)
    expect(span.attributes['error.type']).toBe('_OTHER')
    expect(span.status.code).toBe(2)
    expect(exceptions(span)).toEqual(events)
  })

  it('is on both spans of a request that was handed on to another server', async () => {
    const receiver = await startReceiver()
    const source = app(
      `(q, r) => inner.emit('request', q, r)`,
      `${livesOn}
       const inner = http.createServer((_, response) => { answer = () => response.end(); ${thrown} })`,
    )
    await run(makeApp({ files: { 'app.cjs': source } }), ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    const spans = receiver.spans().filter(({ kind }) => kind === 2)
    await receiver.close()
    expect(spans.flatMap(exceptions).map(([, type]) => type)).toEqual(['TypeError', 'TypeError'])
  })

  it('is not known where the app has caught it, and nothing is made up', async () => {
    const { span, series } = await seen(
      app(
        `() => { ${thrown} }`,
        `const { emit } = server
         server.emit = function (event, _, response) {
           try {
             return Reflect.apply(emit, this, arguments)
           } catch {
             response.writeHead(503).end()
           }
         }`,
      ),
    )
    expect(span.attributes['error.type']).toBe('_OTHER')
    expect(span.status).toEqual({ code: 2, message: '' })
    expect(span.events).toEqual([])
    expect(series).toEqual(['_OTHER', undefined])
  })

  it('of another part of the app is not that of a request whose exception the app has caught', async () => {
    const { span } = await seen(
      app(
        `() => { ${thrown} }`,
        `${livesOn}
         const { emit } = server
         server.emit = function (event, _, response) {
           try {
             return Reflect.apply(emit, this, arguments)
           } catch {
             setImmediate(() => { throw new RangeError('of another part') })
             response.end()
           }
         }`,
      ),
    )
    expect(span.events).toEqual([])
  })
})

it('the view of errors has one group for it, with type, message and place: in the handler, and after it', async () => {
  const up = await startUp()
  const handlers = [`(_, response) => { answer = () => response.writeHead(500).end(); ${thrown} }`, `async (_, response) => { answer = () => response.writeHead(500).end(); await 0; throw new RangeError('of a tenant') }`] // biome-ignore format: one line
  for (const handler of handlers)
    await run(makeApp({ files: { 'app.cjs': app(handler, livesOn) } }), ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: up.otlp },
    })
  const { groups } = (await (await fetch(`${up.url}/api/afn/errors`)).json()) as { groups: { type: string }[] }
  await up.stop()
  const place = expect.stringMatching(/app\.cjs/)
  const alike = (message: string) => ({ message, count: 1, frames: expect.arrayContaining([place]) })
  expect(groups).toHaveLength(2)
  expect(groups.find(({ type }) => type === 'TypeError')).toMatchObject(alike('no tenant of [EMAIL]'))
  expect(groups.find(({ type }) => type === 'RangeError')).toMatchObject(alike('of a tenant'))
})

describe('an exception that comes later', () => {
  it.each([
    [
      'a rejection of the handler',
      `async (_, response) => { answer = () => response.writeHead(500).end(); await 0; ${thrown} }`,
    ],
    ['a timer', `(_, response) => { answer = () => response.writeHead(500).end(); setTimeout(() => { ${thrown} }) }`],
    [
      'a listener',
      `(request, response) => { answer = () => response.writeHead(500).end(); request.resume().on('end', () => { ${thrown} }) }`,
    ],
  ])('is on the span of the request that it comes out of, when the answer says 500: %s', async (_, handler) => {
    const { span, series, logs } = await seen(app(handler, livesOn))
    expect(span.attributes).toMatchObject({ 'error.type': 'TypeError', 'http.response.status_code': 500 })
    expect(span.status).toEqual({ code: 2, message: 'no tenant of [EMAIL]' })
    expect(exceptions(span)).toEqual([['exception', 'TypeError', 'no tenant of [EMAIL]']])
    // sums over services of stock OpenTelemetry hold
    expect(series).toEqual(['500', 500])
    expect(logs.map(({ spanId }) => spanId)).toEqual([span.spanId])
  })

  it('is not on the span of a request that was answered', async () => {
    const handler = `async (_, response) => { response.end('done'); await 0; ${thrown} }`
    const { span, stdout } = await seen(app(handler, livesOn))
    expect(stdout).toContain('no tenant')
    expect(span.status.code).toBe(0)
    expect(span.events).toEqual([])
  })

  it.each([
    ['throws', `() => { ${thrown} }`],
    ['rejects', `async () => { await 0; ${thrown} }`],
  ])('and ends the process leaves with the span of its request by the spool: the handler %s', async (_, handler) => {
    const spool = mkdtempSync(path.join(tmpdir(), 'afn-spool-'))
    const { span, code, stderr } = await seen(app(handler), { AFN_SPOOL_DIR: spool }, `setTimeout(() => {}, 2500)`)
    expect(code).toBe(1)
    expect(stderr).toContain(thrown)
    expect(exceptions(span)).toEqual([['exception', 'TypeError', 'no tenant of [EMAIL]']])
  })
})

describe('a request that Node refuses to make', () => {
  const source = `
    const http = require('node:http')
    const refused = make => { try { make() } catch (error) { console.log(error.code) } }
    refused(() => http.request({ headers: { 'bad name': 1 } }))
    refused(() => http.get('http://nobody/', { method: 'A B' }))`

  it('is a span that says what Node said', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': source } })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const { stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    const spans = receiver.spans()
    await receiver.close()
    expect([stdout, stderr]).toEqual(['ERR_INVALID_HTTP_TOKEN\nERR_INVALID_HTTP_TOKEN\n', ''])
    expect(spans.map(({ attributes, status }) => [attributes['error.type'], status.message])).toEqual([
      ['TypeError', 'Header name must be a valid HTTP token ["bad name"]'],
      ['TypeError', 'Method must be a valid HTTP token ["A B"]'],
    ])
  })

  it('and that ends the process has no line of ours above its stack', async () => {
    const folder = makeApp({ files: { 'app.cjs': `require('http').request({ headers: { 'bad name': 1 } })` } })
    const { code, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_SDK_DISABLED: '' },
    })
    expect(code).toBe(1)
    expect(stderr.split('\n    at ', 1)[0]).toBe(
      'TypeError [ERR_INVALID_HTTP_TOKEN]: Header name must be a valid HTTP token ["bad name"]',
    )
  })
})

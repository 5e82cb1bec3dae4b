// Servers of HTTP/2: each stream is one span of a server, in its caller's trace, whichever of Node's two APIs serves it.
import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { makeCertificates } from '../health/certificates'
import { makeApp } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const certificates = makeCertificates()
afterAll(() => certificates.remove())
const { key, cert } = certificates.server
const PAIR = JSON.stringify({ key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') })

/** Requests `/users/7?q=1`, `/failed` and `/left`, one after the other, and prints what came. */
const call = `
  const session = http2.connect(base, { rejectUnauthorized: false })
  for (const path of ['/users/7?q=1', '/failed', '/left']) {
    const stream = session.request({ ':path': path, ':method': 'POST', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
    let text = ''
    stream.on('response', headers => { text += headers[':status'] }).on('data', data => { text += ' ' + data })
    if (path === '/left') setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 200)
    stream.on('error', () => {}).end('body')
    await new Promise(resolve => stream.once('close', resolve))
    console.log(path, text)
  }
  session.close()`

const bare = {
  serve: `const server = http2.createServer().on('stream', (stream, headers) => {
      if (headers[':path'] === '/left') return
      stream.on('data', () => {}).on('end', () => {
        stream.respond({ ':status': headers[':path'] === '/failed' ? 503 : 200 })
        stream.end(trace.getActiveSpan() ? 'within' : 'without')
      })
    })`,
  stop: 'server.close()',
}
const asHttp1 = (create: string) => ({
  serve: `const server = ${create}.on('request', async (request, response) => {
      if (request.url === '/left') return
      for await (const _ of request);
      response.writeHead(request.url === '/failed' ? 503 : 200).end(trace.getActiveSpan() ? 'within' : 'without')
    })`,
  stop: 'server.close()',
})
const listen = (scheme: string) => `await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = '${scheme}://127.0.0.1:' + server.address().port`
const fastify = {
  serve: `const app = fastify({ http2: true })
    app.post('/users/:id', async () => trace.getActiveSpan() ? 'within' : 'without')
    app.post('/failed', (request, reply) => reply.code(503).send(trace.getActiveSpan() ? 'within' : 'without'))
    app.post('/left', () => new Promise(() => {}))
    app.addContentTypeParser('*', (request, payload, done) => payload.resume().on('end', () => done(null)))
    const base = await app.listen({ port: 0, host: '127.0.0.1' })`,
  stop: 'await app.close()',
}

const servers: [string, { serve: string; stop: string }, string][] = [
  ['streams', { ...bare, serve: `${bare.serve}\n${listen('http')}` }, 'http'],
  [
    'the API of HTTP/1',
    { ...asHttp1('x'), serve: `${asHttp1('http2.createServer()').serve}\n${listen('http')}` },
    'http',
  ],
  ['TLS', { ...bare, serve: `${asHttp1(`http2.createSecureServer(${PAIR})`).serve}\n${listen('https')}` }, 'https'],
  ['Fastify', fastify, 'http'],
]

function sources({ serve, stop }: { serve: string; stop: string }, isFastify: boolean): Record<string, string> {
  const imports = ['http2 from node:http2', ...(isFastify ? ['fastify from fastify'] : [])].map(text =>
    text.split(' from '),
  )
  const body = `${serve}\n${call}\n${stop}`
  return {
    'app.mjs': `import { trace } from '@opentelemetry/api'\n${imports.map(([name, from]) => `import ${name} from '${from}'`).join('\n')}\n${body}`,
    'app.cjs': `const { trace } = require('@opentelemetry/api')\n${imports.map(([name, from]) => `const ${name} = require('${from}')`).join('\n')}\n;(async () => {${body}\n})()`,
  }
}

it.each(
  servers.flatMap(([name, server, scheme]) =>
    ['app.cjs', 'app.mjs'].map(file => [name, file, server, scheme] as const),
  ),
)(
  'a request over HTTP/2 has no span of a server, two, or one outside of its trace: %s, %s',
  async (name, file, server, scheme) => {
    const receiver = await startReceiver()
    const folder = makeApp({
      files: sources(server, name === 'Fastify'),
      modules: { '@opentelemetry/api': '@opentelemetry/api', ...(name === 'Fastify' && { fastify: 'fastify' }) },
    })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect(await run(folder, ['--require', '@afn/otel', file], { env })).toEqual({
      code: 0,
      signal: null,
      stdout: '/users/7?q=1 200 within\n/failed 503 within\n/left \n',
      stderr: '',
    })
    const order = ['/users/7', '/failed', '/left']
    const at = (span: ReceivedSpan) => order.indexOf(String(span.attributes['url.path']))
    const spans = receiver.spans().filter(({ kind }) => kind === 2)
    spans.sort((a, b) => at(a) - at(b))
    const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' }
    const common = {
      'http.request.method': 'POST',
      'url.scheme': scheme,
      'network.protocol.version': '2',
      'server.address': '127.0.0.1',
    }
    expect(spans).toMatchObject([
      {
        ...parent,
        attributes: { ...common, 'url.path': '/users/7', 'url.query': 'q=1', 'http.response.status_code': 200 },
      },
      {
        ...parent,
        attributes: { ...common, 'url.path': '/failed', 'http.response.status_code': 503, 'error.type': '503' },
      },
      { ...parent, attributes: { ...common, 'url.path': '/left' } },
    ])
    expect(spans[2]!.attributes).not.toHaveProperty('http.response.status_code')
    if (name === 'Fastify') expect(spans[0]!.name).toBe('POST /users/:id')
    expect(receiver.metricNames()).toContain('http.server.request.duration')
    await receiver.close()
  },
)

it('a request of HTTP/1 to a server of HTTP/2 has no span, or a throwing handler ends the app differently', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: {
      'app.cjs': `const http2 = require('http2')
        const server = http2.createSecureServer({ allowHTTP1: true, ...${PAIR} }, (request, response) => {
          if (request.url === '/thrown') throw new RangeError('out of stock')
          response.end(request.httpVersion)
        })
        server.listen(0, '127.0.0.1', () => {
          const get = (path, then) => require('https').get({ port: server.address().port, host: '127.0.0.1', path, rejectUnauthorized: false }, then)
          get('/', response => response.on('data', data => console.log(String(data))).on('end', () => {
            const session = http2.connect('https://127.0.0.1:' + server.address().port, { rejectUnauthorized: false })
            session.request({ ':path': '/thrown' }).end()
          }))
        })`,
    },
  })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const [ours, theirs] = [
    await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env }),
    await run(folder, ['app.cjs'], { env }),
  ]
  expect({ code: ours.code, stdout: ours.stdout }).toEqual({ code: theirs.code, stdout: '1.1\n' })
  expect(ours.stderr).toContain('RangeError: out of stock')
  const version = (span: ReceivedSpan) => Number(span.attributes['network.protocol.version'])
  const spans = receiver.spans().filter(({ kind }) => kind === 2)
  expect(spans.sort((a, b) => version(a) - version(b))).toMatchObject([
    { attributes: { 'network.protocol.version': '1.1', 'url.scheme': 'https', 'http.response.status_code': 200 } },
    { attributes: { 'network.protocol.version': '2', 'url.path': '/thrown', 'error.type': 'RangeError' } },
  ])
  await receiver.close()
})

it('a call to a server of @grpc/grpc-js has a span of HTTP beside that of RPC', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: {
      'app.cjs': `const grpc = require('@grpc/grpc-js')
        const text = { requestStream: false, responseStream: false, requestSerialize: Buffer.from, requestDeserialize: String, responseSerialize: Buffer.from, responseDeserialize: String }
        const service = { say: { path: '/echo.Echo/Say', ...text } }
        const server = new grpc.Server()
        server.addService(service, { say: (call, done) => done(null, call.request + '!') })
        server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
          const Client = grpc.makeGenericClientConstructor(service, 'Echo')
          const client = new Client('127.0.0.1:' + port, grpc.credentials.createInsecure())
          client.say('hi', (error, answer) => {
            console.log(answer)
            client.close()
            server.tryShutdown(() => {})
          })
        })`,
    },
    modules: { '@grpc/grpc-js': '@grpc/grpc-js' },
  })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toMatchObject({
    code: 0,
    stdout: 'hi!\n',
    stderr: '',
  })
  const [client, server, ...more] = receiver.spans().sort((a, b) => b.kind - a.kind)
  expect(more).toEqual([])
  expect(client).toMatchObject({ kind: 3, scope: '@opentelemetry/instrumentation-grpc' })
  expect(server).toMatchObject({ kind: 2, scope: '@opentelemetry/instrumentation-grpc', parentSpanId: client!.spanId })
  await receiver.close()
})

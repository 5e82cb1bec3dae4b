// A web framework, preloaded in both module systems: one span a request with the route as its name, joined to the caller's
// span, and nothing else changed.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

/** Starts a server on a free port, requests `/users/7?q=1` and an unknown path, and ends. */
const call = `
  const base = 'http://127.0.0.1:' + port
  console.log(await (await fetch(base + '/users/7?q=1')).text())
  console.log((await fetch(base + '/nowhere')).status)`

interface Framework {
  modules: string[]
  imports: string
  serve: string
  stop: string
}

const frameworks: Record<string, Framework> = {
  express: {
    modules: ['express'],
    imports: `import express from 'express'`,
    serve: `const app = express()
      app.use((request, response, next) => next())
      const users = express.Router()
      users.get('/:id', (request, response) => response.send('user ' + request.params.id))
      app.use('/users', users)
      const server = app.listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      const { port } = server.address()`,
    stop: 'server.close(); server.closeAllConnections()',
  },
  fastify: {
    modules: ['fastify'],
    imports: `import fastify from 'fastify'`,
    serve: `const app = fastify()
      app.get('/users/:id', async request => 'user ' + request.params.id)
      await app.listen({ port: 0, host: '127.0.0.1' })
      const { port } = app.server.address()`,
    stop: 'app.server.closeAllConnections(); await app.close()',
  },
  hono: {
    modules: ['hono', '@hono/node-server'],
    imports: `import { Hono } from 'hono'\nimport { serve } from '@hono/node-server'`,
    serve: `const app = new Hono()
      app.use(async (c, next) => next())
      const users = new Hono().get('/:id', c => c.text('user ' + c.req.param('id')))
      app.route('/users', users)
      const { server, port } = await new Promise(resolve => {
        const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => resolve({ server, port: info.port }))
      })`,
    stop: 'server.close(); server.closeAllConnections()',
  },
  koa: {
    modules: ['koa'],
    imports: `import Koa from 'koa'`,
    serve: `const app = new Koa()
      app.use(ctx => { if (ctx.path.startsWith('/users/')) ctx.body = 'user ' + ctx.path.slice(7) })
      const server = app.listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      const { port } = server.address()`,
    stop: 'server.close(); server.closeAllConnections()',
  },
}

function sources({ imports, serve, stop }: Framework): Record<string, string> {
  const body = `${serve}\n${call}\n${stop}`
  const requires = imports.replace(/import (.+) from ('.+')/g, 'const $1 = require($2)')
  return { 'app.mjs': `${imports}\n${body}`, 'app.cjs': `${requires}\n;(async () => {${body}\n})()` }
}

const loadings: [string, string[]][] = [
  ['--require, CommonJS', ['--require', '@afn/otel', 'app.cjs']],
  ['--import, CommonJS', ['--import', '@afn/otel', 'app.cjs']],
  ['--import, ES modules', ['--import', '@afn/otel', 'app.mjs']],
  ['--require, ES modules', ['--require', '@afn/otel', 'app.mjs']],
]

describe.each(Object.entries(frameworks))('%s', (name, framework) => {
  it.each(loadings)('%s', async (_, args) => {
    const receiver = await startReceiver()
    const folder = makeApp({
      files: sources(framework),
      modules: Object.fromEntries(framework.modules.map(module => [module, module])),
    })
    const result = await run(folder, args, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'user 7\n404\n', stderr: '' })

    const spans = receiver.spans()
    const servers = spans.filter(span => span.kind === 2 && span.scope === '@opentelemetry/instrumentation-http')
    const clients = spans.filter(span => span.kind === 3)
    expect(clients.map(span => span.scope)).toEqual([
      '@opentelemetry/instrumentation-undici',
      '@opentelemetry/instrumentation-undici',
    ])
    const [found, missing] = servers
    expect(found).toMatchObject({ parentSpanId: clients[0]?.spanId, traceId: clients[0]?.traceId })
    expect(found?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.path': '/users/7',
    })
    if (name !== 'koa')
      expect(found).toMatchObject({ name: 'GET /users/:id', attributes: { 'http.route': '/users/:id' } })
    expect(missing?.attributes['http.response.status_code']).toBe(404)
    expect(found?.resource).toMatchObject({
      'service.name': 'fixture-app',
      'service.version': '1.2.3',
      'telemetry.distro.name': '@afn/otel',
    })
    if (name !== 'fastify') expect(spans.filter(span => span.kind === 1)).toEqual([])
    expect(receiver.metricNames()).toEqual(
      expect.arrayContaining(['http.server.request.duration', 'http.client.request.duration']),
    )
    await receiver.close()
  })
})

it.each(['express', 'fastify', 'hono'])(
  'in %s an LLM span has the name of its request, with the route, before that has ended',
  async name => {
    const { modules, imports, serve, stop } = frameworks[name] as Framework
    const receiver = await startReceiver()
    const handler = serve.replace("'user '", "withTool('look up', () => 'user ')")
    const app = `${imports}\nimport { withTool } from '@afn/otel/api'\n${handler}\n${call}\n${stop}`
    const folder = makeApp({
      files: { 'app.mjs': app },
      modules: Object.fromEntries(modules.map(module => [module, module])),
    })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect(await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })).toMatchObject({ code: 0, stderr: '' })
    const traceName = (span: string) =>
      receiver.spans().find(one => one.name === span)?.attributes['langfuse.trace.name']
    expect(traceName('execute_tool look up')).toBe('GET /users/:id')
    // what calls the server is in the same process here, and above it
    const [top] = receiver.spans().filter(one => one.attributes['afn.llm.local_root'])
    expect(traceName(top!.name)).toBe('GET /users/:id')
    await receiver.close()
  },
)

it('AFN_MIDDLEWARE_SPANS=on gives a span for each layer', async () => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: sources(frameworks.express as Framework), modules: { express: 'express' } })
  await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_MIDDLEWARE_SPANS: 'on' },
  })
  expect(
    receiver.spans().filter(span => span.scope === '@opentelemetry/instrumentation-express').length,
  ).toBeGreaterThan(1)
  await receiver.close()
})

it("a remote parent's `not sampled` is recorded all the same, unless the setting makes the sampler obey", async () => {
  const files = {
    'app.cjs': `const http = require('http')
      const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
        const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', baggage: 'user=mallory' }
        const socket = require('net').connect(server.address().port, '127.0.0.1', () => {
          socket.write('GET / HTTP/1.1\\r\\nhost: x\\r\\n' + Object.entries(headers).map(([k, v]) => k + ': ' + v).join('\\r\\n') + '\\r\\nconnection: close\\r\\n\\r\\n')
          socket.on('data', () => {}).on('close', () => server.close())
        })
      })`,
  }
  const folder = makeApp({ files })
  for (const [sampler, count] of [
    ['', 1],
    ['parentbased_always_on', 0],
    ['always_off', 0],
  ] as const) {
    const receiver = await startReceiver()
    await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: sampler },
    })
    expect(receiver.spans()).toHaveLength(count)
    if (count)
      expect(receiver.spans()[0]).toMatchObject({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
      })
    await receiver.close()
  }
})

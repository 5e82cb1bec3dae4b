// observability() in real Express, Fastify and Hono, with the preload: what requests leave in the log, and what their answers are.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = Object.fromEntries(
  ['pino', 'express', 'fastify', 'hono', '@hono/node-server', '@opentelemetry/api'].map(name => [name, name]),
)

/** Asks the app on the port that it hands over, prints each answer, and ends. */
const ask = `async function ask(port, close) {
  for (const [place, headers] of [['/orders/7?mail=ada@example.com', { 'x-request-id': 'mine-1' }], ['/fails', { 'x-request-id': 'not fine' }], ['/health/live', {}], ['/nowhere', {}]]) {
    const response = await fetch('http://127.0.0.1:' + port + place, { headers })
    console.log(JSON.stringify([place.split('?')[0], response.status, response.headers.get('x-request-id')]))
  }
  close()
}`

const apps = {
  express: `const app = require('express')()
    const { observability } = require('@afn/otel/middleware')
    app.use(observability())
    app.get('/orders/:id', (request, response) => { request.log.info('inside of bob@example.com'); response.json({}) })
    app.get('/fails', () => { throw new Error('broken') })
    app.use((error, request, response, next) => response.status(500).end())
    const server = app.listen(0, '127.0.0.1', () => ask(server.address().port, () => { server.close(); server.closeAllConnections() }))`,
  fastify: `const app = require('fastify')()
    const observed = require('@afn/otel/middleware').observability()
    app.register(observed.fastify)
    app.get('/orders/:id', async () => { observed.logger.info('inside of bob@example.com'); return {} })
    app.get('/fails', async () => { throw new Error('broken') })
    app.listen({ port: 0, host: '127.0.0.1' }).then(() => ask(app.server.address().port, () => app.close()))`,
  hono: `const { Hono } = require('hono')
    const app = new Hono()
    app.use(require('@afn/otel/middleware').observability().hono)
    app.get('/orders/:id', context => { context.get('logger').info('inside of bob@example.com'); return context.json({}) })
    app.get('/fails', () => { throw new Error('broken') })
    app.onError((error, context) => context.text('', 500))
    const server = require('@hono/node-server').serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ask(port, () => server.close()))`,
}

it.each(Object.entries(apps))('%s', async (name, app) => {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': `${ask}\n${app}` }, modules })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const { code, stdout, stderr } = await run(folder, ['--require', '{otel}', 'app.cjs'], { env })
  expect([code, stderr]).toEqual([0, ''])
  const answers = stdout
    .trim()
    .split('\n')
    .map(text => JSON.parse(text))
  expect(answers.map(([place, status]) => [place, status])).toEqual([
    ['/orders/7', 200],
    ['/fails', 500],
    ['/health/live', 200],
    ['/nowhere', 404],
  ])
  expect(answers[0][2]).toBe('mine-1')
  expect(answers[1][2]).toMatch(/^[\da-f-]{36}$/)
  expect(answers[2][2]).toBeNull()

  const logs = path.join(folder, 'logs')
  const lines = readdirSync(logs, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .flatMap(entry => readFileSync(path.join(logs, entry.name), 'utf8').trim().split('\n'))
    .map(text => JSON.parse(text))
  const requests = lines.filter(({ msg }) => msg === 'request completed')
  const shown = requests.map(line => [
    line.level,
    line['url.path'],
    line['http.response.status_code'],
    line['http.request.method'],
  ])
  expect(shown.sort()).toEqual([
    ['error', '/fails', 500, 'GET'],
    ['info', '/nowhere', 404, 'GET'],
    ['info', '/orders/7', 200, 'GET'],
  ])
  const [order] = requests.filter(line => line['url.path'] === '/orders/7')
  if (name !== 'hono') expect(order['http.route']).toBe('/orders/:id')
  expect(order.duration_ms).toBeGreaterThanOrEqual(0)
  expect(JSON.stringify(lines)).not.toContain('@example.com')

  // the ids are those of the server's span
  const [span] = receiver.spans().filter(span => span.kind === 2 && span.attributes['url.path'] === '/orders/7')
  const inside = lines.find(({ msg }) => msg === 'inside of [EMAIL]')
  expect([order.trace_id, inside.trace_id]).toEqual([span?.traceId, span?.traceId])
  if (name !== 'fastify') expect(inside.request_id).toBe('mine-1')
  expect(order.request_id).toBe('mine-1')
  await receiver.close()
})

it.each([
  ['with pino', ['pino', 'winston', 'winston-transport', 'logform', '@types/triple-beam', '@colors/colors']],
  ['without pino', []],
])('types are what frameworks and loggers take, %s', (_, peers) => {
  const user = `import { createServer } from 'node:http'
    import { createLogger, setupObservabilityLogging, winstonTransport, type Level } from '@afn/otel/logs'
    import { observability } from '@afn/otel/middleware'
    import Fastify from 'fastify'
    import { Hono } from 'hono'
    const level: Level = 'debug'
    const logger = createLogger({ level, options: { name: 'shop', serializers: { user: (user: { id: string }) => user.id } } })
    logger.child({ a: 1 }).info({ b: 2 }, 'text'); setupObservabilityLogging({ console: true }).warn('w')
    const observed = observability({ health: '/api/health', folder: 'x' })
    const app = Fastify(); app.register(observed.fastify)
    const hono = new Hono(); hono.use(observed.hono)
    createServer((request, response) => observed(request, response, () => response.end()))
    // @ts-expect-error no level of pino's
    createLogger({ level: 'warning' })
    void winstonTransport()
    ${peers.length > 0 ? "import winston from 'winston'; winston.createLogger({ transports: [winstonTransport({ level: 'warn' })] })" : ''}`
  const folder = makeApp({
    files: { 'user.mts': user },
    modules: Object.fromEntries(
      ['@types/node', '@opentelemetry/api', 'fastify', 'hono', ...peers].map(name => [name, name]),
    ),
  })
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--esModuleInterop', '--target', 'es2022', '--types', 'node']
  for (const [module, resolution] of [['node16', 'node16'], ['preserve', 'bundler']] as const) // biome-ignore format: pairs
    execFileSync(process.execPath, [tsc, ...flags, '--module', module, '--moduleResolution', resolution, 'user.mts'], { cwd: folder, encoding: 'utf8' }) // biome-ignore format: one line
})

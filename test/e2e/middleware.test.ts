// observability() in each framework. The oracles are the spans of the preload, as protobufjs decodes them, and Hono's own requestId().
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { describe, expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const names = ['express', 'fastify', 'hono', '@hono/node-server', 'pino']
const modules = Object.fromEntries(names.map(name => [name, name]))

const head = `
  const { observability, requestFields } = require('@afn/otel/middleware')
  const { createLogger } = require('@afn/otel/logs')
  const log = createLogger({ options: { mixin: requestFields } })
  const later = () => new Promise(resolve => setTimeout(resolve, 5))
  const ready = port => console.log('ready ' + port)`

/** Each with a route in a router under a parameter, one that takes a body, one that fails, and one that never answers. */
const apps: Record<string, string> = {
  express: `${head}
    const express = require('express')
    const app = express()
    app.use(observability(OPTIONS))
    app.use(express.json())
    const orders = express.Router()
    orders.get('/orders/:order', async (request, response) => { await later(); log.info('inside'); response.send('ok') })
    app.use(express.Router().use('/users/:user', express.Router().use(orders)))
    app.post('/orders', async (request, response) => { await later(); log.info('inside'); response.status(201).json(request.body) })
    app.get('/fails', () => { throw new Error('broken') })
    app.get('/hangs', () => console.log('it hangs'))
    app.use((error, request, response, next) => response.status(500).send('failed'))
    const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))`,
  fastify: `${head}
    const app = require('fastify')({ logger: true })
    app.register(observability(OPTIONS).fastify)
    app.register(async orders => {
      orders.get('/orders/:order', async () => { await later(); log.info('inside'); return 'ok' })
    }, { prefix: '/users/:user' })
    app.post('/orders', async (request, reply) => { await later(); log.info('inside'); reply.code(201); return request.body })
    app.get('/fails', async () => { throw new Error('broken') })
    app.get('/hangs', () => new Promise(() => console.log('it hangs')))
    app.listen({ port: 0, host: '127.0.0.1' }).then(() => ready(app.server.address().port))`,
  hono: `${head}
    const { Hono } = require('hono')
    const { serve } = require('@hono/node-server')
    const app = new Hono()
    app.use(observability(OPTIONS).hono)
    const orders = new Hono().get('/orders/:order', async c => { await later(); log.info('inside'); return c.text('ok') })
    app.route('/users/:user', orders)
    app.post('/orders', async c => { const body = await c.req.json(); await later(); log.info('inside'); return c.json(body, 201) })
    app.get('/fails', () => { throw new Error('broken') })
    app.onError((error, c) => c.text('failed', 500))
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ready(port))`,
}

type Line = Record<string, unknown>

interface Answer {
  status: number
  id: string
  body: string
}

function readLines(folder: string): Line[] {
  const logs = path.join(folder, 'logs')
  const files = readdirSync(logs).filter(file => /^(info|error|debug)-/.test(file))
  return files.flatMap(file => {
    const lines = readFileSync(path.join(logs, file), 'utf8').trim().split('\n')
    return lines.map(line => JSON.parse(line))
  })
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await new Promise(resolve => setTimeout(resolve, 25))
}

async function serve(app: string, { preload = true, options = '', env = {} as Record<string, string> } = {}) {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app.replace('OPTIONS', options) }, modules })
  const answers: Record<string, Answer> = {}
  const result = await run(folder, [...(preload ? ['--require', '@afn/otel'] : []), 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: 'none',
      AFN_HEALTH_CHECKS: 'none',
      ...env,
    },
    async onReady({ kill, stdout }) {
      const port = /ready (\d+)/.exec(stdout())?.[1]
      const ask = async (path: string, init: RequestInit = {}) => {
        const headers = { connection: 'close', ...init.headers }
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers })
        const id = response.headers.get('x-request-id') ?? ''
        answers[`${init.method ?? 'GET'} ${path}`] = { status: response.status, id, body: await response.text() }
      }
      try {
        await ask('/users/hannah.meier@example.org/orders/secret-7?token=secret-query', {
          headers: { 'x-request-id': 'client-1' },
        })
        await ask('/orders', { method: 'POST', body: '{"note":"secret-body"}', headers: { 'content-type': 'application/json', 'x-request-id': 'no good' } }) // biome-ignore format: one line
        await ask('/fails')
        await ask('/nowhere/secret-path')
        for (const place of ['/health', '/health/ready', '/health/live']) await ask(place)
        if (!app.includes('/hangs')) return
        const leaving = new AbortController()
        const left = ask('/hangs', { signal: leaving.signal }).catch(() => {})
        await eventually(() => stdout().includes('it hangs'))
        leaving.abort()
        await left
        await eventually(() => readLines(folder).some(line => line['error.type'] === 'aborted'))
      } finally {
        kill('SIGTERM')
      }
    },
  })
  const spans = receiver.spans().filter(({ kind }) => kind === 2)
  await receiver.close()
  const lines = readLines(folder)
  const requests = lines.filter(line => 'duration_ms' in line)
  return { answers, spans, lines, requests, ...result }
}

describe.each(Object.keys(apps))('%s', name => {
  it('writes a line a request with the template of its route, joined to its span and to what the app wrote meanwhile', async () => {
    const { answers, spans, lines, requests, stdout, stderr } = await serve(apps[name] as string)
    const [order, created, failed, missing] = Object.values(answers)
    expect([order, created, failed, missing].map(answer => answer?.status)).toEqual([200, 201, 500, 404])
    expect([order?.body, created?.body]).toEqual(['ok', '{"note":"secret-body"}'])
    expect(requests.filter(line => line['error.type'] === undefined).map(({ level, msg }) => `${level} ${msg}`).sort()).toEqual([
      'error GET /fails 500',
      'info GET /users/:user/orders/:order 200',
      'info GET 404',
      'info POST /orders 201',
    ]) // biome-ignore format: one line
    const aborted = requests.filter(line => line['error.type'] === 'aborted')
    expect(aborted.map(line => [line['http.route'], line['http.response.status_code']])).toEqual(
      name === 'hono' ? [] : [['/hangs', undefined]],
    )
    for (const line of requests) {
      const span = spans.find(({ traceId }) => traceId === line.trace_id)
      expect(span?.attributes).toMatchObject({
        'http.request.method': line['http.request.method'],
        'http.response.header.x-request-id': [line.request_id],
      })
      // where no route of Hono has answered, the span has the pattern of the middleware
      if (line['http.route']) expect(span?.attributes['http.route']).toBe(line['http.route'])
      expect(line.duration_ms).toEqual(expect.any(Number))
    }
    expect(order?.id).toBe('client-1')
    expect(created?.id).toMatch(/^[\da-f-]{36}$/)
    const inside = lines.filter(({ msg }) => msg === 'inside')
    expect(inside.map(line => line.request_id)).toEqual([order?.id, created?.id])
    expect(inside.map(line => line.trace_id)).toEqual(
      [order, created].map(answer => requests.find(line => line.request_id === answer?.id)?.trace_id),
    )
    expect(JSON.stringify(lines)).not.toMatch(/secret|hannah/)
    expect(['/health', '/health/ready', '/health/live'].map(place => answers[`GET ${place}`])).toEqual(
      Array(3).fill({ status: 200, id: expect.any(String), body: '{"status":"pass"}' }),
    )
    expect(stdout).not.toContain('/health')
    expect(stderr).toBe('')
  })

  it('does the same without the preload, and writes of probes where the level is debug', async () => {
    const { requests, stderr, answers } = await serve(apps[name] as string, {
      preload: false,
      options: `{ health: 'health' }`,
      env: { LOG_LEVEL: 'debug' },
    })
    const said = requests.filter(line => line['error.type'] === undefined).map(({ level, msg }) => `${level} ${msg}`)
    expect(said.filter(line => !line.startsWith('debug')).sort()).toEqual([
      'error GET /fails 500',
      'info GET /users/:user/orders/:order 200',
      'info GET 404',
      'info POST /orders 201',
    ])
    expect(said.filter(line => line.startsWith('debug'))).toHaveLength(3)
    expect(answers['GET /health']?.status).toBe(200)
    expect(stderr).toBe('')
  })

  it('serves the app all the same where pino is missing and a logger throws', async () => {
    const app = (apps[name] as string).replace(/const log = .*/, 'const log = { info() {} }')
    const { pino: _, ...withoutPino } = modules
    const cases = [
      [`{ logger: { debug() { throw 'no' }, info() { throw new Error('full') }, error: null } }`, modules],
      [`{ logger: {}, health: 7 }`, modules],
      ['', withoutPino],
    ] as const
    for (const [options, modules] of cases) {
      const folder = makeApp({ files: { 'app.cjs': app.replace('OPTIONS', options) }, modules })
      const got: string[] = []
      const { stderr, code } = await run(folder, ['app.cjs'], {
        env: { AFN_HEALTH_CHECKS: 'none' },
        async onReady({ kill, stdout }) {
          const port = /ready (\d+)/.exec(stdout())?.[1]
          for (const place of ['/users/1/orders/2', '/fails', '/nowhere']) {
            const response = await fetch(`http://127.0.0.1:${port}${place}`, { headers: { connection: 'close' } })
            got.push(`${response.status} ${(response.headers.get('x-request-id') ?? '').length}`)
          }
          kill('SIGKILL')
        },
      })
      expect(got).toEqual(['200 36', '500 36', '404 36'])
      expect(code).toBe(null)
      expect(stderr).toMatch(/^(\[@afn\/otel\] AFN19[36] .*\n)+$/)
    }
  })
})

it('takes and refuses the identifiers that requestId() of Hono takes and refuses', async () => {
  const theirs = new Hono().use(requestId()).all('*', c => c.text(''))
  const sent = ['a', 'A-b_c=1', 'x'.repeat(255), 'x'.repeat(256), 'a b', 'a,b', 'a;b', 'ä', '{"a":1}', '0193e8c1-5b7e-7cc3-98c4-dc0c0c07398f', 'a/b', 'a.b', '"'] // biome-ignore format: one line
  const app = `
    const { observability } = require('@afn/otel/middleware')
    const { Hono } = require('hono')
    const app = new Hono().use(observability({ health: false }).hono).all('*', c => c.text(''))
    ;(async () => {
      for (const id of ${JSON.stringify(sent)}) {
        const answer = await app.request('http://localhost/', { headers: { 'x-request-id': id } }).catch(error => error)
        console.log(answer.headers?.get('x-request-id') === id)
      }
    })()`
  const expected: boolean[] = []
  for (const id of sent) {
    const answer = await theirs.request('http://localhost/', { headers: { 'x-request-id': id } })
    expected.push(answer.headers.get('x-request-id') === id)
  }
  expect(new Set(expected)).toEqual(new Set([true, false]))
  const { stdout, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), ['app.cjs'])
  expect(stdout.trim().split('\n')).toEqual(expected.map(String))
  expect(stderr).toBe('')
})

it('leaves a health route of a Fastify app to the app, and says so', async () => {
  const app = `
    const { observability } = require('@afn/otel/middleware')
    const app = require('fastify')()
    app.get('/health/live', async () => 'own')
    app.register(observability({ health: 'health/' }).fastify)
    app.inject('/health/live').then(answer => console.log(answer.body, 'x-request-id' in answer.headers))`
  const { stdout, stderr, code } = await run(makeApp({ files: { 'app.cjs': app }, modules }), ['app.cjs'])
  expect({ stdout, code }).toEqual({ stdout: 'own true\n', code: 0 })
  expect(stderr).toMatch(/^\[@afn\/otel\] AFN196 the app has a route \/health\/live of its own.*\n$/)
})

it.each([
  ['with pino', ['pino', 'winston', 'winston-transport', 'logform', '@types/triple-beam', '@colors/colors']],
  ['without pino', []],
])('types are what frameworks and loggers take, %s', (_, peers) => {
  const user = `import { createServer } from 'node:http'
    import { createLogger, setupObservabilityLogging, winstonTransport, type Level } from '@afn/otel/logs'
    import { observability, requestFields, type Observability } from '@afn/otel/middleware'
    import Fastify from 'fastify'
    import { Hono } from 'hono'
    const level: Level = 'debug'
    const logger = createLogger({ level, options: { name: 'shop', serializers: { user: (user: { id: string }) => user.id } } })
    logger.child({ a: 1 }).info({ b: 2 }, 'text'); setupObservabilityLogging({ console: true }).warn('w')
    const observed: Observability = observability({ health: '/api/health', logger: createLogger({ options: { mixin: requestFields } }) })
    const app = Fastify(); app.register(observed.fastify); app.register(observability({ logger: app.log }).fastify)
    const hono = new Hono(); hono.use(observed.hono)
    createServer((request, response) => observed(request, response, () => response.end()))
    // @ts-expect-error a path, or none
    observability({ health: true })
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

it('the middleware can be imported as an ES module', async () => {
  const app = `
    import { observability, requestFields } from '@afn/otel/middleware'
    console.log(typeof observability().fastify, JSON.stringify(requestFields()))`
  const result = await run(makeApp({ files: { 'app.mjs': app }, modules }), ['app.mjs'])
  expect(result).toMatchObject({ code: 0, stdout: 'function {}\n', stderr: '' })
})

// healthHandler() in each framework, preloaded as a user would: the answers are the same everywhere, the app's own routes are its own,
// and no probe leaves a span, a metric of requests or a line of the framework's logger.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { documentIn } from './document'

const modules = Object.fromEntries(['express', 'fastify', 'hono', '@hono/node-server', 'koa', 'pg'].map(name => [name, name])) // biome-ignore format: one line
const health = `const { healthHandler, defineCheck } = require('@afn/otel/health')
  defineCheck({ name: 'own', required: true, check: () => process.env.STATE !== 'broken' })
  const ready = port => console.log('ready ' + port)`

const apps: Record<string, string> = {
  'node:http': `
    const http = require('node:http')
    ${health}
    const handle = healthHandler()
    const server = http.createServer((request, response) => handle(request, response, () => response.end('own')))
    server.listen(0, () => ready(server.address().port))`,
  express: `
    const app = require('express')()
    ${health}
    app.use(healthHandler())
    app.use((request, response) => response.send('own'))
    const server = app.listen(0, () => ready(server.address().port))`,
  'express, in a router': `
    const express = require('express')
    ${health}
    const app = express()
    app.use('/health', express.Router().use(healthHandler()))
    app.use((request, response) => response.send('own'))
    const server = app.listen(0, () => ready(server.address().port))`,
  fastify: `
    const app = require('fastify')({ logger: true })
    ${health}
    app.register(healthHandler().fastify)
    app.all('/', async () => 'own')
    app.post('/health', async () => 'own')
    app.listen({ port: 0 }).then(() => ready(app.server.address().port))`,
  hono: `
    const { Hono } = require('hono')
    const { serve } = require('@hono/node-server')
    ${health}
    const app = new Hono()
    app.use(healthHandler().hono)
    app.all('*', c => c.text('own'))
    serve({ fetch: app.fetch, port: 0 }, ({ port }) => ready(port))`,
  koa: `
    const Koa = require('koa').default ?? require('koa')
    ${health}
    const app = new Koa()
    app.use(healthHandler().koa)
    app.use(context => { context.body = 'own' })
    const server = app.listen(0, () => ready(server.address().port))`,
}

interface Got {
  status: number
  body: string
  type: string | null
  cache: string | null
}

async function probe(app: string, env: Record<string, string> = {}) {
  const receiver = await startReceiver()
  const got: Record<string, Got> = {}
  const result = await run(makeApp({ files: { 'app.cjs': app }, modules }), ['--require', '@afn/otel', 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_LOGS_EXPORTER: 'none',
      AFN_HEALTH_CHECKS: 'none',
      AFN_HEALTH_TOKEN: 't',
      ...env,
    },
    async onReady({ kill, stdout }) {
      const port = /ready (\d+)/.exec(stdout())?.[1]
      const ask = async (name: string, path: string, init: RequestInit = {}) => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { connection: 'close', ...init.headers } }) // biome-ignore format: one line
        const body = await response.text()
        const { headers } = response
        got[name] = { status: response.status, body, type: headers.get('content-type'), cache: headers.get('cache-control') } // biome-ignore format: one line
      }
      try {
        for (let n = 0; n < 3; n++)
          for (const path of ['/health', '/health/live', '/health/ready', '/health?verbose']) await ask(path, path)
        await ask('head', '/health', { method: 'HEAD' })
        await ask('details', '/health', { headers: { authorization: 'Bearer t' } })
        await ask('own', '/')
        await ask('post', '/health', { method: 'POST' })
      } finally {
        kill('SIGTERM')
      }
    },
  })
  const spans = receiver.spans().filter(({ kind }) => kind === 2)
  const requests =
    receiver
      .metrics()
      .filter(({ name }) => name === 'http.server.request.duration')
      .at(-1)?.points ?? []
  await receiver.close()
  return { got, spans, requests: requests.reduce((sum, { count }) => sum + count, 0), ...result }
}

describe.each(Object.entries(apps))('%s', (_, app) => {
  it('answers probes without a trace of them, and leaves the rest to the app', async () => {
    const { got, spans, requests, stdout, stderr } = await probe(app)
    const json = { status: 200, type: 'application/health+json', cache: 'no-store' }
    for (const path of ['/health', '/health/live', '/health/ready', '/health?verbose'])
      expect([path, got[path]]).toEqual([path, { ...json, body: '{"status":"pass"}' }])
    expect(got.head).toEqual({ ...json, body: '' })
    expect(documentIn(got.details?.body ?? '').checks).toHaveProperty('own:responseTime')
    expect([got.own?.body, got.post?.body]).toEqual(['own', 'own'])
    // the app's two
    expect(spans).toHaveLength(2)
    expect(requests).toBe(2)
    expect(stdout.split('\n').filter(line => line.includes('/health') && !line.includes('POST'))).toEqual([])
    expect(stderr).toBe('')
  })
})

it.each(['node:http', 'fastify'])(
  'in %s an app that is not ready answers 503, and one that is alive 200',
  async name => {
    const { got } = await probe(apps[name] as string, { STATE: 'broken' })
    expect(['/health', '/health/live', '/health/ready'].map(path => got[path]?.status)).toEqual([503, 200, 503])
    expect(got.head?.status).toBe(503)
  },
)

it('a framework under another path, and several handlers of one process, share the checks', async () => {
  const app = `
    const http = require('node:http')
    ${health}
    let runs = 0
    defineCheck({ name: 'counted', check: () => void runs++ })
    const [one, two] = [healthHandler(), healthHandler({ path: 'api/health/' })]
    const server = http.createServer((request, response) => one(request, response, () => two(request, response, () => response.end('own'))))
    server.listen(0, async () => {
      const ask = path => fetch('http://127.0.0.1:' + server.address().port + path).then(async r => r.status + ' ' + await r.text())
      for (const path of ['/health', '/api/health', '/api/health/ready', '/api', '/health/ready']) console.log(path, await ask(path))
      console.log('runs', runs)
      one.drain()
      console.log(await ask('/api/health/ready'), await ask('/api/health/live'))
      server.close()
    })`
  const { stdout, stderr, code } = await run(makeApp({ files: { 'app.cjs': app } }), ['app.cjs'], {
    env: { AFN_HEALTH_CHECKS: 'none' },
  })
  const pass = '{"status":"pass"}'
  expect(stdout.split('\n')).toEqual([
    `/health 200 ${pass}`,
    `/api/health 200 ${pass}`,
    `/api/health/ready 200 ${pass}`,
    '/api 200 own',
    `/health/ready 200 ${pass}`,
    'runs 1',
    `503 {"status":"fail"} 200 ${pass}`,
    '',
  ])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
})

it('a handler that nobody can answer any more throws nothing', async () => {
  const app = `
    const { healthHandler } = require('@afn/otel/health')
    const handle = healthHandler()
    const broken = { writeHead() { throw new Error('sent already') }, end() { throw new Error('gone') } }
    handle({ method: 'GET', url: '/health', headers: {} }, broken).then(() => console.log('no throw'))`
  const result = await run(makeApp({ files: { 'app.cjs': app } }), ['app.cjs'])
  expect(result).toEqual({ code: 0, signal: null, stdout: 'no throw\n', stderr: '' })
})

it('the middleware reports wrong settings where no preload has reported them', async () => {
  const app = `const { healthHandler } = require('@afn/otel/health'); healthHandler(); healthHandler({ path: '/other' })`
  const env = { AFN_HEALTH_CHECKS: 'redsi' }
  const { stderr } = await run(makeApp({ files: { 'app.cjs': app } }), ['app.cjs'], { env })
  expect(stderr).toMatch(/^\[@afn\/otel\] AFN110 AFN_HEALTH_CHECKS="redsi" .*turso, redis, postgres.*\n$/)
})

it('the middleware can be imported as an ES module', async () => {
  const app = `
    import { defineCheck, healthHandler } from '@afn/otel/health'
    defineCheck({ name: 'own', check: () => true })
    const response = await healthHandler({ path: '/api/health' }).fetch(new Request('http://localhost/api/health/ready'))
    console.log(response.status, response.headers.get('content-type'), await response.text())
    console.log((await healthHandler().fetch(new Request('http://localhost/elsewhere'))).status)`
  const result = await run(makeApp({ files: { 'app.mjs': app } }), ['app.mjs'], { env: { AFN_HEALTH_CHECKS: 'none' } })
  expect(result).toMatchObject({ code: 0, stdout: '200 application/health+json {"status":"pass"}\n404\n', stderr: '' })
})

it('the middleware has types that the frameworks take', () => {
  const folder = makeApp({
    files: {
      'user.mts': `
        import { createServer } from 'node:http'
        import { defineCheck, healthHandler, type HealthHandler } from '@afn/otel/health'
        import Fastify from 'fastify'
        import { Hono } from 'hono'
        const health: HealthHandler = healthHandler({ path: '/api/health' })
        const app = Fastify()
        app.register(health.fastify)
        const hono = new Hono()
        hono.use(health.hono)
        createServer((request, response) => void health(request, response, () => response.end()))
        createServer(health)
        const remove: () => void = defineCheck({ name: 'a', check: () => {} })
        defineCheck({ name: 'b', required: true, check: async signal => !signal.aborted })
        defineCheck({ name: 'c', check: () => ({ status: 'warn', output: 'slow' }) })
        export const GET: (request: Request) => Promise<Response> = health.fetch
        // @ts-expect-error a number is no result
        defineCheck({ name: 'd', check: () => 1 })
        remove()`,
    },
    modules: { ...modules, '@types/node': '@types/node', '@opentelemetry/api': '@opentelemetry/api' },
  })
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node']
  for (const [module, resolution] of [['node16', 'node16'], ['preserve', 'bundler']] as const) // biome-ignore format: pairs
    execFileSync(process.execPath, [tsc, ...flags, '--module', module, '--moduleResolution', resolution, 'user.mts'], { cwd: folder, stdio: 'pipe' }) // biome-ignore format: one line
})

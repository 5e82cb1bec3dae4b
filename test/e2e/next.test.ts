// `@afn/otel/next` as Next.js calls it, from the package: `register` starts the distribution in the Node runtime alone, and the
// routes answer. A whole Next.js isn't installed for it.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const APP = `
import { healthRoute, onRequestError, otlpRoute, register, traceparentMetadata } from '@afn/otel/next'
import { trace } from '@opentelemetry/api'
await register()
const health = await (await healthRoute().GET()).json()
const { status } = await (await otlpRoute().POST(new Request('http://h/api/otel/v1/logs', { method: 'POST' })))
const inSpan = trace.getTracer('app').startActiveSpan('render', span => {
  onRequestError(new Error('broken'), { path: '/', method: 'GET' }, { routerKind: 'App Router', routePath: '/', routeType: 'render' })
  const { traceparent } = traceparentMetadata()
  const { traceId, spanId } = span.spanContext()
  span.end()
  return traceparent === '00-' + traceId + '-' + spanId + '-01' && !/^0+$/.test(traceId)
})
console.log(health.status, health.telemetry.state, status, inSpan)`

it.each([
  ['nodejs', 'ok started 403 true\n'],
  ['edge', 'ok not started 403 false\n'],
])("the public API answers in Next's runtime %s", async (runtime, stdout) => {
  const modules = { '@opentelemetry/api': '@opentelemetry/api' }
  const env = {
    NEXT_RUNTIME: runtime,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
  }
  const result = await run(makeApp({ files: { 'app.mjs': APP }, modules }), ['app.mjs'], { env })
  expect(result).toEqual({ code: 0, signal: null, stdout, stderr: '' })
})

it.each([
  ['with the token', 'Bearer s3cret', true],
  ['with another one', 'Bearer other', false],
  ['without', '', false],
])('the public route tells how much was exported to who has the token: %s', async (_, authorization, told) => {
  const app = `
    import { healthRoute, register } from '@afn/otel/next'
    await register()
    const { GET, HEAD } = healthRoute()
    const request = new Request('http://h/api/health', { headers: ${JSON.stringify(authorization ? { authorization } : {})} })
    const { status, telemetry } = await (await GET(request)).json()
    console.log(status, telemetry.state, Object.keys(telemetry.exported ?? {}).length > 0, await (await HEAD(request)).text())`
  const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }
  const run_ = async (token: Record<string, string>) => {
    const folder = makeApp({ files: { 'app.mjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
    return (await run(folder, ['app.mjs'], { env: { ...env, ...token } })).stdout
  }
  expect(await run_({ AFN_HEALTH_TOKEN: 's3cret' })).toBe(`ok started ${told} \n`)
  expect(await run_({})).toBe('ok started false \n')
})

it('an app that a tool of its own starts has its name, not the name of the tool', async () => {
  const receiver = await startReceiver()
  const files = {
    'node_modules/framework/package.json': '{"name": "framework", "version": "9.9.9"}',
    'node_modules/framework/dist/server.js': `require('@opentelemetry/api').trace.getTracer('x').startSpan('request').end()`,
  }
  const folder = makeApp({ files, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const args = ['--require', '@afn/otel', 'node_modules/framework/dist/server.js']
  await run(folder, args, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
  const [span] = receiver.spans()
  expect(span?.resource).toMatchObject({ 'service.name': 'fixture-app', 'service.version': '1.2.3' })
  await receiver.close()
})

it('the telemetry of pages makes no traces of its own', async () => {
  const receiver = await startReceiver()
  const app = `
import { createServer } from 'node:http'
import { otlpHandler } from '@afn/otel/next'
const handle = otlpHandler()
const server = createServer(async (request, response) => {
  if (request.method === 'GET') return response.end('page')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { status } = await handle(new Request('http://' + request.headers.host + request.url, {
    method: request.method, headers: request.headers, body: Buffer.concat(chunks),
  }))
  response.writeHead(status).end()
})
server.listen(0, '127.0.0.1', async () => {
  const base = 'http://127.0.0.1:' + server.address().port
  const body = JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [{ eventName: 'saved' }] }] }] })
  const headers = { 'content-type': 'application/json', origin: base }
  console.log((await fetch(base + '/api/otel/v1/logs', { method: 'POST', headers, body })).status)
  console.log(await (await fetch(base + '/page')).text())
  server.close(); server.closeAllConnections()
})`
  const folder = makeApp({ files: { 'app.mjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const result = await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })
  expect(result).toEqual({ code: 0, signal: null, stdout: '200\npage\n', stderr: '' })
  const incoming = receiver.spans().filter(({ kind }) => kind === 2)
  expect(incoming.map(({ attributes }) => attributes['url.path'])).toEqual(['/page'])
  expect(receiver.spans().some(({ attributes }) => `${attributes['url.full']}`.startsWith(receiver.url))).toBe(false)
  expect(receiver.logs().map(({ eventName }) => eventName)).toContain('saved')
  await receiver.close()
})

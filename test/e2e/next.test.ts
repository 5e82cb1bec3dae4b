// `@afn/otel/next` as Next.js calls it, from the package: `register` starts the distribution in the Node runtime alone, and the
// routes answer. A whole Next.js isn't installed for it.
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
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
])('in the runtime %s', async (runtime, stdout) => {
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

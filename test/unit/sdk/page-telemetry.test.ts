import { context, SpanKind, trace } from '@opentelemetry/api'
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { withoutPageTelemetry } from '../../../src/app/sdk/sampler'

const tracer = new TracerProvider({ sampler: withoutPageTelemetry(new AlwaysOnSampler()) }).getTracer('test')

it.each([
  ['as Next.js tells it', { 'http.method': 'POST', 'http.target': '/api/otel/v1/logs?x=1' }, false],
  ['by the names of today', { 'http.request.method': 'POST', 'url.path': '/shop/otel/v1/traces' }, false],
  ['another route', { 'http.method': 'POST', 'http.target': '/api/chat' }, true],
  ['a page that is only named so', { 'http.method': 'GET', 'http.target': '/otel/v1/logs' }, true],
  ['a receiver of the app', { 'http.request.method': 'POST', 'url.path': '/v1/logs' }, true],
  ['no request', {}, true],
])('%s', (_, attributes, recorded) => {
  const request = tracer.startSpan('POST', { kind: SpanKind.SERVER, attributes }, context.active())
  expect(request.isRecording()).toBe(recorded)
  const within = trace.setSpan(context.active(), request)
  const child = tracer.startSpan('handler', {}, within)
  expect(child.isRecording()).toBe(recorded)
  const grandchild = tracer.startSpan('query', {}, trace.setSpan(within, child))
  expect(grandchild.isRecording()).toBe(recorded)
  expect(grandchild.spanContext().traceId).toBe(request.spanContext().traceId)
})

it('the telemetry of a page is recorded below a parent that another process did not sample', () => {
  const parent = {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    traceFlags: 0,
    isRemote: true,
  }
  expect(tracer.startSpan('GET', {}, trace.setSpanContext(context.active(), parent)).isRecording()).toBe(true)
})

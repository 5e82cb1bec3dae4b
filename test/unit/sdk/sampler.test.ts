// The sampler with OpenTelemetry's own tracer around it: what is recorded, and what leaves the process as sampled.
import { context, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { recordCalls } from '../../../src/app/sdk/sampler'

const tracerOf = (sampler: Sampler) => new TracerProvider({ sampler }).getTracer('test')
const off = tracerOf(recordCalls(new AlwaysOffSampler()))

describe('a trace that the sampler leaves out', () => {
  it.each([
    ['a call by the conventions', SpanKind.CLIENT, { 'gen_ai.operation.name': 'chat' }, true],
    ['embeddings', SpanKind.INTERNAL, { 'gen_ai.operation.name': 'embeddings' }, true],
    ['a call in an older convention', SpanKind.CLIENT, { 'gen_ai.system': 'openai' }, true],
    ['a call of the AI SDK', SpanKind.INTERNAL, { 'ai.operationId': 'ai.streamText.doStream' }, true],
    ['a call in OpenInference', SpanKind.INTERNAL, { 'openinference.span.kind': 'LLM' }, true],
    ['what may say later that it is a call', SpanKind.CLIENT, { 'gen_ai.provider.name': 'anthropic' }, true],
    ['a search in another process', SpanKind.CLIENT, { 'gen_ai.operation.name': 'retrieval' }, true],
    ['an agent in this process', SpanKind.INTERNAL, { 'gen_ai.operation.name': 'invoke_agent' }, true],
    ['a request', SpanKind.SERVER, { 'http.request.method': 'GET' }, false],
    ['a span of the app', SpanKind.INTERNAL, {}, false],
  ])('%s', (_, kind, attributes, isRecorded) => {
    const span = off.startSpan('one', { kind, attributes })
    expect(span.isRecording()).toBe(isRecorded)
    expect(span.spanContext().traceFlags).toBe(TraceFlags.NONE)
  })

  it('keeps what stands between two spans of one call, or an agent and its calls', () => {
    const child = (attributes: Record<string, string>) =>
      off.startSpan('HTTP POST', {}, trace.setSpan(context.active(), off.startSpan('outer', { attributes })))
    expect(child({ 'gen_ai.operation.name': 'chat' }).isRecording()).toBe(true)
    expect(child({ 'gen_ai.operation.name': 'invoke_agent' }).isRecording()).toBe(true)
    expect(child({ 'http.route': '/' }).isRecording()).toBe(false)
  })

  it('is left out by other services too', () => {
    const carrier: Record<string, string> = {}
    const call = off.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } })
    new W3CTraceContextPropagator().inject(trace.setSpan(context.active(), call), carrier, {
      set: (into, key, value) => {
        into[key] = value
      },
    })
    expect(carrier.traceparent).toMatch(/-00$/)
  })
})

it.each([
  new AlwaysOnSampler(),
  new AlwaysOffSampler(),
  new TraceIdRatioBasedSampler(0.5),
  new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.5) }),
])('samples what %s samples', sampler => {
  const counting = recordCalls(sampler)
  const attributes = { 'gen_ai.operation.name': 'chat' }
  for (let n = 0; n < 256; n++) {
    const traceId = n.toString(16).padStart(2, '0').repeat(16)
    const sampled = (one: Sampler) =>
      one.shouldSample(context.active(), traceId, 'chat', SpanKind.CLIENT, attributes, []).decision === 2
    expect([traceId, sampled(counting)]).toEqual([traceId, sampled(sampler)])
  }
})

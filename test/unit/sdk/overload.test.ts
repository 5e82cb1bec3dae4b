// What is given up first. The oracle is OpenTelemetry's own spans and severities.
import { ROOT_CONTEXT, SeverityNumber, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import type { ExportLog } from '../../../src/app/sdk/log-copy'
import { rankOf, rankOfLog } from '../../../src/app/sdk/overload'
import { SpanCopy } from '../../../src/app/sdk/span-copy'

it('of a request the steps inside go first, then its own span, then calls of models, and failures last', () => {
  const ended: ReadableSpan[] = []
  const exporter = { export: (spans: ReadableSpan[]) => void ended.push(...spans), shutdown: async () => {} }
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test')
  const request = tracer.startSpan('GET /', { kind: SpanKind.SERVER })
  const within = trace.setSpan(ROOT_CONTEXT, request)
  tracer.startSpan('middleware - cors', { kind: SpanKind.INTERNAL }, within).end()
  tracer.startSpan('chat', { kind: SpanKind.CLIENT, attributes: { 'gen_ai.operation.name': 'chat' } }, within).end()
  const failed = tracer.startSpan('middleware - auth', { kind: SpanKind.INTERNAL }, within)
  failed.setStatus({ code: SpanStatusCode.ERROR })
  failed.end()
  request.end()
  tracer.startSpan('job', { kind: SpanKind.INTERNAL }).end()
  const ranks = Object.fromEntries(ended.map(span => [span.name, rankOf(new SpanCopy(span))]))
  expect(ranks).toEqual({ 'middleware - cors': 0, 'GET /': 1, job: 1, chat: 2, 'middleware - auth': 3 })
})

it('of log records debug goes first, and errors last', () => {
  const { TRACE, DEBUG4, INFO, WARN, WARN4, ERROR, FATAL4 } = SeverityNumber
  const all = [TRACE, DEBUG4, undefined, INFO, WARN, WARN4, ERROR, FATAL4]
  const ranks = all.map(severityNumber => rankOfLog({ severityNumber } as ExportLog))
  expect(ranks).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
})

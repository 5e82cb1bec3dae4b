import type { LogRecord } from '@opentelemetry/api'
import { trace } from '@opentelemetry/api'
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { createExceptionLogs } from '../../../src/app/sdk/log-events'
import { isException } from '../../../src/app/sdk/logs'
import { SpanCopy } from '../../../src/app/sdk/span-copy'

const tracer = new TracerProvider({ sampler: new AlwaysOnSampler() }).getTracer('test')

function logged(attributes: Record<string, string>, fail?: string): { records: LogRecord[]; span: SpanCopy } {
  const live = tracer.startSpan('work', { attributes })
  if (fail !== undefined) live.setStatus({ code: 2, message: fail })
  live.end()
  const span = new SpanCopy(live as never)
  const records: LogRecord[] = []
  const logger = { emit: (record: LogRecord) => void records.push(record), enabled: () => true }
  createExceptionLogs(() => logger, false)(span)
  return { records, span }
}

it('a call of a model that failed is an event of its own, though its span has none', () => {
  const call = { 'gen_ai.operation.name': 'chat', 'error.type': '429' }
  const { records, span } = logged(call, 'slow down')
  expect(records).toMatchObject([
    {
      eventName: 'gen_ai.client.inference.exception',
      severityNumber: 13,
      timestamp: span.endTime,
      attributes: { 'exception.type': '429', 'exception.message': 'slow down' },
    },
  ])
  expect(trace.getSpanContext(records[0]!.context!)).toEqual(span.context)
  // its status says already that it failed
  expect(span.attributes).toEqual(call)
})

it.each([
  ['a call that was answered', { 'gen_ai.operation.name': 'chat' }, undefined],
  ['embeddings, for which there is no such event', { 'gen_ai.operation.name': 'embeddings' }, 'no'],
  ['a span that repeats calls', { 'gen_ai.operation.name': 'invoke_agent' }, 'no'],
])('%s is none', (_, attributes, fail) => {
  expect(logged(attributes, fail).records).toEqual([])
})

it('a log record counts as an exception by its name and severity, not since an app logs an error with it', () => {
  const attributes = { 'exception.type': 'Error' }
  expect(isException({ eventName: 'exception', attributes })).toBe(true)
  expect(isException({ eventName: 'http.client.request.exception', severityNumber: 13 })).toBe(true)
  expect(isException({ eventName: 'http.client.request.exception', severityNumber: 5 })).toBe(false)
  expect(isException({ eventName: 'exceptional' })).toBe(false)
  expect(isException({ severityNumber: 17, attributes })).toBe(false)
})

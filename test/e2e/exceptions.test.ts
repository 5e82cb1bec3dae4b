// Exceptions as events of spans and as log records under the packed preload, by OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN; and the
// tier of a trace whose only mark is such a record.
import { expect, it } from 'vitest'
import { decide } from '../../src/shared/tiers'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
  const { context, trace } = require('@opentelemetry/api')
  const { logs } = require('@opentelemetry/api-logs')
  const { flush, withTool } = require('@afn/otel/api')
  const tracer = trace.getTracer('app')
  // handled: nothing but the exception tells of it
  tracer.startActiveSpan('handled', span => {
    span.recordException(new RangeError('ask ada@example.com'))
    span.end()
  })
  try {
    withTool('weather', () => { throw new TypeError('no city') })
  } catch {}
  // a library that writes exceptions as log records
  tracer.startActiveSpan('library', span => {
    const attributes = { 'exception.type': 'Error', 'exception.message': 'm' }
    logs.getLogger('lib').emit({ eventName: 'acme.send.exception', severityNumber: 13, attributes })
    span.end()
  })
  tracer.startActiveSpan('quiet', span => {
    logs.getLogger('lib').emit({ eventName: 'acme.exception', severityNumber: 5, attributes: { 'exception.type': 'Error' } })
    span.end()
  })
  flush(10_000).then(() => console.log('sent'))`

async function act(env: Record<string, string>) {
  const receiver = await startReceiver()
  const modules = { '@opentelemetry/api': '@opentelemetry/api', '@opentelemetry/api-logs': '@opentelemetry/api-logs' }
  const folder = makeApp({ files: { 'app.cjs': app }, modules })
  const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    // the receiver's own table of messages has no names of events
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...env },
  })
  await receiver.close()
  expect(outcome).toEqual({ code: 0, signal: null, stdout: 'sent\n', stderr: '' })
  const spans = Object.fromEntries(receiver.spans().map(span => [span.name, span]))
  const tierOf = (name: string) => {
    const { status, startNano, endNano, ...span } = spans[name]!
    return decide([{ ...span, kind: 'internal', statusCode: status.code, start: startNano, end: endNano }]).tier
  }
  return {
    events: Object.fromEntries(Object.entries(spans).map(([name, { events }]) => [name, events.length])),
    records: Object.fromEntries(receiver.logs().map(record => [record.eventName, record])),
    tiers: Object.fromEntries(Object.keys(spans).map(name => [name, tierOf(name) === 'errors'])),
    spans,
  }
}

const all = { handled: true, 'execute_tool weather': true, library: true, quiet: false }

it.each([
  ['spans', {}],
  ['logs, but no log records are sent', { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: 'logs', OTEL_LOGS_EXPORTER: 'none' }],
])('%s: they are events of their spans', async (_, env) => {
  const { events, tiers } = await act(env)
  expect(events).toEqual({ handled: 1, 'execute_tool weather': 1, library: 0, quiet: 0 })
  expect(tiers).toEqual(all)
})

it.each([
  ['logs', 0],
  ['logs/dup', 1],
])(
  '%s: they are log records in the trace of their spans, redacted, and the trace is one of the errors tier',
  async (signal, left) => {
    const { events, records, tiers, spans } = await act({ OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: signal })
    expect(events).toEqual({ handled: left, 'execute_tool weather': left, library: 0, quiet: 0 })
    expect(tiers).toEqual(all)
    const { exception, 'gen_ai.execute_tool.exception': ofTool } = records
    expect(exception).toMatchObject({
      traceId: spans.handled?.traceId,
      spanId: spans.handled?.spanId,
      attributes: { 'exception.type': 'RangeError', 'exception.message': 'ask [EMAIL]' },
    })
    expect(ofTool).toMatchObject({
      spanId: spans['execute_tool weather']?.spanId,
      severityText: 'WARN',
      attributes: { 'exception.type': 'TypeError' },
    })
  },
)

// The app's own log lines: ids of the active span in them, nothing else changed, and copies that leave are redacted.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const inSpan = (log: string) => `
  const { trace } = require('@opentelemetry/api')
  trace.getTracer('t').startActiveSpan('work', span => { ${log}; span.end() })`

const loggers: [string, string][] = [
  [
    'pino',
    `const log = require('pino')({ timestamp: false, base: null }); log.info({ mail: 'ada@example.com' }, 'outside')${inSpan(`log.warn({ mail: 'ada@example.com' }, 'hello ada@example.com')`)}`,
  ],
  [
    'winston',
    `const winston = require('winston')
    const log = winston.createLogger({ transports: [new winston.transports.Console()], format: winston.format.json() })
    log.info('outside', { mail: 'ada@example.com' })${inSpan(`log.warn('hello ada@example.com', { mail: 'ada@example.com' })`)}`,
  ],
]

describe.each(loggers)('%s', (name, app) => {
  const modules = { [name]: name, '@opentelemetry/api': '@opentelemetry/api' }
  const lines = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))

  it('lines inside a span carry its ids and are otherwise as without us; exported copies are redacted', async () => {
    const receiver = await startReceiver()
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const bare = await run(folder, ['app.cjs'])
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    const [outside, inside] = lines(preloaded.stdout)
    const { trace_id, span_id, trace_flags, ...rest } = inside
    expect([outside, rest]).toEqual(lines(bare.stdout))
    expect({ trace_id, span_id, trace_flags }).toEqual({
      trace_id: receiver.spans()[0]?.traceId,
      span_id: receiver.spans()[0]?.spanId,
      trace_flags: '01',
    })
    expect(receiver.logs()).toMatchObject([
      { body: 'outside', attributes: { mail: '[EMAIL]' } },
      { body: 'hello [EMAIL]', attributes: { mail: '[EMAIL]' }, traceId: trace_id },
    ])
    await receiver.close()
  })

  it('AFN_LOG_CORRELATION=off leaves the lines alone', async () => {
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const env = {
      AFN_LOG_CORRELATION: 'off',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
    }
    expect(await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })).toEqual(await run(folder, ['app.cjs']))
  })
})

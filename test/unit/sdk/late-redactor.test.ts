// What the first records of an app wait for. What they become is what a redactor that was there before makes of them.
import type { logs } from '@opentelemetry/api-logs'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { createPricer } from '../../../src/app/llm/report/cost/pricer'
import { WaitingRoom } from '../../../src/app/llm/spans/waiting-room'
import { LateRedactor } from '../../../src/app/sdk/late-redactor'
import type { ExportLog } from '../../../src/app/sdk/log-copy'
import { LogPipeline } from '../../../src/app/sdk/logs'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { SpanPipeline } from '../../../src/app/sdk/span-pipeline'
import { diagnostics } from '../../../src/shared/diag/report'
import { createRedactor } from '../../../src/shared/redact'

const pieces = 12
const masked = { to: '[EMAIL]' }

/** @param fails the pieces that throw, once each */
function late(fails: number[] = []) {
  const made: number[] = []
  const redactor = new LateRedactor(function* () {
    for (let piece = 0; piece < pieces; piece++) {
      if (fails.includes(piece)) {
        fails.splice(fails.indexOf(piece), 1)
        throw new Error('no memory')
      }
      yield made.push(piece)
    }
    return createRedactor()
  })
  return { redactor, made }
}

function started(redactor: LateRedactor) {
  const spans: SpanCopy[] = []
  const records: ExportLog[] = []
  const room = new WaitingRoom()
  const flush = async () => {}
  const pricer = createPricer({
    load: () => ({ name: 'none', price: () => ({ cause: 'unknown' }) }) as never,
    onFailure() {},
  })
  const stages = { normalise() {}, count: [], write: [] }
  const sink = { add: (span: SpanCopy) => void spans.push(span), flush }
  const pipeline = new SpanPipeline(redactor, pricer, sink, stages, true, room)
  const logSink = { add: (record: ExportLog) => void records.push(record), flush }
  const logPipeline = new LogPipeline(redactor, logSink, room, undefined, true)
  const tracer = new TracerProvider({ spanProcessors: [pipeline] }).getTracer('test')
  const logger = new LoggerProvider({ processors: [logPipeline] }).getLogger('test')
  return {
    spans,
    records,
    pipeline,
    logPipeline,
    span: () => tracer.startSpan('work', { attributes: { to: 'bob@example.com' } }).end(),
    log: () =>
      logger.emit({ body: 'to bob@example.com', severityNumber: 9 } as Parameters<
        ReturnType<typeof logs.getLogger>['emit']
      >[0]),
  }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

it('nothing of the redactor is made in the call that ends a span or emits a log record', () => {
  const { redactor, made } = late()
  const { span, log } = started(redactor)
  for (let n = 0; n < 100; n++) span()
  for (let n = 0; n < 100; n++) log()
  expect(made).toEqual([])
})

it('the first span waits for the redactor, of which each turn of the event loop makes a part, and leaves redacted', async () => {
  const busy = () => {
    const until = performance.now() + 3
    while (performance.now() < until);
  }
  const turns: number[] = []
  let now = 0
  const redactor = new LateRedactor(function* () {
    for (let piece = 0; piece < pieces; piece++) {
      busy()
      yield turns.push(now)
    }
    return createRedactor()
  })
  const { span, spans } = started(redactor)
  span()
  while (spans.length === 0) {
    await turn()
    now++
  }
  expect(new Set(turns).size).toBe(pieces)
  expect(spans.map(({ attributes }) => attributes)).toEqual([masked])
})

it('spans and log records that come while it is made leave redacted, each once and in their order', async () => {
  const { redactor, made } = late()
  const { span, log, spans, records, pipeline, logPipeline } = started(redactor)
  for (let n = 0; n < 5; n++) {
    span()
    log()
    await turn()
  }
  await Promise.all([pipeline.forceFlush(), logPipeline.forceFlush()])
  expect(made).toEqual(Array.from({ length: pieces }, (_, piece) => piece))
  expect(spans.map(({ attributes }) => attributes)).toEqual(Array(5).fill(masked))
  expect(records.map(({ body }) => body)).toEqual(Array(5).fill('to [EMAIL]'))
})

it('a process that ends makes what is left of it at once', () => {
  const { redactor } = late()
  const { span, log, spans, records, pipeline, logPipeline } = started(redactor)
  redactor.next()
  span()
  log()
  pipeline.drainNow()
  logPipeline.drainNow()
  expect([spans[0]?.attributes, records[0]?.body]).toEqual([masked, 'to [EMAIL]'])
})

it('where a piece fails the records that wait for it are dropped, and the next begin anew', async () => {
  const { redactor } = late([3])
  const { span, spans, pipeline } = started(redactor)
  span()
  await pipeline.forceFlush()
  expect(spans).toEqual([])
  expect(diagnostics().map(({ code }) => code)).toContain('AFN140')
  span()
  await pipeline.forceFlush()
  expect(spans.map(({ attributes }) => attributes)).toEqual([masked])
})

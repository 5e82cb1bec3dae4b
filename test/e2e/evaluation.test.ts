// recordEvaluation() under the packed preload: the event on the span that was judged, the span of no length where that has
// ended, metrics, and the score that LangFuse's own client sends to a fake of LangFuse.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { decide } from '../../src/shared/tiers'
import { startLangfuse } from '../support/langfuse'
import { makeApp } from '../support/packed'
import { type ReceivedSpan, type Receiver, startReceiver } from '../support/receiver'
import { run } from '../support/run'

type Langfuse = Awaited<ReturnType<typeof startLangfuse>>
const secretKey = 'sk-lf-5e1f0000-0000-4000-8000-00000000cafe'

const app = `
  const { trace } = require('@opentelemetry/api')
  const { recordEvaluation, flush } = require('@afn/otel/api')
  const tracer = trace.getTracer('app')
  const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' }
  const judge = { name: 'relevance', score: 2, min: 1, max: 5, threshold: 3, evaluator: { name: 'judge-v2', type: 'llm' } }
  tracer.startActiveSpan('now', { attributes }, span => {
    recordEvaluation({ ...judge, explanation: 'ask ada@example.com' })
    span.end()
    recordEvaluation({ name: 'helpful', label: 'pass', target: span })
  })
  const elsewhere = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
  recordEvaluation({ name: 'faithful', score: 1, threshold: 1, target: elsewhere })
  flush(10_000).then(() => console.log('sent'))`

const open: (Receiver | Langfuse)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function act(env: Record<string, string>, statuses?: Parameters<typeof startLangfuse>[0], source = app) {
  const [receiver, langfuse] = [await startReceiver(), await startLangfuse(statuses)]
  open.push(receiver, langfuse)
  const folder = makeApp({ files: { 'app.cjs': source }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const outcome = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      LANGFUSE_HOST: langfuse.url,
      LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
      LANGFUSE_SECRET_KEY: secretKey,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=Staging-EU',
      ...env,
    },
  })
  return { receiver, langfuse, outcome }
}

describe('an evaluation', () => {
  it('is an event on an open span, and below a span that has ended one of no length', async () => {
    // the receiver's own table of messages has no names of events
    const { receiver, outcome } = await act({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'sent\n', stderr: '' })
    const named = (name: string) => receiver.spans().find(span => span.name === name)!
    const [now, helpful, faithful] = ['now', 'evaluate helpful', 'evaluate faithful'].map(named)
    expect(receiver.spans()).toHaveLength(3)
    expect(now?.events).toMatchObject([{ name: 'gen_ai.evaluation.result' }])
    expect(now?.events[0]?.attributes).toMatchObject({
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.evaluation.score.value': 2,
      'afn.llm.evaluation.score.normalized': 0.25,
      'afn.llm.evaluation.outcome': 'fail',
    })
    expect(now?.events[0]?.types['gen_ai.evaluation.score.value']).toBe('doubleValue')
    expect(helpful).toMatchObject({ traceId: now?.traceId, parentSpanId: now?.spanId })
    expect([helpful?.startNano, helpful?.endNano]).toEqual([now?.endNano, now?.endNano])
    expect(helpful?.attributes['langfuse.observation.type']).toBe('evaluator')
    expect(faithful).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' })
    expect(faithful?.endNano).toBe(faithful?.startNano)
    // the conventions have the result as a log record: of each the same, once, in the trace of what was judged
    const records = receiver.logs().filter(({ eventName }) => eventName === 'gen_ai.evaluation.result')
    expect(
      Object.fromEntries(records.map(({ attributes, spanId }) => [attributes['gen_ai.evaluation.name'], spanId])),
    ).toEqual({ relevance: now?.spanId, helpful: now?.spanId, faithful: 'b7ad6b7169203331' })
    const results = receiver.points('afn.llm.evaluation.results')
    expect(results.map(({ attributes, value }) => [attributes['afn.llm.evaluation.outcome'], value]).sort()).toEqual([
      ['fail', 1],
      ['pass', 1],
      ['pass', 1],
    ])
  })

  it.each([
    ['off', undefined],
    ['redacted', 'ask [EMAIL]'],
  ])('has its explanation as content says, %s', async (AFN_CAPTURE_CONTENT, comment) => {
    const { receiver, langfuse } = await act({ AFN_CAPTURE_CONTENT })
    const event = receiver.spans().find(({ name }) => name === 'now')?.events[0]
    expect(event?.attributes['gen_ai.evaluation.explanation']).toBe(comment)
    const record = receiver.logs().find(({ attributes }) => attributes['gen_ai.evaluation.name'] === 'relevance')
    expect(record?.attributes['gen_ai.evaluation.explanation']).toBe(comment)
    expect(langfuse.scores().find(({ name }) => name === 'relevance')?.comment ?? undefined).toBe(comment)
  })
})

describe('the tier of the trace', () => {
  const tierOf = (spans: ReceivedSpan[]) =>
    decide(
      spans.map(({ status, startNano, endNano, ...span }) => ({
        ...span,
        kind: 'internal',
        statusCode: status.code,
        start: startNano,
        end: endNano,
      })),
    )

  it.each([
    ['bad', 2, ['low_quality']],
    ['good, and late', 4, ['no policy', 'baseline']],
  ])('of an answer that is %s', async (_, score, reasons) => {
    // a judge that takes longer than a trace may take without being a slow one
    const source = `
      const { trace } = require('@opentelemetry/api')
      const { recordEvaluation } = require('@afn/otel/api')
      const span = trace.getTracer('app').startSpan('answer')
      span.end()
      setTimeout(() => recordEvaluation({ name: 'relevance', score: ${score}, min: 1, max: 5, target: span.spanContext() }), 2_100)`
    const { receiver } = await act({}, [207], source)
    expect(receiver.spans()).toHaveLength(2)
    expect(reasons).toContain(tierOf(receiver.spans()).reason)
  })
})

describe('the score in LangFuse', () => {
  it('stands on the observation, beside its trace, under an id of its own', async () => {
    const { receiver, langfuse } = await act({})
    const now = receiver.spans().find(({ name }) => name === 'now')!
    expect([...langfuse.paths]).toEqual(['POST /api/public/ingestion'])
    expect(langfuse.requests[0]?.authorization).toBe(`Basic ${btoa(`pk-lf-1:${secretKey}`)}`)
    expect(langfuse.requests[0]?.batch.map(({ type }) => type)).toEqual([
      'score-create',
      'score-create',
      'score-create',
    ])
    expect(langfuse.scores()[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      traceId: now.traceId,
      observationId: now.spanId,
      name: 'relevance',
      value: 2,
      dataType: 'NUMERIC',
      comment: null,
      environment: 'staging-eu',
      metadata: { outcome: 'fail', min: 1, max: 5, threshold: 3, evaluator: 'judge-v2', evaluator_type: 'llm' },
    })
    expect(langfuse.scores()[1]).toMatchObject({ name: 'helpful', value: 'pass', dataType: 'CATEGORICAL' })
  })

  it.each([
    ['gone', 503],
    ['without its S3', 500],
  ])('is sent again when LangFuse is %s, under the same id', async (_, status) => {
    const later = app.replace(/flush\(.*/, 'setTimeout(() => {}, 5_000)')
    const { langfuse, outcome } = await act({}, [status, 207], later)
    expect(outcome.stderr).toBe('')
    const [first, second] = langfuse.requests
    expect(langfuse.requests).toHaveLength(2)
    expect(second?.batch.map(({ body }) => body.id)).toEqual(first?.batch.map(({ body }) => body.id))
  })

  it.each<[string, number | 'hang', string]>([
    ['wrong keys', 401, 'HTTP 401'],
    ['its S3 is away', 500, 'the process ended before LangFuse had taken them'],
    ['what it refuses of a batch', 400, '1 refused, the first with 400 no such project'],
    ['no answer', 'hang', 'the process ended before LangFuse had taken them'],
  ])('%s: the app runs and ends as it would, and no secret is printed', async (_, status, why) => {
    const { receiver, outcome } = await act({}, [status], app.replace(/flush\(.*/, ''))
    expect(outcome).toMatchObject({ code: 0, signal: null, stdout: '' })
    expect(outcome.stderr).toMatch(/^\[@afn\/otel\] AFN171 scores could not be delivered to .*\n$/)
    expect(outcome.stderr).toContain(why)
    expect(outcome.stderr).not.toContain('cafe')
    expect(receiver.spans()).toHaveLength(3)
  })

  it('that is lost at the end is said, and what waits for the Collector is put on disk all the same', async () => {
    const spool = mkdtempSync(path.join(tmpdir(), 'afn-scores-'))
    const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', AFN_SPOOL_DIR: spool }
    const { outcome } = await act(nobody, ['hang'], app.replace(/flush\(.*/, 'process.exit(0)'))
    expect(outcome.stderr).toMatch(/AFN171 .*the process ended before LangFuse had taken them/)
    expect(readdirSync(spool)).not.toEqual([])
    rmSync(spool, { recursive: true })
  })

  it.each(['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'])('without %s nothing is sent', async key => {
    const { langfuse, outcome } = await act({ [key]: '' })
    expect([outcome.stdout, outcome.stderr, langfuse.requests]).toEqual(['sent\n', '', []])
  })
})

it('each kind of bad input is one line with its code, and the app goes on', async () => {
  const source = `const { recordEvaluation } = require('@afn/otel')
    recordEvaluation({ name: 'relevance', score: 4 })
    recordEvaluation()
    console.log('goes on')`
  const { outcome } = await act({}, [207], source)
  expect(outcome).toMatchObject({ code: 0, stdout: 'goes on\n' })
  expect(outcome.stderr.split('\n')).toEqual([
    "[@afn/otel] AFN170 recordEvaluation(): score 4 is not from 0 to 1; give min and max of the evaluator's scale",
    '[@afn/otel] AFN170 recordEvaluation(): the evaluation is of type undefined; give an object, such as {name: "relevance", score: 0.9}',
    '',
  ])
})

it('an evaluation is recorded with afnNodeSDK too', async () => {
  const source = `const { afnNodeSDK } = require('@afn/otel/sdk')
    const sdk = afnNodeSDK()
    sdk.start()
    ${app.replace(/flush\(.*/, 'sdk.shutdown()')}`
  const [receiver, langfuse] = [await startReceiver(), await startLangfuse()]
  open.push(receiver, langfuse)
  const names = ['@opentelemetry/api', '@opentelemetry/sdk-node']
  const folder = makeApp({ files: { 'app.cjs': source }, modules: Object.fromEntries(names.map(name => [name, name])) })
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    LANGFUSE_HOST: langfuse.url,
    LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
    LANGFUSE_SECRET_KEY: secretKey,
  }
  expect(await run(folder, ['app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
  expect(
    receiver
      .spans()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['evaluate faithful', 'evaluate helpful', 'now'])
  expect(langfuse.scores()).toHaveLength(3)
})

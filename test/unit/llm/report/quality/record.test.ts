import type { LogRecord } from '@opentelemetry/api'
import { type Attributes, type Context, context, type Span, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnsweringModels, RecentSpans } from '../../../../../src/app/llm/report/quality/ended-spans'
import type { Evaluation } from '../../../../../src/app/llm/report/quality/evaluation'
import { createEvaluations } from '../../../../../src/app/llm/report/quality/record'
import type { Score } from '../../../../../src/app/llm/report/quality/score'
import { readCall } from '../../../../../src/app/llm/spans/read-call'
import { collected } from '../metrics/collected'

beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()))
afterAll(() => context.disable())

function setUp() {
  const ended: ReadableSpan[] = []
  const recent = new RecentSpans()
  const answering = new AnsweringModels()
  const provider = new TracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd(span) {
          ended.push(span)
          const copy = {
            ...span,
            context: span.spanContext(),
            parentSpanContext: span.parentSpanContext,
            attributes: span.attributes,
            call: readCall(span.attributes),
            own: () => ({}),
          }
          answering.ended(copy as never)
          recent.add(copy as never)
        },
        async forceFlush() {},
        async shutdown() {},
      },
    ],
  })
  const tracer = provider.getTracer('test')
  const held = collected()
  const scores: Score[] = []
  const problems: string[] = []
  const logged: LogRecord[] = []
  const record = createEvaluations({
    meter: held.meter,
    tracer: () => tracer,
    logger: () => ({ emit: one => void logged.push(one), enabled: () => true }),
    open: () => undefined,
    ended: spanId => recent.get(spanId),
    modelBelow: spanId => answering.below(spanId),
    send: score => scores.push(score),
    onProblem: problem => problems.push(problem),
  })
  return { tracer, ended, held, scores, problems, logged, record }
}

const attributes = { 'gen_ai.request.model': 'gpt-4o-mini', 'gen_ai.response.id': 'chatcmpl-1' }
const scale = { name: 'relevance', score: 4, min: 1, max: 5 }

describe('an evaluation', () => {
  it('is an event on the active span, two metrics and a score', async () => {
    const { tracer, ended, held, scores, problems, logged, record } = setUp()
    const span = tracer.startSpan('chat gpt-4o-mini', { attributes })
    const evaluation = { ...scale, threshold: 3.5, label: 'good', explanation: 'to the point', evaluator: 'judge-v2' }
    context.with(trace.setSpan(context.active(), span), () => record(evaluation))
    span.end()
    expect(problems).toEqual([])
    expect(ended.map(({ name }) => name)).toEqual(['chat gpt-4o-mini'])
    expect(ended[0]?.events).toMatchObject([{ name: 'gen_ai.evaluation.result' }])
    // and a log record of the same, which the conventions have in its place
    expect(logged).toMatchObject([
      { eventName: 'gen_ai.evaluation.result', attributes: ended[0]?.events[0]?.attributes },
    ])
    expect(trace.getSpanContext(logged[0]?.context as Context)).toEqual(span.spanContext())
    expect(ended[0]?.events[0]?.attributes).toEqual({
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.evaluation.score.value': 4,
      'gen_ai.evaluation.score.label': 'good',
      'gen_ai.evaluation.explanation': 'to the point',
      'gen_ai.response.id': 'chatcmpl-1',
      'afn.llm.evaluation.score.normalized': 0.75,
      'afn.llm.evaluation.score.min': 1,
      'afn.llm.evaluation.score.max': 5,
      'afn.llm.evaluation.threshold': 3.5,
      'afn.llm.evaluation.outcome': 'pass',
      'afn.llm.evaluation.evaluator.name': 'judge-v2',
    })
    const series = { 'gen_ai.evaluation.name': 'relevance', 'gen_ai.request.model': 'gpt-4o-mini' }
    expect(await held.of('afn.llm.evaluation.score')).toMatchObject([{ attributes: series, sum: 0.75, count: 1 }])
    expect((await held.of('afn.llm.evaluation.score'))[0]?.boundaries).toContain(0.7)
    expect(await held.of('afn.llm.evaluation.results')).toMatchObject([
      { attributes: { ...series, 'afn.llm.evaluation.outcome': 'pass' }, sum: 1 },
    ])
    const { traceId, spanId } = span.spanContext()
    expect(scores).toMatchObject([
      { traceId, observationId: spanId, name: 'relevance', value: 4, dataType: 'NUMERIC', comment: 'to the point' },
    ])
    expect(scores[0]?.metadata).toEqual({
      outcome: 'pass',
      min: 1,
      max: 5,
      threshold: 3.5,
      label: 'good',
      evaluator: 'judge-v2',
    })
  })

  it.each([
    ['the span', (span: { spanContext(): object }) => span],
    ['its ids', (span: { spanContext(): object }) => span.spanContext()],
  ])('of a span that has ended, found by %s, is a span of no length at its end', async (_, target) => {
    const { tracer, ended, held, scores, record } = setUp()
    const span = tracer.startSpan('chat', { attributes })
    span.end()
    record({ ...scale, target: target(span) as never })
    const [judged, late] = ended as [ReadableSpan, ReadableSpan]
    expect(late).toMatchObject({ name: 'evaluate relevance', startTime: judged.endTime, endTime: judged.endTime })
    const { traceId, spanId } = span.spanContext()
    expect(late.parentSpanContext).toMatchObject({ traceId, spanId })
    expect(late.spanContext().traceId).toBe(traceId)
    expect(late.attributes).toMatchObject({
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.response.id': 'chatcmpl-1',
      'afn.llm.evaluation.score.normalized': 0.75,
    })
    expect(await held.of('afn.llm.evaluation.results')).toMatchObject([
      { attributes: { 'gen_ai.request.model': 'gpt-4o-mini', 'afn.llm.evaluation.outcome': 'skipped' } },
    ])
    expect(scores).toMatchObject([{ observationId: spanId }])
  })

  const call = (model: string, operation = 'chat') => ({
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.request.model': model },
  })
  const error = 2
  it.each<[string, (run: (call: { attributes: Attributes; fails?: boolean }) => void) => void, string | undefined]>([
    ['that answered', run => run(call('gpt-5')), 'gpt-5'],
    [
      'that answered when another one had failed, next to embeddings',
      run => {
        run({ ...call('gpt-5'), fails: true })
        run(call('text-embedding-3', 'embeddings'))
        run(call('claude'))
        run(call('claude'))
      },
      'claude',
    ],
    [
      'of none, where several answered',
      run => {
        run(call('gpt-5'))
        run(call('claude'))
        run(call('gpt-5'))
      },
      undefined,
    ],
    ['of none, where none was called', () => undefined, undefined],
  ])('in an agent, or of one that has ended, counts for the model %s', async (_, calls, model) => {
    const { tracer, held, record } = setUp()
    const below = (parent: Span) => trace.setSpan(context.active(), parent)
    const agent = tracer.startSpan('invoke_agent planner', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } })
    const step = tracer.startSpan('step', {}, below(agent))
    calls(({ attributes, fails }) => {
      const span = tracer.startSpan('chat', { attributes }, below(step))
      if (fails) span.setStatus({ code: error })
      span.end()
    })
    step.end()
    context.with(below(agent), () => record({ ...scale, threshold: 3 }))
    agent.end()
    record({ ...scale, threshold: 3, target: agent })
    const results = await held.of('afn.llm.evaluation.results')
    expect(results.map(({ attributes, sum }) => [attributes['gen_ai.request.model'], sum])).toEqual([[model, 2]])
  })

  it('knows the model below as many spans as are open in a busy process, and no more', () => {
    const answering = new AnsweringModels()
    const ended = (index: number) =>
      answering.ended({
        call: readCall(call('gpt-5').attributes),
        context: { traceId: '', spanId: `call${index}` },
        parentSpanContext: { spanId: `agent${index}` },
        status: { code: 0 },
      })
    for (let index = 0; index < 10_000; index++) ended(index)
    const known = Array.from({ length: 10_000 }, (_, index) => answering.below(`agent${index}`)).filter(Boolean)
    expect(known.length).toBeGreaterThanOrEqual(2_048)
    expect(known.length).toBeLessThanOrEqual(4_096)
    expect(answering.below('agent9999')).toBe('gpt-5')
  })

  it('has one id in LangFuse for a judge and a span, however often it is recorded', () => {
    const { tracer, scores, record } = setUp()
    const target = tracer.startSpan('chat')
    for (const more of [
      { score: 2 },
      {},
      { evaluator: 'human' },
      { name: 'helpful' },
      { target: tracer.startSpan('b') },
    ])
      record({ ...scale, target, ...more })
    const [first, second, ...others] = scores.map(({ id }) => id)
    expect(first).toBe(second)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set([first, ...others]).size).toBe(4)
  })
})

it('evaluations have a bounded number of series, whatever names and models come', async () => {
  const { tracer, held, record } = setUp()
  for (let n = 0; n < 200; n++) {
    const target = tracer.startSpan('chat', { attributes: { 'gen_ai.request.model': `model-${n}` } })
    record({ name: `name-${n}`, score: 0.5, target })
  }
  const results = await held.of('afn.llm.evaluation.results')
  expect(results).toHaveLength(51)
  expect(results.at(-1)?.attributes).toMatchObject({
    'gen_ai.evaluation.name': 'other',
    'gen_ai.request.model': 'other',
  })
  expect(await held.sum('afn.llm.evaluation.results')).toBe(200)
})

describe('an evaluation passes by score, threshold or label', () => {
  it.each<[Partial<Evaluation>, string]>([
    [{ score: 0.7, threshold: 0.7 }, 'pass'],
    [{ score: 0.69, threshold: 0.7 }, 'fail'],
    [{ score: 0, threshold: 0 }, 'pass'],
    [{ label: 'Pass' }, 'pass'],
    [{ score: 1, label: 'fail' }, 'fail'],
    [{ score: 0.1, threshold: 0.5, label: 'pass' }, 'fail'],
    [{ score: 0.9 }, 'skipped'],
    [{ label: 'relevant' }, 'skipped'],
  ])('%o: %s', async (evaluation, outcome) => {
    const { tracer, held, scores, record } = setUp()
    record({ name: 'x', target: tracer.startSpan('chat'), ...evaluation })
    const [result] = await held.of('afn.llm.evaluation.results')
    expect(result?.attributes['afn.llm.evaluation.outcome']).toBe(outcome)
    expect(scores[0]?.dataType).toBe(evaluation.score === undefined ? 'CATEGORICAL' : 'NUMERIC')
  })
})

it('an evaluation of a span that has ended belongs to its user, session and trace', () => {
  const { tracer, ended, record } = setUp()
  const whose = {
    'user.id': 'u-1',
    'session.id': 's-1',
    'gen_ai.conversation.id': 'c-1',
    'langfuse.trace.name': 'POST /ask',
    'langfuse.trace.tags': ['beta'],
  }
  const span = tracer.startSpan('chat', { attributes: { ...attributes, ...whose } })
  span.end()
  record({ name: 'relevance', score: 1, target: span })
  expect(ended.at(-1)).toMatchObject({ name: 'evaluate relevance', attributes: whose })
  expect(ended.at(-1)?.attributes).not.toHaveProperty(['gen_ai.request.model'])

  const root = tracer.startSpan('POST /ask', { attributes: { 'afn.llm.local_root': true } })
  root.end()
  record({ name: 'relevance', score: 1, target: root })
  expect(ended.at(-1)?.attributes['langfuse.trace.name']).toBe('POST /ask')
})

describe('an evaluation with bad input', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the evaluation is of type undefined; give an object'],
    ['no name', { score: 1 }, 'name is missing; give'],
    ['neither score nor label', { name: 'x' }, 'score and label are missing; give one'],
    ['a score that is text', { name: 'x', score: '0.9' }, 'score is of type string; give a finite number'],
    ['NaN', { name: 'x', score: Number.NaN }, 'score is NaN; give a finite number'],
    ['a score off its scale', { name: 'x', score: 4 }, 'score 4 is not from 0 to 1; give min and max'],
    ['a threshold off it', { name: 'x', score: 1, threshold: 3 }, 'threshold 3 is not from 0 to 1; give min and max'],
    ['a scale of no length', { name: 'x', score: 1, min: 1 }, 'min is 1 and max is 1; give the lowest score and'],
    [
      'a type nobody knows',
      { name: 'x', score: 1, evaluator: { type: 'cat' } },
      'evaluator.type is of type string; it',
    ],
    [
      'a getter that throws',
      Object.defineProperty({}, 'name', {
        get: () => {
          throw new Error('mine')
        },
      }),
      'mine',
    ],
  ])('is a diagnostic, not thrown and not counted, for %s', async (_, evaluation, problem) => {
    const { held, problems, scores, record } = setUp()
    record(evaluation as Evaluation)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
    expect([await held.all(), scores]).toEqual([{}, []])
  })

  it.each<[string, unknown, string]>([
    ['no target', undefined, 'target is missing and no span is active; give the span'],
    ['ids that are none', { traceId: 'abc', spanId: 'b7ad6b7169203331' }, 'traceId (32 hexadecimal digits)'],
    ['ids of zeros', { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }, 'traceId (32 hexadecimal digits)'],
  ])('is a diagnostic and is counted, for %s', async (_, target, problem) => {
    const { held, problems, scores, record } = setUp()
    record({ name: 'x', score: 1, target: target as never })
    expect(problems[0]).toContain(problem)
    expect(await held.sum('afn.llm.evaluation.results')).toBe(1)
    expect(scores).toEqual([])
  })
})

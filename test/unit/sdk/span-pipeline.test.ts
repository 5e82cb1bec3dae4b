// The way out of spans behind a tracer provider of OpenTelemetry's SDK, which says when spans end.
import { SpanStatusCode } from '@opentelemetry/api'
import { InMemorySpanExporter, SamplingDecision, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Pricer } from '../../../src/app/llm/report/cost/pricer'
import type { LlmStages } from '../../../src/app/sdk/llm-stages'
import type { Sink } from '../../../src/app/sdk/sink'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { SpanPipeline } from '../../../src/app/sdk/span-pipeline'
import { diagnostics } from '../../../src/shared/diag/report'

const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 }
const codes = () => diagnostics().map(({ code }) => code)

let steps: string[]
let out: SpanCopy[]
beforeEach(() => {
  steps = []
  out = []
})
afterEach(() => vi.restoreAllMocks())

const step = (name: string) => () => void steps.push(name)
const priced = (ready: boolean): Pricer & { ready: boolean } => ({
  ready,
  table: undefined,
  async load() {
    this.ready = true
  },
  prepare: () => false,
  needs: call => call !== undefined && call.cost === undefined,
  price(span) {
    steps.push('price')
    span.own().price = 1
    if (span.call) span.call.cost = { total: 1, input: 1, output: undefined, currency: 'USD', source: 'local' }
  },
})

interface Parts {
  llm?: Partial<LlmStages>
  pricer?: Pricer
  redact?: (span: object) => void
  sink?: Partial<Sink<SpanCopy>>
  decision?: SamplingDecision
  isSpread?: boolean
}

function started({ llm, pricer = priced(true), redact = step('redact'), sink, decision, isSpread }: Parts = {}) {
  const stages: LlmStages = {
    normalise: step('normalise'),
    rootContent: step('root content'),
    count: [step('count')],
    write: [step('langfuse')],
    ...llm,
  }
  const add = (span: SpanCopy) => {
    steps.push('enqueue')
    out.push(span)
  }
  const redactor = {
    span: redact,
    *spanInPieces(span: object) {
      for (let n = 0; n < 4; n++) yield redact(span)
    },
  }
  const pipeline = new SpanPipeline(redactor, pricer, { add, async flush() {}, ...sink }, stages, isSpread)
  const sampler =
    decision === undefined ? {} : { sampler: { shouldSample: () => ({ decision }), toString: () => 'test' } }
  // theirs next to ours: what it gets is what really ended
  const theirs = new InMemorySpanExporter()
  const provider = new TracerProvider({
    ...sampler,
    spanProcessors: [pipeline, new SimpleSpanProcessor({ exporter: theirs })],
  })
  return { pipeline, theirs, provider, tracer: provider.getTracer('test') }
}

it('a call passes the stages in the order in which the file lists them', () => {
  started().tracer.startSpan('call', { attributes: chat }).end()
  expect(steps).toEqual(['normalise', 'root content', 'price', 'count', 'langfuse', 'redact', 'enqueue'])
})

it('a span leaves the turn in which it ended before it is priced, counted and redacted', async () => {
  const { pipeline, tracer } = started({ isSpread: true })
  tracer.startSpan('call', { attributes: chat }).end()
  expect(steps).toEqual(['normalise'])
  await pipeline.forceFlush()
  expect(steps).toEqual(['normalise', 'root content', 'price', 'count', 'langfuse', 'redact', 'enqueue'])
})

const content = { ...chat, 'gen_ai.input.messages': 'x'.repeat(65_536) }

it('a span with much text lets the event loop go round while it is redacted, and is counted before', async () => {
  const turns: number[] = []
  let turn = 0
  const redact = () => {
    const until = performance.now() + 3
    while (performance.now() < until);
    turns.push(turn)
  }
  const { tracer } = started({ isSpread: true, redact })
  tracer.startSpan('call', { attributes: content }).end()
  while (out.length === 0) {
    await new Promise(resolve => setImmediate(resolve))
    turn++
  }
  expect(new Set(turns).size).toBe(4)
  expect(steps).toEqual(['normalise', 'root content', 'price', 'count', 'langfuse', 'enqueue'])
})

it.each(['forceFlush', 'drainNow'] as const)('%s takes along what is redacted in pieces', async end => {
  const { pipeline, tracer } = started({ isSpread: true })
  for (let n = 0; n < 9; n++) tracer.startSpan('call', { attributes: n % 2 ? chat : content }).end()
  const ended = pipeline[end]()
  if (end === 'forceFlush') await ended
  expect(out).toHaveLength(9)
  expect(steps.filter(name => name === 'redact')).toHaveLength(4 + 5 * 4)
})

it('a span that cannot be redacted in pieces is dropped and said, and the next one leaves', async () => {
  let isBroken = true
  const redact = () => {
    if (isBroken) throw new Error('broken')
  }
  const { pipeline, tracer } = started({ isSpread: true, redact })
  tracer.startSpan('lost', { attributes: content }).end()
  await pipeline.forceFlush()
  expect(out).toEqual([])
  expect(codes()).toContain('AFN140')
  isBroken = false
  tracer.startSpan('sent', { attributes: content }).end()
  await pipeline.forceFlush()
  expect(out.map(({ name }) => name)).toEqual(['sent'])
})

it('a span for which there is no room is not redacted first, and a call of a model is counted all the same', () => {
  const refused: string[] = []
  const drops = ({ name }: SpanCopy) => refused.push(name) > 0
  const { tracer } = started({ sink: { drops } })
  tracer.startSpan('step').end()
  expect(steps).toEqual(['normalise'])
  tracer.startSpan('call', { attributes: chat }).end()
  expect(steps.slice(1)).toEqual(['normalise', 'root content', 'price', 'count', 'langfuse', 'redact', 'enqueue'])
  expect(refused).toEqual(['step'])
})

it('a process that ends has every span redacted and in the queue within the tick, one that waits for the price table too', () => {
  const { pipeline, tracer } = started({ isSpread: true, pricer: priced(false) })
  for (let i = 0; i < 100; i++) tracer.startSpan('call', { attributes: i % 2 ? chat : {} }).end()
  expect(out).toEqual([])
  pipeline.drainNow()
  expect(out).toHaveLength(100)
  expect(steps.filter(name => name === 'redact')).toHaveLength(100)
})

it('calls that waited for the price table are priced when somebody flushes, each once', async () => {
  const { pipeline, tracer } = started({ isSpread: true, pricer: priced(false) })
  for (let i = 0; i < 300; i++) tracer.startSpan('call', { attributes: chat }).end()
  await pipeline.forceFlush()
  expect(out).toHaveLength(300)
  expect(out.every(span => span.attributes.price === 1)).toBe(true)
})

it('the stages change a copy: the span that the app and other processors have stays as it ended', () => {
  const { tracer, theirs } = started({ llm: { normalise: span => void Object.assign(span.own(), { added: 'x' }) } })
  tracer.startSpan('call', { attributes: chat }).end()
  expect(out[0]?.attributes).toMatchObject({ added: 'x', price: 1 })
  expect(theirs.getFinishedSpans()[0]?.attributes).toEqual(chat)
})

it('a span that can not be redacted is dropped and reported, and the next one leaves', () => {
  let isBroken = true
  const redact = () => {
    if (isBroken) throw new Error('broken')
  }
  const { tracer } = started({ redact })
  tracer.startSpan('lost').end()
  expect(out).toEqual([])
  expect(codes()).toContain('AFN140')
  isBroken = false
  tracer.startSpan('sent').end()
  expect(out.map(({ name }) => name)).toEqual(['sent'])
})

it.each(['normalise', 'rootContent', 'langfuse'] as const)('a span leaves redacted where %s fails', stage => {
  const fails = () => {
    throw new Error('broken')
  }
  started({ llm: { [stage]: fails } })
    .tracer.startSpan('call', { attributes: chat })
    .end()
  expect(steps.slice(-2)).toEqual(['redact', 'enqueue'])
  expect(codes()).toContain('AFN161')
})

it('a sink that fails throws nothing into the app that ends a span', () => {
  const add = () => {
    throw new Error('broken')
  }
  const { tracer } = started({ sink: { add } })
  expect(() => tracer.startSpan('call').end()).not.toThrow()
})

it('a call that is not sampled is counted and priced, and goes no further', () => {
  const { tracer } = started({ decision: SamplingDecision.RECORD })
  tracer.startSpan('call', { attributes: chat }).end()
  tracer.startSpan('no call').end()
  expect(steps.filter(name => name === 'count')).toHaveLength(1)
  expect(steps).not.toContain('redact')
  expect(out).toEqual([])
})

it('calls wait for the price table while other spans go on, and a flush loads it', async () => {
  const { pipeline, tracer } = started({ pricer: priced(false) })
  tracer.startSpan('call', { attributes: chat }).end()
  tracer.startSpan('other').end()
  expect(out.map(({ name }) => name)).toEqual(['other'])
  await pipeline.forceFlush()
  expect(out.map(({ name }) => name)).toEqual(['other', 'call'])
  expect(out[1]?.attributes.price).toBe(1)
})

it('a process that ends within this tick sends what waits for the price table, with its price', () => {
  const { pipeline, tracer } = started({ pricer: priced(false) })
  tracer.startSpan('call', { attributes: chat }).end()
  pipeline.drainNow()
  expect(out.map(({ name, attributes }) => [name, attributes.price])).toEqual([['call', 1]])
})

it('drains the sink after everything has reached it', async () => {
  const drained: number[] = []
  const drain = async () => void drained.push(out.length)
  const { pipeline, tracer } = started({ pricer: priced(false), sink: { drain } })
  tracer.startSpan('call', { attributes: chat }).end()
  await pipeline.drain()
  expect(drained).toEqual([1])
})

it.each([
  [
    'what it recorded last',
    '@opentelemetry/instrumentation-pg',
    [new TypeError('a'), new RangeError('b')],
    'RangeError',
  ],
  ['_OTHER where it recorded nothing', '@opentelemetry/instrumentation-pg', [], '_OTHER'],
  ['nothing where it is of the app', 'app', [new TypeError('a')], undefined],
])('a span that failed and does not say by what has %s as error.type', (_, scope, errors, type) => {
  const { provider, theirs } = started()
  const span = provider.getTracer(scope).startSpan('query')
  for (const error of errors) span.recordException(error)
  span.setStatus({ code: SpanStatusCode.ERROR }).end()
  provider.getTracer(scope).startSpan('well').end()
  expect(out.map(({ attributes }) => attributes['error.type'])).toEqual([type, undefined])
  expect(theirs.getFinishedSpans()[0]?.attributes).toEqual({})
})

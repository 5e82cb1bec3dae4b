// Which LLM calls failed in the end. The client's own retries are the oracle: its promise is rejected or not.
import { context, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as observers from '../../../src/app/llm/observe/observers'
import { type LlmTap, startLlmTap } from '../../../src/app/llm/observe/start'
import { LLM_SCOPE } from '../../../src/app/llm/spans/span'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import type { SpanPipeline } from '../../../src/app/sdk/span-pipeline'
import { decide, type TierSpan } from '../../../src/shared/tiers'
import { Random } from '../../support/random'
import { exportPath } from './export-path'

const native = globalThis.fetch
let tap: LlmTap
let provider: TracerProvider
let path: SpanPipeline
let out: SpanCopy[]
/** Statuses of the answers to a question, in turn; the last for all that follow. */
let scripts: Map<string, number[]>

beforeEach(() => {
  scripts = new Map()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  globalThis.fetch = async (_, init) => {
    const question = JSON.parse(String(init?.body)).messages[0].content as string
    const script = scripts.get(question)!
    const status = script.length > 1 ? script.shift()! : script[0]!
    const answer = { id: 'c', object: 'chat.completion', model: 'm', choices: [] }
    return status === 200
      ? Response.json(answer)
      : Response.json({ error: { message: 'no' } }, { status, headers: { 'retry-after-ms': '1' } })
  }
  ;({ path, out } = exportPath())
  provider = new TracerProvider({ spanProcessors: [path] })
  tap = startLlmTap(
    {
      captureContent: 'off',
      tracer: provider.getTracer(LLM_SCOPE),
      began: (active, ours) => path.pair(active, ours),
      repeats: failed => path.repeats(failed),
      onFailure: error => {
        throw error
      },
    },
    () => observers,
  )
})
afterEach(() => {
  tap.stop()
  globalThis.fetch = native
  context.disable()
})

const client = () => new OpenAI({ apiKey: 'sk-test', maxRetries: 2, fetch: (...args) => fetch(...args) })
const ask = (question: string) =>
  client().chat.completions.create({ model: 'm', messages: [{ role: 'user', content: question }] })

const asTierSpan = (span: SpanCopy): TierSpan => ({
  traceId: span.context.traceId,
  parentSpanId: span.parentSpanContext?.spanId,
  kind: span.kind === SpanKind.CLIENT ? 'client' : span.kind === SpanKind.SERVER ? 'server' : 'internal',
  statusCode: span.status.code,
  start: 0n,
  end: 1n,
  attributes: span.attributes,
  events: [],
})

const wereRetried = () =>
  out.filter(span => span.kind === SpanKind.CLIENT).map(span => span.attributes['afn.llm.retried'])

describe('a call that is refused', () => {
  it('lifts its trace to errors exactly when its client gave up, in 1,000 traces', async () => {
    const random = new Random(42)
    const failed = new Map<string, boolean>()
    const tracer = provider.getTracer('app')
    const request = async (n: number) => {
      const handler = tracer.startSpan('POST /chat', { kind: SpanKind.SERVER })
      await context.with(trace.setSpan(context.active(), handler), async () => {
        const calls = Array.from({ length: random.pick([1, 1, 2, 3]) }, (_, call) => {
          // in some traces the same request is sent twice
          const question = `${n} ${random.chance(0.2) ? 0 : call}`
          const fails = () => random.pick([429, 429, 500, 503, 529, 400, 401, 404])
          if (!scripts.has(question))
            scripts.set(
              question,
              [fails(), fails(), fails()].slice(random.below(4)).concat(random.pick([200, 200, 429])),
            )
          return question
        })
        let isFailed = false
        for (const question of calls)
          await ask(question).catch(() => {
            isFailed = true
          })
        failed.set(handler.spanContext().traceId, isFailed)
      })
      // as express' default handler has it: the status of the error goes on, and a 4xx is no error of a server
      handler.end()
    }
    for (let n = 0; n < 1_000; n += 20) await Promise.all(Array.from({ length: 20 }, (_, at) => request(n + at)))
    await path.forceFlush()
    const traces = new Map<string, SpanCopy[]>()
    for (const span of out) traces.set(span.context.traceId, [...(traces.get(span.context.traceId) ?? []), span])
    expect(traces.size).toBe(1_000)
    const decided = [...traces].map(([id, spans]) => [id, decide(spans.map(asTierSpan)).tier === 'errors'])
    expect(Object.fromEntries(decided)).toEqual(Object.fromEntries(failed))
    const counts = [...failed.values()].filter(Boolean).length
    expect(counts).toBeGreaterThan(200)
    expect(counts).toBeLessThan(800)
  })

  it('is known without a span above it, since its client counts', async () => {
    scripts.set('a', [429, 200])
    await ask('a')
    scripts.set('b', [429])
    await expect(ask('b')).rejects.toMatchObject({ status: 429 })
    await path.forceFlush()
    expect(wereRetried()).toEqual([true, undefined, true, true, false])
  })

  it('is known to have failed when the span above it ends, before that span goes on', async () => {
    scripts.set('a', [503])
    const parent = provider.getTracer('app').startSpan('handler')
    await context.with(trace.setSpan(context.active(), parent), () => ask('a').catch(() => {}))
    expect(wereRetried()).toEqual([true, true])
    parent.end()
    expect(out.map(({ name, attributes }) => [name, attributes['afn.llm.retried']])).toEqual([
      ['chat m', true],
      ['chat m', true],
      ['chat m', false],
      ['handler', undefined],
    ])
  })

  it.each([400, 401, 404, 422])('with %i goes on at once, since no client tries it again', async status => {
    scripts.set('a', [status])
    await ask('a').catch(() => {})
    expect(wereRetried()).toEqual([false])
  })
})

// Calls that several libraries trace: the spans are made by a real SDK behind the way out that the preload has.
import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isModelCall } from '../../../src/app/llm/spans/operations'
import { LLM_SCOPE } from '../../../src/app/llm/spans/span'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import type { SpanPipeline } from '../../../src/app/sdk/span-pipeline'
import { diagnostics } from '../../../src/shared/diag/report'
import { exportPath } from './export-path'

let out: SpanCopy[]
let path: SpanPipeline
let provider: TracerProvider

beforeEach(() => {
  ;({ path, out } = exportPath())
  provider = new TracerProvider({ spanProcessors: [path] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => context.disable())

type Attributes = Record<string, string | number>
const start = (scope: string, attributes: Attributes = {}, parent?: Span) =>
  provider
    .getTracer(scope)
    .startSpan(scope, { attributes }, parent ? trace.setSpan(context.active(), parent) : context.active())
const ours = (parent?: Span, attributes: Attributes = {}) =>
  start(LLM_SCOPE, { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt', ...attributes }, parent)
const usage = (input: number, output: number): Attributes => ({
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  'afn.llm.usage.source': 'provider',
})
const missing = { 'afn.llm.usage.source': 'missing' }
const theirs = {
  'gen_ai of today': { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt' },
  'old gen_ai': { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt' },
  OpenInference: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt' },
  OpenLLMetry: { 'llm.request.type': 'chat', 'gen_ai.request.model': 'gpt' },
  'AI SDK': { 'ai.operationId': 'ai.streamText.doStream', 'ai.model.id': 'gpt' },
  Langfuse: { 'langfuse.observation.type': 'generation', 'langfuse.observation.model.name': 'gpt' },
} satisfies Record<string, Attributes>
const usages = () =>
  out.map(({ instrumentationScope: { name }, attributes }) => [
    name,
    attributes['gen_ai.usage.input_tokens'],
    attributes['afn.llm.usage.rollup'] ?? false,
  ])
const id = (span: Span) => span.spanContext().spanId

describe('a call that a span above ours repeats', () => {
  describe.each(Object.entries(theirs))('%s', (_, attributes) => {
    it.each(['theirs ends last', 'ours ends last'])('is exported as one span: %s', order => {
      const outer = start('lib', { ...attributes, 'prompt.kept': 'x' })
      const inner = ours(outer, usage(10, 5))
      for (const span of order === 'ours ends last' ? [outer, inner] : [inner, outer]) {
        expect(out).toEqual([])
        span.end()
      }
      expect(out).toHaveLength(1)
      expect(out[0]).toMatchObject({ name: LLM_SCOPE, attributes: { 'prompt.kept': 'x', ...usage(10, 5) } })
      expect(out[0]?.context.spanId).toBe(id(outer))
      expect(out[0]?.attributes['afn.llm.usage.rollup']).toBeUndefined()
      expect(path.deduplicator.counts.libraries).toEqual(['lib'])
    })
  })

  it('is one span also where spans of no LLM stand between the two', () => {
    const outer = start('lib', theirs.OpenInference)
    const between = start('http', {}, outer)
    ours(trace.wrapSpanContext(between.spanContext()), usage(1, 1)).end()
    between.end()
    outer.end()
    expect(usages()).toEqual([
      ['http', undefined, false],
      [LLM_SCOPE, 1, false],
    ])
  })

  it.each([
    ['an agent', { 'gen_ai.operation.name': 'invoke_agent' }],
    ['a tool', { 'ai.operationId': 'ai.toolCall' }],
    ['a request of the app', {}],
    ['embeddings', { 'gen_ai.operation.name': 'embeddings' }],
  ])('is not merged with %s', (_, attributes) => {
    const outer = start('lib', attributes as Attributes)
    ours(outer, usage(1, 1)).end()
    expect(out).toHaveLength(1)
    outer.end()
    expect(out).toHaveLength(2)
  })

  it('is not merged with the model call that a tool of it makes', () => {
    const outer = start('lib', { ...theirs.OpenLLMetry, ...usage(9, 9) })
    const tool = start('lib', { 'gen_ai.operation.name': 'execute_tool' }, outer)
    ours(tool, usage(1, 1)).end()
    tool.end()
    outer.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 1, false],
      ['lib', undefined, false],
      ['lib', 9, false],
    ])
  })

  it('of several attempts each keeps its own duration, and the span above them is not counted', () => {
    const outer = start('lib', theirs['gen_ai of today'])
    const failed = ours(outer, missing)
    failed.setStatus({ code: SpanStatusCode.ERROR })
    failed.end()
    const answered = ours(outer, usage(3, 1))
    answered.end()
    outer.end()
    expect(out.map(span => [span.context.spanId, span.status.code])).toEqual([
      [id(failed), SpanStatusCode.ERROR],
      [id(answered), SpanStatusCode.UNSET],
      [id(outer), SpanStatusCode.UNSET],
    ])
    expect(usages().map(([, input, isRollup]) => [input, isRollup])).toEqual([
      [undefined, false],
      [3, false],
      [undefined, true],
    ])
  })

  it('stays apart from a span that sums up several calls, which is counted as none of them', () => {
    const outer = start('lib', { ...theirs.OpenLLMetry, ...usage(30, 3) })
    ours(outer, usage(10, 1)).end()
    ours(outer, usage(20, 2)).end()
    outer.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 10, false],
      [LLM_SCOPE, 20, false],
      ['lib', 30, true],
    ])
  })

  it('is counted once where a library wraps another library', () => {
    const framework = start('framework', { ...theirs.OpenLLMetry, ...usage(10, 5) })
    const lib = start('lib', { ...theirs.OpenInference, 'llm.token_count.prompt': 10 }, framework)
    ours(lib, usage(10, 5)).end()
    lib.end()
    framework.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 10, false],
      ['framework', 10, true],
    ])
  })

  it('has the counts of the outer span where the wire has no usage, and says so', () => {
    const outer = start('lib', { ...theirs.OpenLLMetry, ...usage(10, 5) })
    ours(outer, missing).end()
    outer.end()
    expect(out[0]?.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 10, 'afn.llm.usage.source': 'estimated' })
  })

  it('keeps counts and cost of the wire where both spans have them', () => {
    const outer = start('lib', {
      ...theirs.Langfuse,
      'langfuse.observation.cost_details': '{"total":9}',
      'langfuse.observation.usage_details': '{"input":1,"input_cached_tokens":6,"output":9}',
    })
    ours(outer, usage(10, 5)).end()
    outer.end()
    expect(out[0]?.attributes).toMatchObject(usage(10, 5))
    expect(out[0]?.attributes['gen_ai.usage.cache_read.input_tokens']).toBeUndefined()
    expect(out[0]?.attributes['afn.llm.cost.total']).toBeUndefined()
  })

  it('is counted once where a flush exported ours before the outer span', async () => {
    const outer = start('lib', { ...theirs.OpenLLMetry, ...usage(10, 5) })
    ours(outer, usage(10, 5)).end()
    await path.forceFlush()
    outer.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 10, false],
      ['lib', 10, true],
    ])
  })

  it('is one span where only the body of an HTTP request shows that it is an LLM call', () => {
    const sdk = start('sdk', theirs['gen_ai of today'])
    const http = start('http', {}, sdk)
    const call = ours(http, usage(2, 1))
    http.setAttribute('gen_ai.operation.name', 'chat')
    path.pair(http, call)
    call.end()
    http.end()
    expect(out).toEqual([])
    sdk.end()
    expect(usages()).toEqual([[LLM_SCOPE, 2, false]])
    expect(out[0]?.context.spanId).toBe(id(sdk))
  })
})

describe('a call that a span next to ours repeats', () => {
  const langchain = (parent: Span | undefined, input: number, more: Attributes = {}) =>
    start(
      'langchain',
      { ...theirs.OpenInference, 'llm.token_count.prompt': input, 'llm.token_count.completion': 5, ...more },
      parent,
    )

  it('in the same trace is one span, in the place of theirs', () => {
    const request = start('app')
    const chain = start('langchain', { 'openinference.span.kind': 'CHAIN' }, request)
    const callback = langchain(chain, 10)
    ours(request, usage(10, 5)).end()
    expect(out).toEqual([])
    callback.end()
    chain.end()
    request.end()
    expect(usages().map(([scope]) => scope)).toEqual([LLM_SCOPE, 'langchain', 'app'])
    expect(out[0]?.context.spanId).toBe(id(callback))
    expect(out[0]?.parentSpanContext?.spanId).toBe(id(chain))
    expect(path.deduplicator.counts.libraries).toEqual(['langchain'])
  })

  it('in a script, where each span has a trace of its own, is one span in the trace of theirs', () => {
    const chain = start('langchain', { 'openinference.span.kind': 'CHAIN' })
    const callback = langchain(chain, 10)
    ours(undefined, usage(10, 5)).end()
    callback.end()
    chain.end()
    expect(out.map(span => [span.context.traceId, span.attributes['afn.llm.local_root']])).toEqual([
      [chain.spanContext().traceId, undefined],
      [chain.spanContext().traceId, true],
    ])
  })

  it('is one span where three libraries record it', () => {
    const request = start('app')
    const callback = langchain(request, 10)
    const lib = start('lib', { ...theirs.OpenInference }, request)
    ours(lib, usage(10, 5)).end()
    lib.end()
    callback.end()
    expect(usages()).toEqual([[LLM_SCOPE, 10, false]])
  })

  it('is found among calls that run at the same time', () => {
    const request = start('app')
    const callbacks = [langchain(request, 10), langchain(request, 20), langchain(request, 30)]
    for (const input of [30, 10, 20]) ours(request, usage(input, 5)).end()
    for (const callback of callbacks) callback.end()
    expect(out.map(span => [span.context.spanId, span.attributes['gen_ai.usage.input_tokens']])).toEqual(
      callbacks.map((callback, n) => [id(callback), [10, 20, 30][n]]),
    )
  })

  it.each([
    ['other counts', 11, {}],
    ['another model', 10, { 'llm.model_name': 'claude' }],
    ['another answer', 10, { 'gen_ai.response.id': 'b' }],
  ])('is not merged with %s', (_, input, more) => {
    const request = start('app')
    const callback = langchain(request, input, more as Attributes)
    ours(request, { ...usage(10, 5), 'gen_ai.response.id': 'a' }).end()
    callback.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 10, false],
      ['langchain', input, false],
    ])
  })

  it('is not merged with a span in the trace of another request', () => {
    const other = start('http')
    langchain(other, 10)
    ours(undefined, usage(10, 5)).end()
    expect(out).toHaveLength(1)
  })

  it('is one span where theirs has no counts, and no other call can be meant', () => {
    const request = start('app')
    const callback = start('langchain', theirs.OpenInference, request)
    ours(request, usage(10, 5)).end()
    callback.end()
    expect(usages()).toEqual([[LLM_SCOPE, 10, false]])
  })

  it('is one span where theirs counts the input without cached tokens', () => {
    const request = start('app')
    const callback = langchain(request, 4)
    ours(request, { ...usage(10, 5), 'gen_ai.usage.cache_read.input_tokens': 6 }).end()
    callback.end()
    expect(usages()).toEqual([[LLM_SCOPE, 10, false]])
  })

  it('is counted once where a flush came between the two', async () => {
    const request = start('app')
    const callback = langchain(request, 10)
    ours(request, usage(10, 5)).end()
    await path.forceFlush()
    callback.end()
    expect(usages()).toEqual([
      [LLM_SCOPE, 10, false],
      ['langchain', 10, true],
    ])
  })
})

describe('the first span of a process in a trace', () => {
  it('is marked where an LLM span is below it, and no other span is', () => {
    const remote = trace.wrapSpanContext({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: 1,
      isRemote: true,
    })
    const request = start('app', {}, remote)
    const step = start('app', {}, request)
    const call = ours(step, usage(1, 1))
    const plain = start('app')
    for (const span of [call, step, request, plain]) span.end()
    expect(out.map(span => span.attributes['afn.llm.local_root'])).toEqual([undefined, undefined, true, undefined])
  })

  it('is marked where the span below shows only at its end that it is an LLM span', () => {
    const request = start('app')
    const late = start('lib', {}, request)
    late.setAttribute('openinference.span.kind', 'AGENT')
    late.end()
    request.end()
    expect(out[1]?.attributes['afn.llm.local_root']).toBe(true)
  })
})

describe('an LLM span under spans of no LLM', () => {
  const above = () => Object.fromEntries(out.map(span => [span.name, span.attributes['afn.llm.parent_id']]))

  it('names as its LLM parent the nearest LLM span above, or else the local root', () => {
    const request = start('app')
    const agent = start('agent', { 'openinference.span.kind': 'AGENT' }, start('middleware', {}, request))
    const tool = start('tool', { 'gen_ai.operation.name': 'execute_tool' }, agent)
    const call = ours(start('http', {}, start('queue', {}, tool)))
    for (const span of [call, tool, agent, request]) span.end()
    expect(above()).toEqual({ [LLM_SCOPE]: id(tool), tool: undefined, agent: id(request), app: undefined })
  })
})

describe('calls whose other span does not end', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const counted = () => out.filter(({ attributes }) => isModelCall(attributes))
  const tokens = () =>
    counted().reduce((sum, { attributes }) => sum + Number(attributes['gen_ai.usage.input_tokens']), 0)
  const around = () => start('lib', theirs['gen_ai of today'])

  it.each([
    ['above', () => around()],
    ['beside', () => void start('lib', theirs['gen_ai of today'])],
  ])('are exported within 30 s, though the span %s them never ends', (_, never) => {
    const parent = never()
    for (let n = 0; n < 100; n++) ours(parent ?? undefined, usage(1, n)).end()
    expect(out).toHaveLength(0)
    vi.advanceTimersByTime(30_000)
    expect([counted().length, tokens(), path.deduplicator.counts.evicted]).toEqual([100, 100, 100])
    expect(diagnostics().map(({ code }) => code)).toContain('AFN152')
  })

  it('are counted once when that span ends in the end, and reports all they used', () => {
    const outer = around()
    for (let n = 0; n < 10; n++) ours(outer, usage(1, n)).end()
    vi.advanceTimersByTime(30_000)
    outer.setAttributes(usage(10, 45)).end()
    expect([out.length, counted().length, tokens()]).toEqual([11, 10, 10])
  })

  it('are the call of another library when the one on the wire never ends', () => {
    const outer = around()
    const inner = ours(outer)
    outer.setAttributes(usage(7, 1)).end()
    expect(out).toHaveLength(0)
    vi.advanceTimersByTime(30_000)
    expect([counted().length, tokens()]).toEqual([1, 7])
    inner.setAttributes(usage(7, 1)).end()
    expect([out.length, counted().length, tokens()]).toEqual([2, 1, 7])
  })

  it('are merged with a span next to them that ends later', () => {
    const request = start('app')
    const sibling = start('lib', theirs['gen_ai of today'], request)
    ours(request, usage(3, 1)).end()
    vi.advanceTimersByTime(30_000)
    expect(out).toHaveLength(1)
    sibling.setAttributes(usage(3, 1)).end()
    expect([out.length, counted().length, tokens()]).toEqual([2, 1, 3])
  })

  it('take at most 16 MiB, however large their content is', () => {
    const outer = around()
    const text = 'x'.repeat(2 ** 20)
    for (let n = 0; n < 64; n++) ours(outer, { ...usage(1, n), 'gen_ai.input.messages': text }).end()
    expect(out.length).toBeGreaterThan(64 - 16)
    expect(out.length).toBeLessThan(64 - 8)
    vi.advanceTimersByTime(30_000)
    expect([counted().length, tokens()]).toEqual([64, 64])
  })

  it('are all exported at a flush, in portions that the queue can take', async () => {
    const flushes: number[] = []
    ;({ path, out } = exportPath(undefined, async () => void flushes.push(out.length)))
    provider = new TracerProvider({ spanProcessors: [path] })
    const outer = around()
    for (let n = 0; n < 2_000; n++) ours(outer, usage(1, n)).end()
    await path.forceFlush()
    expect(out).toHaveLength(2_000)
    expect(Math.max(...flushes.map((length, n) => length - (flushes[n - 1] ?? 0)))).toBeLessThanOrEqual(512)
  })

  it('do not keep the process alive', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    ours(around(), usage(1, 1)).end()
    vi.advanceTimersByTime(2_000)
    const made = timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())
    expect(made.length).toBeGreaterThan(1)
    expect(made).not.toContain(true)
  })

  it('do not wait for a span that the sampler drops', () => {
    const outer = around()
    ours(outer, usage(1, 1)).end()
    expect(out).toHaveLength(0)
    path.deduplicator.forget(id(outer))
    expect(counted()).toHaveLength(1)
  })
})

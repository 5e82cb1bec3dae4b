// Each rule of LangFuse's mapping by kind of span (research: langfuse-mapping.md, run against LangFuse v4.16).
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { forLangfuse } from '../../../../../src/app/llm/report/langfuse/attributes'
import { createRootContent } from '../../../../../src/app/llm/report/langfuse/root'
import { chat, llmSpan, priced, type SpanLike } from '../../llm-span'

/** What the stage adds, without the prefix; `-key` is what it takes away. */
function mapped(span: SpanLike): Record<string, unknown> {
  const copy = llmSpan(span)
  const before = { ...copy.attributes }
  forLangfuse(copy)
  const added = Object.entries(copy.attributes).filter(([key, value]) => before[key] !== value)
  const gone = Object.keys(before).filter(key => !(key in copy.attributes))
  return Object.fromEntries([
    ...added.map(([key, value]) => [key.replace('langfuse.', ''), value]),
    ...gone.map(key => [`-${key}`, before[key]]),
  ])
}

const usage = (attributes: Attributes) => JSON.parse(mapped({ attributes })['observation.usage_details'] as string)
const cost = (attributes: Attributes) => JSON.parse(mapped({ attributes })['observation.cost_details'] as string)
const failed = { code: 2, message: 'no' }
const NO_USAGE = '{"input":0,"output":0,"total":0}'
const NO_COST = '{"total":0}'

describe('a call of a model in LangFuse', () => {
  it('has usage in buckets that exclude each other, and their sum', () => {
    expect(usage(chat)).toEqual({ input: 1_000, output: 100, total: 1_100 })
    const all = {
      ...chat,
      'gen_ai.usage.cache_read.input_tokens': 300,
      'gen_ai.usage.cache_write.input_tokens': 200,
      'gen_ai.usage.audio.input_tokens': 150,
      'gen_ai.usage.audio.cache_read.input_tokens': 50,
      'gen_ai.usage.reasoning.output_tokens': 60,
      'gen_ai.usage.audio.output_tokens': 10,
    }
    expect(usage(all)).toEqual({
      input: 400,
      input_cached_tokens: 300,
      input_cache_creation: 200,
      input_audio_tokens: 100,
      output: 30,
      output_reasoning_tokens: 60,
      output_audio_tokens: 10,
      total: 1_100,
    })
  })

  it('adds the writes of both lifetimes where the sum is absent', () => {
    const written = {
      ...chat,
      'afn.llm.usage.cache_write_5m.input_tokens': 100,
      'afn.llm.usage.cache_write_1h.input_tokens': 50,
    }
    expect(usage(written)).toMatchObject({ input: 850, input_cache_creation: 150, total: 1_100 })
  })

  it('has no bucket below 0 and no fraction, whatever a foreign span says', () => {
    const odd = { ...chat, 'gen_ai.usage.cache_read.input_tokens': 2_000, 'gen_ai.usage.output_tokens': 1.5 }
    expect(usage(odd)).toEqual({ input: 0, input_cached_tokens: 2_000, total: 2_000 })
  })

  it('has its cost with the total, and none under gen_ai.usage', () => {
    expect(cost(priced)).toEqual({ input: 0.00015, output: 0.00006, total: 0.00021 })
    expect(cost({ ...chat, 'afn.llm.cost.total': 0.5 })).toEqual({ total: 0.5 })
    const keys = Object.keys(mapped({ attributes: priced }))
    expect(keys).toEqual(['observation.usage_details', 'observation.cost_details'])
  })

  it('leaves the cost to LangFuse where nobody here knows it, or in another currency', () => {
    expect(mapped({ attributes: chat })).not.toHaveProperty(['observation.cost_details'])
    const euro = { ...priced, 'afn.llm.cost.currency': 'EUR' }
    expect(mapped({ attributes: euro })).not.toHaveProperty(['observation.cost_details'])
  })

  it('is billed nothing when it failed', () => {
    const refused = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' }
    expect(mapped({ attributes: refused, status: failed })).toEqual({
      'observation.usage_details': NO_USAGE,
      'observation.cost_details': NO_COST,
    })
    // but what a cut stream used stays
    expect(mapped({ attributes: priced, status: failed })).toHaveProperty(
      ['observation.usage_details'],
      '{"input":1000,"output":100,"total":1100}',
    )
  })

  it('is billed nothing when nobody counted its tokens: LangFuse would count and bill the redacted text', () => {
    const uncounted = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' }
    const nothing = { 'observation.usage_details': NO_USAGE, 'observation.cost_details': NO_COST }
    expect(mapped({ attributes: { ...uncounted, 'afn.llm.usage.source': 'missing' } })).toEqual(nothing)
    // a gateway may say what a call cost, and not what it used
    expect(mapped({ attributes: { ...uncounted, 'afn.llm.cost.total': 0.5 } })).toEqual({
      ...nothing,
      'observation.cost_details': '{"total":0.5}',
    })
  })

  it('has its sum where only the sum is there', () => {
    const whole = { 'gen_ai.operation.name': 'chat', 'afn.llm.usage.total_tokens': 1_500 }
    expect(usage(whole)).toEqual({ total: 1_500 })
  })

  it('says when its first chunk came, as ISO text', () => {
    const streamed = { ...chat, 'gen_ai.response.time_to_first_chunk': 0.5 }
    expect(mapped({ attributes: streamed })).toHaveProperty(
      ['observation.completion_start_time'],
      '2026-09-01T12:00:00.750Z',
    )
    expect(mapped({ attributes: chat })).not.toHaveProperty(['observation.completion_start_time'])
    const odd = { ...chat, 'gen_ai.response.time_to_first_chunk': Number.NaN }
    expect(mapped({ attributes: odd })).not.toHaveProperty(['observation.completion_start_time'])
  })

  it('has no prompt name where LangFuse reads messages', () => {
    const prompt = {
      ...chat,
      'gen_ai.prompt.name': 'greet',
      'gen_ai.prompt.version': '7',
      'gen_ai.prompt.variable.who': 'Ada',
    }
    expect(mapped({ attributes: prompt })).toMatchObject({
      'observation.prompt.name': 'greet',
      'observation.prompt.version': '7',
      'afn.llm.prompt.variable.who': 'Ada',
      '-gen_ai.prompt.name': 'greet',
      '-gen_ai.prompt.version': '7',
      '-gen_ai.prompt.variable.who': 'Ada',
    })
    // those of OpenLLMetry are the conversation
    expect(mapped({ attributes: { ...chat, 'gen_ai.prompt.0.content': 'hi' } })).not.toHaveProperty([
      '-gen_ai.prompt.0.content',
    ])
  })

  it('keeps the LangFuse attributes that the app wrote', () => {
    const own = { ...priced, 'langfuse.observation.cost_details': '{"total":9}' }
    expect(mapped({ attributes: own })).not.toHaveProperty(['observation.cost_details'])
  })
})

describe('an embeddings call in LangFuse', () => {
  const embeddings = {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.request.model': 'text-embedding-3-small',
    'gen_ai.usage.input_tokens': 12,
    'afn.llm.cost.total': 2.4e-7,
    'afn.llm.cost.input': 2.4e-7,
  }
  it('has no output', () => {
    expect(usage(embeddings)).toEqual({ input: 12, total: 12 })
    expect(cost(embeddings)).toEqual({ input: 2.4e-7, total: 2.4e-7 })
  })

  it('is billed nothing when it failed', () => {
    const refused = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'text-embedding-3-small' }
    expect(mapped({ attributes: refused, status: failed })).toMatchObject({
      'observation.usage_details': '{"input":0,"total":0}',
    })
  })
})

describe('a span that is no call of a model in LangFuse', () => {
  it.each([
    ['create_agent', 'agent'],
    ['invoke_agent', 'agent'],
    ['invoke_workflow', 'chain'],
    ['execute_tool', 'tool'],
    ['retrieval', 'retriever'],
    ['guardrail', 'guardrail'],
    ['rerank', 'span'],
    ['search_memory', 'span'],
  ])('%s is of the type %s, and bills nothing', (operation, type) => {
    const plain = { 'gen_ai.operation.name': operation }
    expect(mapped({ attributes: plain })).toEqual({ 'observation.type': type })
    for (const billable of [
      { 'gen_ai.request.model': 'gpt-4o' },
      { model: 'gpt-4o' },
      { 'gen_ai.usage.input_tokens': 5 },
    ]) {
      expect(mapped({ attributes: { ...plain, ...billable } })).toEqual({
        'observation.type': type,
        'observation.usage_details': NO_USAGE,
        'observation.cost_details': NO_COST,
      })
    }
  })

  it('bills nothing where it is a chat that sums up the calls below it', () => {
    expect(mapped({ attributes: { ...priced, 'afn.llm.usage.rollup': true } })).toEqual({
      'observation.type': 'span',
      'observation.usage_details': NO_USAGE,
      'observation.cost_details': NO_COST,
    })
  })

  it('has query and documents as a pair where it is a retrieval', () => {
    const attributes = {
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.retrieval.query.text': 'refunds',
      'gen_ai.retrieval.documents': [{ id: 'a' }],
    }
    expect(mapped({ attributes: attributes as never })).toMatchObject({
      'observation.input': 'refunds',
      'observation.output': '[{"id":"a"}]',
    })
  })

  it('has the type evaluator where it is an evaluation', () => {
    const attributes = {
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.evaluation.score.value': 4,
      'afn.llm.evaluation.outcome': 'pass',
    }
    expect(mapped({ attributes, kind: 0 })).toEqual({
      'observation.type': 'evaluator',
      'observation.input': 'relevance',
      'observation.output': '{"score":4,"outcome":"pass"}',
    })
  })

  it('is not touched where it is a plain span, which is not sent there', () => {
    expect(mapped({ attributes: { 'http.request.method': 'GET', model: 'T' } })).toEqual({})
  })
})

describe('an error in LangFuse', () => {
  it('has level and message where the status does not say them', () => {
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'error.type': 'timeout' }
    expect(mapped({ attributes })).toMatchObject({
      'observation.level': 'ERROR',
      'observation.status_message': 'timeout',
    })
    const withStatus = mapped({ attributes, status: { code: 2 } })
    expect(withStatus).toMatchObject({ 'observation.status_message': 'timeout' })
    expect(withStatus).not.toHaveProperty(['observation.level'])
    expect(mapped({ attributes, status: failed })).toEqual({ 'observation.type': 'tool' })
  })
})

describe('an attempt that failed in LangFuse', () => {
  const refused = { 'gen_ai.operation.name': 'chat', 'error.type': '429' }
  const status = { code: 2, message: '429' }

  it('is a warning when another one followed, and an error when it was the last', () => {
    const level = (retried: boolean | undefined, of: SpanLike['status'] = status) =>
      mapped({ attributes: { ...refused, ...(retried !== undefined && { 'afn.llm.retried': retried }) }, status: of! })[
        'observation.level'
      ]
    expect([level(true), level(true, { code: 0 })]).toEqual(['WARNING', 'WARNING'])
    // LangFuse reads the status itself
    expect([level(false), level(undefined)]).toEqual([undefined, undefined])
    expect([level(false, { code: 0 }), level(undefined, { code: 0 })]).toEqual(['ERROR', 'ERROR'])
  })

  it('is none where the attempt succeeded', () => {
    expect(mapped({ attributes: { ...chat, 'afn.llm.retried': true } })).not.toHaveProperty(['observation.level'])
  })
})

describe('a structured value for LangFuse', () => {
  it('is JSON text', () => {
    const attributes = { ...chat, 'gen_ai.input.messages': [{ role: 'user', parts: [] }] }
    expect(mapped({ attributes: attributes as never })).toHaveProperty(
      ['gen_ai.input.messages'],
      '[{"role":"user","parts":[]}]',
    )
  })

  it('is moved with its pair where one of the two stands under a name of LangFuse', () => {
    const attributes = {
      ...chat,
      'langfuse.observation.input': 'hi',
      'gen_ai.input.messages': '[1]',
      'gen_ai.output.messages': '[2]',
    }
    expect(mapped({ attributes })).toMatchObject({ 'observation.output': '[2]' })
    const { 'langfuse.observation.input': _, ...plain } = attributes
    expect(mapped({ attributes: plain })).not.toHaveProperty(['observation.output'])
  })

  it('is no empty list of tags', () => {
    const attributes = { ...chat, 'langfuse.trace.tags': [] as string[] }
    expect(mapped({ attributes })).toHaveProperty(['-langfuse.trace.tags'])
    expect(mapped({ attributes: { ...chat, 'langfuse.trace.tags': ['a'] } })).not.toHaveProperty([
      '-langfuse.trace.tags',
    ])
  })
})

describe('the root of a trace in LangFuse', () => {
  const root = { 'afn.llm.local_root': true }

  it('names the trace and bills nothing', () => {
    expect(mapped({ name: 'POST /ask', attributes: { ...root, 'http.route': '/ask' } })).toEqual({
      'trace.name': 'POST /ask',
      'observation.type': 'span',
    })
    expect(mapped({ name: 'job', attributes: { ...root, model: 'gpt-4o' } })).toMatchObject({
      'observation.usage_details': NO_USAGE,
      'observation.cost_details': NO_COST,
    })
  })

  it('has the first input and the last output', () => {
    const see = createRootContent()
    const call = (input: string, output: string | undefined, traceId?: string) =>
      see(
        llmSpan({
          attributes: { ...chat, 'gen_ai.input.messages': input, 'gen_ai.output.messages': output as never },
          ...(traceId && { traceId }),
        }),
      )
    call('[1]', '[2]')
    call('[elsewhere]', '[x]', 'f'.repeat(32))
    call('[3]', '[4]')
    call('[5]', undefined)
    const span = llmSpan({ attributes: root })
    see(span)
    expect(span.attributes).toEqual({
      ...root,
      'langfuse.observation.input': '[1]',
      'langfuse.observation.output': '[4]',
    })
    const again = llmSpan({ attributes: root })
    see(again)
    expect(again.attributes).toEqual(root)
  })

  it('repeats nothing where it is the call itself, or where nothing was captured', () => {
    const see = createRootContent()
    const own = { ...chat, ...root, 'gen_ai.input.messages': '[1]' }
    const span = llmSpan({ attributes: own })
    see(span)
    expect(span.attributes).toEqual(own)
    see(llmSpan({ attributes: chat }))
    const empty = llmSpan({ attributes: root })
    see(empty)
    expect(empty.attributes).toEqual(root)
  })

  it('is let go where too many are open', () => {
    const see = createRootContent()
    const trace = (n: number) => n.toString(16).padStart(32, '0')
    for (let n = 0; n < 200; n++) {
      see(llmSpan({ attributes: { ...chat, 'gen_ai.input.messages': '[1]' }, traceId: trace(n) }))
    }
    const roots = [0, 199].map(n => llmSpan({ attributes: root, traceId: trace(n) }))
    for (const span of roots) see(span)
    expect(roots.map(span => span.attributes['langfuse.observation.input'])).toEqual([undefined, '[1]'])
  })
})

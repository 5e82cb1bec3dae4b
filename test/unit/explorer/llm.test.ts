import { describe, expect, it } from 'vitest'
import { llmCallOf, totalOf } from '../../../src/backend/explorer/data/llm'
import { llmFactsOf } from '../../../src/backend/explorer/data/llm-facts'
import { readMessages } from '../../../src/backend/explorer/data/messages'
import { attributes, span } from './spans'

const call = (values: Record<string, string | number | boolean>, seconds = 4) =>
  span('a', '', 0, seconds * 1e9, { attributes: attributes({ 'gen_ai.operation.name': 'chat', ...values }) })

describe('tokens by kind', () => {
  it('do not overlap and add up: cached tokens are in the input, reasoning is in the output', () => {
    const { tokens } = llmCallOf(
      call({
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.cache_read.input_tokens': 700,
        'gen_ai.usage.cache_write.input_tokens': 200,
        'gen_ai.usage.output_tokens': 300,
        'gen_ai.usage.reasoning.output_tokens': 250,
      }),
    )!
    expect(tokens?.kinds).toEqual({ input: 100, cached: 700, cacheWrite: 200, output: 50, reasoning: 250 })
    expect(tokens?.total).toBe(1300)
  })

  it('are never negative, even where a sender counts cached tokens apart', () => {
    const { tokens } = llmCallOf(
      call({ 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.cache_read.input_tokens': 500 }),
    )!
    expect(tokens?.kinds.input).toBe(0)
  })

  it('are absent where the span has none', () => {
    expect(llmCallOf(call({}))?.tokens).toBeUndefined()
  })
})

describe('a call', () => {
  it('without a price has no cost, and one that is free has 0', () => {
    expect(llmCallOf(call({}))?.cost.total).toBeUndefined()
    expect(llmCallOf(call({ 'afn.llm.cost.total': 0 }))?.cost.total).toBe(0)
  })

  it('streams so many tokens a second from the first one on', () => {
    const values = { 'gen_ai.response.time_to_first_chunk': 1.5, 'gen_ai.usage.output_tokens': 250 }
    expect(llmCallOf(call(values))?.tokensPerSecond).toBe(100)
    expect(llmCallOf(call(values, 1))?.tokensPerSecond).toBeUndefined()
  })

  it('that repeats the usage of those below it is not added up', () => {
    const usage = { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5, 'afn.llm.cost.total': 0.25 }
    const spans = [
      call(usage),
      call({ ...usage, 'afn.llm.usage.rollup': true }),
      call({ 'gen_ai.usage.input_tokens': 1 }),
    ]
    expect(totalOf(spans)).toMatchObject({
      calls: 2,
      costUsd: 0.25,
      unpriced: 1,
      unpricedBy: { no_price: 1, no_usage: 0 },
      tokens: 16,
    })
  })

  it('is no call without an operation', () => {
    expect(llmCallOf(span('a', '', 0, 1))).toBeUndefined()
    expect(llmFactsOf(span('a', '', 0, 1))).toBeUndefined()
  })
})

describe('what the LLM view shows', () => {
  it('has scores of events and of a span that is an evaluation', () => {
    const score = attributes({ 'gen_ai.evaluation.name': 'helpful', 'gen_ai.evaluation.score.value': 0.5 })
    const reported = { name: 'helpful', value: 0.5, min: undefined, threshold: undefined }
    const event = { name: 'gen_ai.evaluation.result', time: 0n, attributes: score }
    expect(llmFactsOf(span('a', '', 0, 1, { events: [event] }))?.scores).toMatchObject([reported])
    expect(llmFactsOf(span('a', '', 0, 1, { attributes: score }))?.scores).toMatchObject([reported])
  })

  it('has the scale of a score, from which on it passes, and who gave it', () => {
    const score = attributes({
      'gen_ai.evaluation.name': 'relevance',
      'gen_ai.evaluation.score.value': 2,
      'afn.llm.evaluation.score.min': 1,
      'afn.llm.evaluation.score.max': 5,
      'afn.llm.evaluation.threshold': 3.5,
      'afn.llm.evaluation.evaluator.name': 'judge-v2',
    })
    const scale = { value: 2, min: 1, max: 5, threshold: 3.5, evaluator: 'judge-v2' }
    expect(llmFactsOf(span('a', '', 0, 1, { attributes: score }))?.scores).toMatchObject([scale])
  })

  it('says how often an agent has repeated itself, and nothing of one that gets on', () => {
    expect(llmFactsOf(call({ 'afn.llm.loop.repetitions': 3 }))?.repetitions).toBe(3)
    expect(llmFactsOf(call({}))?.repetitions).toBeUndefined()
  })

  it('finds messages on the event of inference details too', () => {
    const event = {
      name: 'gen_ai.client.inference.operation.details',
      time: 0n,
      attributes: attributes({ 'gen_ai.input.messages': '[{"role":"user","parts":[]}]' }),
    }
    expect(llmFactsOf({ ...call({}), events: [event] })?.input).toMatchObject([{ role: 'user' }])
  })

  it('reads arguments of tools that are JSON in a string', () => {
    const facts = llmFactsOf(call({ 'gen_ai.tool.name': 'find', 'gen_ai.tool.call.arguments': '{"order":1}' }))
    expect(facts?.toolUse).toMatchObject({ name: 'find', args: { order: 1 }, result: undefined })
  })
})

describe('messages', () => {
  it('are read with their parts', () => {
    const parts = [
      { type: 'text', content: 'hi' },
      { type: 'reasoning', content: 'hm' },
      { type: 'tool_call', id: 't1', name: 'find', arguments: '{"a":1}' },
      { type: 'tool_call_response', id: 't1', response: 'ok' },
      { type: 'blob', modality: 'image', mime_type: 'image/png', size: 12 },
      { type: 'server_tool_call', x: 1 },
    ]
    const [message] = readMessages(JSON.stringify([{ role: 'assistant', parts, finish_reason: 'stop' }]))
    expect(message).toEqual({
      role: 'assistant',
      finishReason: 'stop',
      parts: [
        { kind: 'text', text: 'hi' },
        { kind: 'reasoning', text: 'hm' },
        { kind: 'tool_call', id: 't1', name: 'find', json: { a: 1 } },
        { kind: 'tool_result', id: 't1', json: 'ok' },
        { kind: 'media', label: 'image · image/png · 12 B' },
        { kind: 'other', type: 'server_tool_call', json: { type: 'server_tool_call', x: 1 } },
      ],
    })
  })

  it('in the older shape, with content, are read too', () => {
    expect(readMessages('[{"role":"user","content":"hi"}]')).toMatchObject([{ role: 'user', parts: [{ text: 'hi' }] }])
  })

  it.each(['', 'plain', '[{"role":"user","parts":[{"type":"te', '{"a":1}', 'null', '[null,1,"x",[]]'])(
    'are text where they are no such JSON: %s',
    text => {
      const messages = readMessages(text)
      expect(messages.length).toBeGreaterThan(0)
      expect(messages[0]?.role).toBe('raw')
    },
  )
})

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonical, differences } from '../../conformance/oracle'
import type { Expected } from '../../conformance/recordings'

const text = { sha256: createHash('sha256').update('Hé').digest('hex'), length: 2 }

const line: Expected = {
  id: 'x',
  scope: 'core',
  provider: 'openai',
  operation: 'chat',
  requestModel: 'm',
  responseModel: 'm-1',
  responseId: 'r',
  httpStatus: 200,
  stream: true,
  complete: true,
  finishReasons: ['stop'],
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 0,
  cacheWriteTokens: 3,
  cacheWrite5mTokens: 1,
  cacheWrite1hTokens: 2,
  reasoningTokens: 4,
  audioInputTokens: 6,
  audioOutputTokens: 7,
  toolUseInputTokens: 8,
  usageSource: 'provider',
  toolCalls: [{ name: 'f', arguments: '{"10":1,"9":[{"a":1,"b":2}]}' }],
  builtinToolCalls: ['web_search_call'],
  outputText: text,
  errorType: null,
  errorTypes: [],
}

const span = {
  'gen_ai.provider.name': 'openai',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm',
  'gen_ai.response.model': 'm-1',
  'gen_ai.response.id': 'r',
  'http.response.status_code': 200,
  'gen_ai.request.stream': true,
  'afn.llm.response.complete': true,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
  'gen_ai.usage.cache_read.input_tokens': 0,
  'gen_ai.usage.cache_write.input_tokens': 3,
  'afn.llm.usage.cache_write_5m.input_tokens': 1,
  'afn.llm.usage.cache_write_1h.input_tokens': 2,
  'gen_ai.usage.reasoning.output_tokens': 4,
  'gen_ai.usage.audio.input_tokens': 6,
  'gen_ai.usage.audio.output_tokens': 7,
  'afn.llm.usage.tool_use.input_tokens': 8,
  'afn.llm.usage.source': 'provider',
  'gen_ai.output.messages': JSON.stringify([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'not said' },
        { type: 'text', content: 'H' },
        { type: 'tool_call', name: 'f', arguments: { 9: [{ b: 2, a: 1 }], 10: 1 } },
        { type: 'server_tool_call', id: 'w', server_tool_call: { type: 'web_search_call' } },
        { type: 'text', content: 'é' },
      ],
    },
  ]),
}

const fields = (attributes: object, expected: Expected) =>
  differences(attributes as Record<string, unknown>, expected).map(({ field }) => field)

it('holds a span that says all', () => expect(differences(span, line)).toEqual([]))

describe('each field counts', () => {
  const fieldNames = Object.keys(line).filter(field => !['id', 'scope', 'errorTypes'].includes(field))

  it.each(fieldNames)('%s', field => {
    const other =
      field === 'toolCalls' ? [] : field === 'builtinToolCalls' ? ['x'] : field === 'stream' ? false : 'other'
    expect(fields(span, { ...line, [field]: other })).toEqual([field])
  })

  it.each(Object.keys(span))('%s absent', name => {
    expect(fields({ ...span, [name]: undefined }, line)).not.toEqual([])
  })

  it('null is absent and 0 is there, except that any provider and operation are right where null stands', () => {
    expect(differences(span, { ...line, cacheReadTokens: null })).toEqual([
      { field: 'cacheReadTokens', expected: null, got: 0 },
    ])
    expect(differences({ ...span, 'gen_ai.usage.cache_read.input_tokens': undefined }, line)).toEqual([
      { field: 'cacheReadTokens', expected: 0, got: null },
    ])
    expect(differences(span, { ...line, provider: null, operation: null })).toEqual([])
  })
})

it('takes any of the error types, and none where there is none', () => {
  const failed = { ...line, errorType: 'a', errorTypes: ['a', '429'] }
  expect(fields({ ...span, 'error.type': '429' }, failed)).toEqual([])
  expect(fields({ ...span, 'error.type': '500' }, failed)).toEqual(['errorType'])
  expect(fields({ ...span, 'error.type': '429' }, line)).toEqual(['errorType'])
})

it("takes an alternative's fields together, or not at all", () => {
  const line2 = { ...line, inputTokens: 1, outputTokens: 2, alternatives: [{ inputTokens: 10, outputTokens: 5 }] }
  expect(fields(span, line2)).toEqual([])
  expect(fields(span, { ...line2, alternatives: [{ inputTokens: 10 }, { outputTokens: 5 }] })).toEqual([
    'inputTokens',
    'outputTokens',
  ])
})

it('compares arguments as JSON where they are, and as text where they are not', () => {
  const called = (args: unknown, wanted: string) => {
    const output = JSON.stringify([{ role: 'assistant', parts: [{ type: 'tool_call', name: 'f', arguments: args }] }])
    const one = { ...line, toolCalls: [{ name: 'f', arguments: wanted }], builtinToolCalls: [], outputText: null }
    return fields({ ...span, 'gen_ai.output.messages': output }, one)
  }
  expect(called({}, '{}')).toEqual([])
  expect(called('', '')).toEqual([])
  expect(called('{ "a": 1.0 }', '{"a":1}')).toEqual([])
  expect(called('{ "a": 1 }', '{ "a": 1 }')).toEqual([])
  expect(called('cut {"a', 'cut {"a')).toEqual([])
  expect(called({ a: 2 }, '{"a":1}')).toEqual(['toolCalls'])
  expect(canonical({ b: [null, 'é\n'], 10: 1, 9: {} })).toBe('{"10":1,"9":{},"b":[null,"é\\n"]}')
})

it('says so when the messages are no JSON', () => {
  expect(fields({ ...span, 'gen_ai.output.messages': '[{"role":"assistant","parts":[{"ty' }, line)).toEqual([
    'outputMessages',
  ])
})

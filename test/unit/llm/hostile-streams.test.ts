// What a provider, or whoever stands before it, may put into a stream so that reading it takes long.
import { expect, it, vi } from 'vitest'
import { ResponseReader } from '../../../src/app/llm/observe/response'
import { answerAttributes } from '../../../src/app/llm/observe/response-attributes'
import type { ProtocolName } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { JsonReader } from '../../../src/app/llm/wire/json-reader'

const far = 2 ** 31
const events = (...documents: object[]) => documents.map(document => `data: ${JSON.stringify(document)}\n\n`).join('')

function read(protocol: ProtocolName, bytes: string | Uint8Array) {
  const reader = new ResponseReader(protocols[protocol], { choices: 1, content: true, stream: true })
  reader.push(Buffer.from(bytes))
  return reader.end(true).document
}

it.each<[ProtocolName, object]>([
  ['anthropic-messages', { type: 'content_block_start', index: far, content_block: { type: 'text', text: 'x' } }],
  ['cohere-chat', { type: 'content-delta', index: far, delta: { message: { content: { text: 'x' } } } }],
  ['cohere-chat', { type: 'tool-call-start', index: far, delta: { message: { tool_calls: { id: 'x' } } } }],
  ['google-interactions', { event_type: 'step.delta', index: far, delta: { type: 'text', text: 'x' } }],
  ['openai-responses', { type: 'response.output_text.delta', output_index: far, content_index: far, delta: 'x' }],
  ['bedrock-converse', { contentBlockDelta: { contentBlockIndex: far, delta: { text: 'x' } } }],
  [
    'dashscope',
    { output: { choices: [{ index: far, message: { tool_calls: [{ index: far, function: { name: 'x' } }] } }] } },
  ],
  [
    'google-generate',
    {
      candidates: [
        {
          content: {
            parts: [
              { functionCall: { name: 'x', willContinue: true } },
              { functionCall: { partialArgs: [{ jsonPath: `$.x[${far}]`, stringValue: 'x' }] } },
            ],
          },
        },
      ],
    },
  ],
])('a number as large as there is in an event of %s makes no list of that length', (protocol, event) => {
  const document = read(protocol, events(event))
  expect(JSON.stringify(document).length).toBeLessThan(20_000)
  expect(protocols[protocol].output(document).length).toBeLessThan(10)
})

it.each([
  ['a list of words', '[x,'.padEnd(60_000, 'x,')],
  ['keys with escapes that are none', '{'.padEnd(60_000, '"\\q":1,')],
  ['values that are none', '{'.padEnd(60_000, '"usage":x,')],
  ['commas', '['.padEnd(60_000, ',')],
])('%s ends the reading of a document, and is not refused piece by piece', (_, text) => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const reader = new ResponseReader(protocols['openai-chat'], { choices: 1, content: true, stream: text[0] === '[' })
    for (let from = 0; from < text.length; from += 10_000) reader.push(Buffer.from(text.slice(from, from + 10_000)))
    expect(reader.end(true).complete).toBe(false)
    expect(parse.mock.calls.length).toBeLessThan(5)
  } finally {
    parse.mockRestore()
  }
})

it.each([
  ['says its counts again and again', '{', '"usage":1,', '"model":"a"}', 15_000],
  ['has new counts each time', '{', '"usage":{"k{n}":1},', '"model":"a"}', 2_000],
  [
    'has a hundred thousand choices',
    '{"choices":[',
    '{"index":0,"message":{"content":"x","tool_calls":[{"function":{"name":"f","arguments":"{"}}]}},',
    '{}]}',
    30_000,
  ],
  ['has empty choices', '{"choices":[', '{},', '{}]}', 5],
  ['has keys with escapes', '{', '"\\u0061{n}":1,', '"model":"a"}', 2_000],
])('a document that %s is given up', (_, opening, piece, ending, most) => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const reader = new ResponseReader(protocols['openai-chat'], { choices: 1, content: false, stream: false })
    reader.push(Buffer.from(opening))
    for (let n = 0; n < 100_000; n++) reader.push(Buffer.from(piece.replace('{n}', String(n))))
    reader.push(Buffer.from(ending))
    expect(reader.end(true).complete).toBe(false)
    expect(parse.mock.calls.length).toBeLessThan(most)
  } finally {
    parse.mockRestore()
  }
})

it('a conversation of thousands of short messages is read to its end', () => {
  const messages = Array.from({ length: 5_000 }, (_, n) => ({
    role: n % 2 ? 'assistant' : 'user',
    content: 'A few words of an answer.',
  }))
  const reader = new JsonReader(protocols['ollama-chat'].requestFields, 65_536)
  reader.push(Buffer.from(JSON.stringify({ messages, model: 'm' })))
  expect(reader.complete).toBe(true)
  expect(reader.value()).toMatchObject({ model: 'm' })
})

it.each([
  ['each key is new', (n: number) => ({ [`k${n}`]: n }), undefined],
  ['all keys are alike', () => ({ token: ' a', logprob: -0.3, bytes: [32, 97] }), { prompt_tokens: 7 }],
])('of an event of a megabyte in which %s no more is parsed than takes some milliseconds', (_, member, usage) => {
  const large = JSON.stringify({
    choices: [
      { index: 0, delta: { content: 'a' }, logprobs: { content: Array.from({ length: 90_000 }, (_, n) => member(n)) } },
    ],
    usage: { prompt_tokens: 7 },
  })
  const document = read('openai-chat', `${events({ id: 'first' })}data: ${large}\n\n${events({ model: 'last' })}`)
  expect(document).toMatchObject({ id: 'first', model: 'last', ...(usage && { usage }) })
  expect(document).not.toHaveProperty(usage ? 'error' : 'usage')
})

it('a list of which only its being there is read may be long', () => {
  const reader = new JsonReader({ model: true, messages: {} }, 65_536)
  reader.push(Buffer.from(JSON.stringify({ messages: Array(100_000).fill('a'), model: 'm' })))
  expect(reader.complete).toBe(true)
  expect(reader.value()).toMatchObject({ model: 'm' })
})

/** A frame of AWS's event stream without headers. */
function frame(payload: string): Buffer {
  const bytes = Buffer.alloc(16 + payload.length)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.write(payload, 12, 'latin1')
  return bytes
}

it.each([
  ['bedrock-invoke', '{x}'],
  ['bedrock-converse', '{x}'],
  ['bedrock-agent', '{x}'],
  ['bedrock-bidirectional', `{"bytes":"${Buffer.from('{x}').toString('base64')}"}`],
] as const)('frames of %s that are no JSON are given up after a hundred or so', (protocol, payload) => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    read(protocol, Buffer.concat(Array.from({ length: 3_000 }, () => frame(payload))))
    expect(parse.mock.calls.length).toBeLessThan(300)
  } finally {
    parse.mockRestore()
  }
})

it.each([
  ['empty objects', '{}'],
  ['words', 'x'],
  ['nothing', ''],
])('a stream of %s is given up', (_, data) => {
  const parse = vi.spyOn(JSON, 'parse')
  try {
    const reader = new ResponseReader(protocols['openai-chat'], { choices: 1, content: true, stream: true })
    for (let n = 0; n < 20; n++) reader.push(Buffer.from(`data: ${data}\n\n`.repeat(1_000)))
    expect(parse.mock.calls.length).toBeLessThan(10_000)
    const last = events({ id: 'late', choices: [{ delta: { content: 'late' } }] })
    reader.push(Buffer.from(last))
    expect(reader.end(true).document).not.toHaveProperty('id')
  } finally {
    parse.mockRestore()
  }
})

it.each<[ProtocolName, (long: string) => object]>([
  [
    'openai-chat',
    long => ({
      id: long,
      model: long,
      system_fingerprint: long,
      service_tier: long,
      choices: Array.from({ length: 500 }, (_, index) => ({ index, finish_reason: long })),
    }),
  ],
  [
    'anthropic-messages',
    long => ({
      id: long,
      model: long,
      content: [],
      stop_reason: long,
      usage: {
        input_tokens: 1,
        output_tokens: 1,
        iterations: Array.from({ length: 3_000 }, () => ({ type: 'advisor_message', model: long, input_tokens: 1 })),
      },
    }),
  ],
])('what an answer of %s says of itself becomes no attribute of megabytes', (protocol, answer) => {
  const attributes = answerAttributes(protocols[protocol].response(answer('(0)11 '.repeat(50_000)), () => undefined))
  expect(Object.keys(attributes)).toContain('gen_ai.response.model')
  for (const [key, value] of Object.entries(attributes))
    expect(JSON.stringify(value ?? null).length, key).toBeLessThan(200_000)
  expect(attributes['gen_ai.response.model']).toHaveLength(1_024)
})

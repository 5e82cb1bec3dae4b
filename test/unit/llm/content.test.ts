// What is captured of a message, in which shape, and how much of it.
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { CONTENT_BUDGET, fit } from '../../../src/app/llm/bounded-content'
import { messageProblems } from '../../support/genai-schema'
import { random } from './random'
import { type Tapped, tapped } from './tapped'

let tap: Tapped | undefined
afterEach(() => tap?.stop())

const CHAT = 'https://api.openai.com/v1/chat/completions'
const MESSAGES = 'https://api.anthropic.com/v1/messages'
const image = Buffer.alloc(300_000, 7).toString('base64')
/** What is recorded of media sent along: sha256 and size of the bytes, never the bytes. */
const known = (bytes: Buffer) => ({
  size: bytes.length,
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
})

async function captured(url: string, body: object, answer: object = {}) {
  tap = tapped('redacted', async () => Response.json(answer))
  await (await fetch(url, { method: 'POST', body: JSON.stringify({ model: 'm', max_tokens: 1, ...body }) })).text()
  const { attributes } = await tap.span()
  const read = (key: string) => JSON.parse((attributes[key] as string | undefined) ?? 'null')
  return {
    input: read('gen_ai.input.messages'),
    output: read('gen_ai.output.messages'),
    system: read('gen_ai.system_instructions'),
    tools: read('gen_ai.tool.definitions'),
    attributes,
  }
}

describe("the content of OpenAI's chat", () => {
  it('has every part of a conversation on the span', async () => {
    const { input, tools } = await captured(CHAT, {
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          name: 'ada',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'file', file: { file_id: 'file-1' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'done' },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    })
    expect(input).toEqual([
      { role: 'developer', parts: [{ type: 'text', content: 'Be brief.' }] },
      {
        role: 'user',
        name: 'ada',
        parts: [
          { type: 'text', content: 'Look' },
          { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
          { type: 'blob', modality: 'image', mime_type: 'image/png', ...known(Buffer.alloc(300_000, 7)) },
          { type: 'blob', modality: 'audio', mime_type: 'audio/wav', ...known(Buffer.alloc(3)) },
          { type: 'file', modality: 'document', file_id: 'file-1' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'done' }] },
    ])
    expect(tools).toEqual([{ type: 'function', name: 'f', parameters: { type: 'object' } }])
  })

  it('has reasoning, refusals, custom tools and sound of answers', async () => {
    const message = (more: object) => ({ message: { role: 'assistant', ...more }, finish_reason: 'stop' })
    const { output } = await captured(
      CHAT,
      { messages: [] },
      {
        choices: [
          { index: 1, ...message({ refusal: 'No.' }) },
          { index: 0, ...message({ content: 'Hi', reasoning_content: 'Greet.' }) },
          {
            index: 2,
            ...message({ tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: 'select 1' } }] }),
          },
          { index: 3, ...message({ audio: { id: 'a', data: 'AAAA', transcript: 'Hello' } }) },
        ],
      },
    )
    expect(output.map(({ parts }: { parts: unknown }) => parts)).toEqual([
      [
        { type: 'reasoning', content: 'Greet.' },
        { type: 'text', content: 'Hi' },
      ],
      [{ type: 'generic', generic_type: 'refusal', content: 'No.' }],
      [{ type: 'tool_call', id: 'c', name: 'sql', arguments: 'select 1' }],
      [
        { type: 'blob', modality: 'audio', mime_type: 'audio/unknown', ...known(Buffer.alloc(3)) },
        { type: 'text', content: 'Hello' },
      ],
    ])
  })

  it('is recorded with the parameters of the request', async () => {
    const { attributes } = await captured(CHAT, {
      messages: [],
      n: 2,
      max_completion_tokens: 50,
      temperature: 0,
      top_p: 0.5,
      stop: 'end',
      seed: -1,
      frequency_penalty: 1,
      presence_penalty: -1,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema' },
      service_tier: 'flex',
    })
    expect(attributes).toMatchObject({
      'gen_ai.request.choice.count': 2,
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.top_p': 0.5,
      'gen_ai.request.stop_sequences': ['end'],
      'gen_ai.request.seed': -1,
      'gen_ai.request.frequency_penalty': 1,
      'gen_ai.request.presence_penalty': -1,
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.output.type': 'json',
      'openai.request.service_tier': 'flex',
      'openai.api.type': 'chat_completions',
      'server.address': 'api.openai.com',
      'server.port': 443,
    })
    expect(attributes).not.toHaveProperty('gen_ai.request.stream')
  })
})

describe("the content of Anthropic's messages", () => {
  it('has every block of a conversation on the span', async () => {
    const { input, system, tools, output } = await captured(
      MESSAGES,
      {
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: image } },
              { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
              { type: 'text', text: 'Look' },
            ],
          },
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }] },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'done' }] }],
          },
        ],
        tools: [
          { name: 'f', description: 'F', input_schema: { type: 'object' } },
          { type: 'web_search_20250305', name: 'web_search' },
        ],
      },
      {
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'x' },
          { type: 'redacted_thinking', data: 'x' },
          { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
          { type: 'web_search_tool_result', tool_use_id: 's1', content: [] },
          { type: 'text', text: 'Hi' },
        ],
      },
    )
    expect(system).toEqual([{ type: 'text', content: 'Be brief.' }])
    expect(input).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'blob', modality: 'image', mime_type: 'image/jpeg', ...known(Buffer.alloc(300_000, 7)) },
          { type: 'uri', modality: 'document', uri: 'https://example.com/a.pdf' },
          { type: 'text', content: 'Look' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 't1', name: 'f', arguments: { a: 1 } }] },
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 't1', response: [{ type: 'text', content: 'done' }] }],
      },
    ])
    expect(tools).toEqual([
      { type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } },
      { type: 'web_search_20250305', name: 'web_search' },
    ])
    expect(output[0].parts).toEqual([
      { type: 'reasoning', content: 'Hm.' },
      { type: 'generic', generic_type: 'redacted_thinking' },
      {
        type: 'server_tool_call',
        id: 's1',
        name: 'web_search',
        server_tool_call: { type: 'server_tool_use', input: { query: 'q' } },
      },
      { type: 'server_tool_call_response', id: 's1', server_tool_call_response: { type: 'web_search_tool_result' } },
      { type: 'text', content: 'Hi' },
    ])
  })
})

describe('an attribute of bounded size', () => {
  const message = (content: string, role = 'user') => ({ role, parts: [{ type: 'text', content }] })
  const leftOut = (count: number) => ({ left: count })

  it('is not cut where it fits', () => {
    const items = [message('a'), message('b')]
    expect(JSON.parse(fit(items, leftOut))).toEqual(items)
  })

  it.each([
    ['one long text', [message('x'.repeat(1e6))]],
    ['many long texts', Array.from({ length: 50 }, () => message('語'.repeat(20_000)))],
    ['escapes', [message('\u0001"'.repeat(100_000))]],
    ['pairs', [message('🍁'.repeat(100_000))]],
    ['deep arguments', [{ role: 'a', parts: [{ type: 'tool_call', arguments: { a: [{ b: 'x'.repeat(1e6) }] } }] }]],
  ])('is cut inside of %s, and stays JSON', (_, items) => {
    const json = fit(items, leftOut)
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(CONTENT_BUDGET)
    expect(Buffer.byteLength(json)).toBeGreaterThan(CONTENT_BUDGET / 8)
    expect(JSON.parse(json)).toHaveLength(items.length)
    expect(json).toContain('…[cut from')
    expect(Buffer.from(json).toString()).toBe(json)
  })

  it('keeps its shape when it is cut: messages as the schemas say, in their order, and the newest one', {
    timeout: 30_000,
  }, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { below, container, text } = random(seed)
      const long = () => text(below(40)).repeat(below(below(4) ? 20 : 1_000))
      const part = (): object =>
        below(3)
          ? { type: 'text', content: long() }
          : { type: 'tool_call', id: text(3), name: 'f', arguments: { [text(2)]: container(4), long: long() } }
      const items = Array.from({ length: 1 + below(2 * seed) }, (_, i) => ({
        role: `role ${i}`,
        parts: Array.from({ length: 1 + below(4) }, part),
      }))
      const json = fit(items, count => ({ role: `left out ${count}`, parts: [] }))
      expect(Buffer.byteLength(json), `seed ${seed}`).toBeLessThanOrEqual(CONTENT_BUDGET)
      expect(messageProblems(json), `seed ${seed}`).toEqual([])
      const kept: typeof items = JSON.parse(json)
      const gone = /^left out (\d+)$/.exec(kept[0]!.role)?.[1]
      if (gone) kept.shift()
      expect(kept.map(({ role }) => role)).toEqual(items.slice(Number(gone ?? 0)).map(({ role }) => role))
      for (const [i, { parts }] of kept.entries()) {
        const whole = items[i + Number(gone ?? 0)]!.parts
        expect(parts.map(({ type }: { type?: string }) => type)).toEqual(
          whole.map(({ type }: { type?: string }) => type),
        )
      }
    }
  })

  it('loses the oldest of too many messages, and says how many', () => {
    const items = Array.from({ length: 5000 }, (_, i) => message(`message ${i}`))
    const json = fit(items, leftOut)
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(CONTENT_BUDGET)
    const [first, ...rest] = JSON.parse(json)
    expect(first.left + rest.length).toBe(5000)
    expect(rest.at(-1)).toEqual(message('message 4999'))
  })

  it('keeps the text of a call whose image is larger than the whole attribute', async () => {
    const big = Buffer.alloc(3_000_000, 7).toString('base64')
    const content = [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${big}` } },
      { type: 'text', text: 'Look' },
    ]
    const { input } = await captured(CHAT, { messages: [{ role: 'user', content }] })
    expect(input[0].parts).toEqual([
      { type: 'blob', modality: 'image', mime_type: 'image/png', ...known(Buffer.alloc(3_000_000, 7)) },
      { type: 'text', content: 'Look' },
    ])
  })
})

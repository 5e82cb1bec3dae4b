// Messages of each convention in the GenAI schema.
import { describe, expect, it } from 'vitest'
import type { SpanLike } from '../../llm-span'
import { normalised } from './normalised'

const json = (value: unknown) => JSON.stringify(value)
const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] })
const assistant = (content: string) => ({ role: 'assistant', parts: [{ type: 'text', content }] })

describe('messages of another convention become GenAI messages', () => {
  const said = (span: SpanLike) => {
    const { attributes } = normalised(span)
    return {
      input: attributes['gen_ai.input.messages'] && JSON.parse(String(attributes['gen_ai.input.messages'])),
      output: attributes['gen_ai.output.messages'] && JSON.parse(String(attributes['gen_ai.output.messages'])),
    }
  }
  const call = { type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }

  it.each<[string, SpanLike, unknown, unknown]>([
    [
      'old gen_ai, as events',
      {
        attributes: { 'gen_ai.system': 'openai' },
        events: [
          { name: 'gen_ai.system.message', attributes: { content: 'be brief' } },
          { name: 'gen_ai.user.message', attributes: { content: 'hi' } },
          {
            name: 'gen_ai.assistant.message',
            attributes: {
              tool_calls: json([{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }]),
            },
          },
          { name: 'gen_ai.tool.message', attributes: { id: 'c1', tool_call_id: 'c1', content: '2' } },
          { name: 'gen_ai.choice', attributes: { index: 0, finish_reason: 'stop', message: json({ content: 'ho' }) } },
        ],
      },
      [
        { role: 'system', parts: [{ type: 'text', content: 'be brief' }] },
        user('hi'),
        { role: 'assistant', parts: [call] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '2' }] },
      ],
      [assistant('ho')],
    ],
    [
      'old gen_ai, as two events',
      {
        attributes: { 'gen_ai.system': 'openai' },
        events: [
          { name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': json([{ role: 'user', content: 'hi' }]) } },
          { name: 'gen_ai.content.completion', attributes: { 'gen_ai.completion': 'ho' } },
        ],
      },
      [user('hi')],
      [assistant('ho')],
    ],
    [
      'old gen_ai, as two attributes',
      {
        attributes: {
          'gen_ai.system': 'openai',
          'gen_ai.prompt': 'hi',
          'gen_ai.completion': json([{ content: 'ho' }]),
        },
      },
      [user('hi')],
      [assistant('ho')],
    ],
    [
      'OpenLLMetry, one attribute a leaf',
      {
        attributes: {
          'llm.request.type': 'chat',
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': json([{ type: 'text', text: 'hi' }]),
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'ho',
          'gen_ai.completion.0.finish_reason': 'tool_calls',
          'gen_ai.completion.0.tool_calls.0.id': 'c1',
          'gen_ai.completion.0.tool_calls.0.name': 'f',
          'gen_ai.completion.0.tool_calls.0.arguments': '{"a":1}',
        },
      },
      [user('hi')],
      [{ role: 'assistant', parts: [{ type: 'text', content: 'ho' }, call] }],
    ],
    [
      'OpenInference, with parts, an image and a result',
      {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.input_messages.0.message.role': 'user',
          'llm.input_messages.0.message.contents.0.message_content.type': 'text',
          'llm.input_messages.0.message.contents.0.message_content.text': 'look',
          'llm.input_messages.0.message.contents.1.message_content.type': 'image',
          'llm.input_messages.0.message.contents.1.message_content.image.image.url': 'data:image/png;base64,AAAA',
          'llm.input_messages.1.message.role': 'tool',
          'llm.input_messages.1.message.tool_call_id': 'c1',
          'llm.input_messages.1.message.content': '2',
          'llm.input_messages.10.message.role': 'user',
          'llm.input_messages.10.message.content': 'last',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.function_call_name': 'f',
          'llm.output_messages.0.message.function_call_arguments_json': '{"a":1}',
        },
      },
      [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'look' },
            {
              type: 'blob',
              modality: 'image',
              mime_type: 'image/png',
              size: 3,
              digest: 'sha256:709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c',
            },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '2' }] },
        user('last'),
      ],
      [{ role: 'assistant', parts: [{ type: 'tool_call', name: 'f', arguments: { a: 1 } }] }],
    ],
    [
      'OpenInference, as input and output',
      {
        attributes: {
          'openinference.span.kind': 'AGENT',
          'input.value': json({ messages: [{ role: 'user', content: 'hi' }] }),
          'output.value': 'ho',
        },
      },
      [user('hi')],
      [assistant('ho')],
    ],
    [
      'AI SDK, with files and results',
      {
        attributes: {
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.prompt.messages': json([
            {
              role: 'user',
              content: [
                { type: 'text', text: 'look' },
                { type: 'file', mediaType: 'image/png', data: 'AAAA' },
                { type: 'image', image: { 0: 1 } },
              ],
            },
            { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', output: { type: 'json', value: 2 } }] },
          ]),
          'ai.response.reasoning': 'hm',
          'ai.response.object': '{"a":1}',
        },
      },
      [
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'look' },
            {
              type: 'blob',
              modality: 'image',
              mime_type: 'image/png',
              size: 3,
              digest: 'sha256:709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c',
            },
            { type: 'blob', modality: 'image', mime_type: 'image/*' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 2 }] },
      ],
      [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', content: 'hm' },
            { type: 'text', content: '{"a":1}' },
          ],
        },
      ],
    ],
    [
      'Langfuse, of any shape',
      {
        attributes: {
          'langfuse.observation.type': 'generation',
          'langfuse.observation.input': json('hi'),
          'langfuse.observation.output': json({ role: 'assistant', content: 'ho' }),
        },
      },
      [user('hi')],
      [assistant('ho')],
    ],
  ])('%s', (_, span, input, output) => {
    expect(said(span)).toEqual({ input, output })
  })

  it('are cut to the byte budget and stay JSON', () => {
    const { input } = said({
      attributes: {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.prompt.messages': json([user('x'.repeat(2e5))]),
      },
    })
    expect(input[0].role).toBe('user')
  })
})

// What the responses protocol makes of items that an application sends and gets.
import { describe, expect, it } from 'vitest'
import { openaiResponses } from '../../../src/app/llm/providers/openai/responses'
import { protocolAt } from '../../../src/app/llm/providers/paths'

const url = new URL('https://api.openai.com/v1/responses')

describe("the input of a request to OpenAI's Responses", () => {
  const messages = (input: unknown) => openaiResponses.input({ model: 'm', input }).messages

  it('is recorded where it is a text', () => {
    expect(messages('Hi')).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }])
  })

  it('is recorded where it is a list of texts, calls, results and media', () => {
    const found = messages([
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          { type: 'input_file', file_id: 'file-1' },
        ],
      },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'secret' },
      { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{"at":"it"}' },
      { type: 'function_call_output', call_id: 'c1', output: 'a leaf' },
      { type: 'computer_call_output', call_id: 'c2', output: { type: 'computer_screenshot', file_id: 'f' } },
      { type: 'item_reference', id: 'msg_1' },
    ])
    expect(found.map(({ role }) => role)).toEqual([
      'developer',
      'user',
      'assistant',
      'assistant',
      'tool',
      'tool',
      'assistant',
    ])
    expect(found[1]!.parts.map(({ type }) => type)).toEqual(['text', 'blob', 'file'])
    expect(found[1]!.parts[1]).toMatchObject({ modality: 'image', size: 3 })
    expect(found[2]!.parts).toEqual([{ type: 'reasoning', content: 'Hm.' }])
    expect(found[3]!.parts).toEqual([{ type: 'tool_call', id: 'c1', name: 'look', arguments: { at: 'it' } }])
    expect(found[4]!.parts).toEqual([{ type: 'tool_call_response', id: 'c1', response: 'a leaf' }])
    expect(JSON.stringify(found)).not.toContain('secret')
  })
})

it.each([
  ['web_search_call', { action: { type: 'search', query: 'q' } }],
  ['file_search_call', { queries: ['q'], results: [{ text: 'long' }] }],
  ['code_interpreter_call', { code: '1+1', outputs: [{ type: 'logs', logs: 'long' }] }],
  ['computer_call', { action: { type: 'click', x: 1, y: 2 } }],
  ['mcp_call', { name: 'roll', arguments: '{}', output: 'long' }],
  ['mcp_list_tools', { tools: [] }],
  ['mcp_approval_request', { name: 'roll', arguments: '{}' }],
  ['local_shell_call', { action: { command: ['ls'] } }],
  ['shell_call', { action: { commands: ['ls'] } }],
  ['apply_patch_call', { operation: {} }],
  ['tool_search_call', { arguments: {} }],
  ['image_generation_call', { result: 'AAAA' }],
])('%s is a call that has no name of the application’s', (type, more) => {
  const [message] = openaiResponses.output({ output: [{ type, id: 'x', ...more }] })
  expect(message!.parts[0]).toMatchObject({ type: 'server_tool_call', id: 'x', server_tool_call: { type } })
  expect(message!.parts[0]!.name).toBe('name' in more ? more.name : type)
  expect(JSON.stringify(message)).not.toMatch(/long|AAAA/)
})

describe("a body at the path of OpenAI's Responses", () => {
  const requestOf = (body: object) => openaiResponses.request(body, url, () => null)

  it.each([[{ model: 'm', input: 'x' }], [{ model: 'm', input: [] }], [{ prompt: { id: 'pmpt_1' } }]])(
    'is an LLM call: %j',
    body => expect(requestOf(body)).toBeDefined(),
  )

  it.each([[{}], [{ model: 'm' }], [{ input: 'x' }], [{ model: 'm', input: { a: 1 } }]])('is no LLM call: %j', body =>
    expect(requestOf(body)).toBeUndefined(),
  )

  it('is recorded with its parameters', () => {
    const body = {
      model: 'm',
      input: 'x',
      max_output_tokens: 9,
      reasoning: { effort: 'high' },
      text: { format: { type: 'json_schema' } },
      previous_response_id: 'resp_0',
      conversation: { id: 'conv_1' },
      service_tier: 'flex',
    }
    expect(requestOf(body)!.attributes).toMatchObject({
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.reasoning.level': 'high',
      'gen_ai.output.type': 'json',
      'gen_ai.request.previous_response.id': 'resp_0',
      'gen_ai.conversation.id': 'conv_1',
      'openai.api.type': 'responses',
      'openai.request.service_tier': 'flex',
    })
  })

  it('is looked at by its path alone', () => {
    const known = (path: string) => protocolAt(`https://api.openai.com/v1${path}`) === 'openai-responses'
    expect(['/responses', '/responses/compact'].map(known)).toEqual([true, true])
    expect(['/responses/resp_1/cancel', '/responses/input_tokens', '/responses/resp_1'].map(known)).toEqual([
      false,
      false,
      false,
    ])
  })
})

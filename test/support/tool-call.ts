// A model that calls a tool, for the tests of what runs tools.
import type { Recording } from '../unit/llm/replay'

/** Of a plain answer of OpenAI's chat. At the first request the model calls a tool; with the result it answers. */
export function callingTool(plain: Recording): Recording {
  const answer = JSON.parse(plain.response.body as string)
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }
  const message = { role: 'assistant', content: null, tool_calls: [call] }
  const choices = [{ index: 0, finish_reason: 'tool_calls', message }]
  const first = { ...plain.response, body: JSON.stringify({ ...answer, id: 'chatcmpl-tool', choices }) }
  return { ...plain, respond: body => (body.includes('"role":"tool"') ? plain.response : first) }
}

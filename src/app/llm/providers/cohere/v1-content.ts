// Converts messages of Cohere's first chat version to GenAI messages.
import { type Message, type Part, textMessages, textPart, toolCall } from '../../messages'
import { type Doc, docs, text } from '../../wire/json'
import type { Input } from '../protocol'

const roles: Record<string, string> = { USER: 'user', CHATBOT: 'assistant', SYSTEM: 'system', TOOL: 'tool' }

/** The chat history, then the new message or the tool results. */
export function chatInput(params: Doc): Input {
  const preamble = text(params.preamble)
  const results = docs(params.tool_results)
  return {
    messages: [
      ...docs(params.chat_history).map(message),
      ...textMessages('user', params.message),
      ...(results.length ? [{ role: 'tool', parts: results.map(result) }] : []),
    ],
    ...(preamble && { system: [textPart(preamble)] }),
    tools: docs(params.tools).map(({ parameter_definitions, ...tool }) => ({
      type: 'function',
      ...tool,
      parameters: parameter_definitions,
    })),
  }
}

export function chatOutput(answer: Doc): Message[] {
  return [{ role: 'assistant', parts: [...spoken(answer.text), ...docs(answer.tool_calls).map(call)] }]
}

function message(item: Doc): Message {
  const role = text(item.role) ?? 'USER'
  const parts = [...spoken(item.message), ...docs(item.tool_calls).map(call), ...docs(item.tool_results).map(result)]
  return { role: roles[role.toUpperCase()] ?? role, parts }
}

function spoken(value: unknown): Part[] {
  const said = text(value)
  return said ? [textPart(said)] : []
}

/** Calls have no ids in this version. */
function call(item: Doc): Part {
  return toolCall(undefined, item.name, item.parameters)
}

function result(item: Doc): Part {
  return { type: 'tool_call_response', response: item.outputs }
}

// Converts Gemini's contents to GenAI messages.

import { blob, type Message, modalityOf, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, text } from '../../wire/json'
import { member } from './members'

/** A single content may be sent without a list. */
export function messages(contents: unknown): Message[] {
  return many(contents).map(content => {
    const found = parts(content)
    const tool = found.length > 0 && found.every(part => part.type === 'tool_call_response')
    return { role: tool ? 'tool' : roleOf(content), parts: found }
  })
}

export function parts(content: unknown): Part[] {
  return many(doc(content)?.parts).map(part)
}

/** Candidates, with the parts of each merged. */
export function candidates(list: Doc[]): Message[] {
  return list.map(candidate => ({ role: 'assistant', parts: parts(candidate.content) }))
}

/** A tool contains many functions, or is one of Google's built-in tools, named by its only member. */
export function tools(value: unknown): unknown[] {
  return many(value).flatMap(tool => {
    const functions = docs(member(tool, 'functionDeclarations'))
    return functions.length
      ? functions.map(({ name, description, parameters, parametersJsonSchema }) => ({
          type: 'function',
          name,
          description,
          parameters: parameters ?? parametersJsonSchema,
        }))
      : Object.keys(tool).map(type => ({ type }))
  })
}

function roleOf(content: Doc): string {
  if (content.role === 'model') return 'assistant'
  return content.role === 'function' ? 'tool' : (text(content.role) ?? 'user')
}

function part(item: Doc): Part {
  if (typeof item.text === 'string') {
    return item.thought === true ? { type: 'reasoning', content: item.text } : textPart(item.text)
  }
  const call = doc(member(item, 'functionCall'))
  if (call) return toolCall(call.id, call.name, call.args ?? {})
  const result = doc(member(item, 'functionResponse'))
  if (result) return { type: 'tool_call_response', id: result.id ?? result.name, response: result.response }
  const inline = doc(member(item, 'inlineData'))
  if (inline) return blob(text(member(inline, 'mimeType')), text(inline.data) ?? '')
  const file = doc(member(item, 'fileData'))
  if (file) {
    const mimeType = text(member(file, 'mimeType'))
    return { type: 'uri', modality: modalityOf(mimeType), mime_type: mimeType, uri: member(file, 'fileUri') }
  }
  const code = doc(member(item, 'executableCode'))
  if (code)
    return { type: 'server_tool_call', name: 'code_execution', server_tool_call: { type: 'executable_code', ...code } }
  const ran = doc(member(item, 'codeExecutionResult'))
  if (ran) {
    return { type: 'server_tool_call_response', server_tool_call_response: { type: 'code_execution_result', ...ran } }
  }
  return otherPart(Object.keys(item)[0] ?? 'unknown')
}

/** Where protobuf expects a list, a single object is also accepted. */
function many(value: unknown): Doc[] {
  const one = doc(value)
  return one ? [one] : docs(value)
}

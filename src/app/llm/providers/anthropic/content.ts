// Converts Anthropic messages to GenAI messages.

import { blob, compactionPart, type Message, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../wire/json'

export function messages(value: unknown): Message[] {
  return docs(value).map(message => {
    const parts = blocks(message.content)
    // Tool results are sent with the role of the user; the conventions use the role of the tool.
    const tool = parts.length > 0 && parts.every(part => part.type === 'tool_call_response')
    return { role: tool ? 'tool' : (text(message.role) ?? 'user'), parts }
  })
}

/** Content that is a text or a list of blocks. */
export function blocks(value: unknown): Part[] {
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)]
  return list(value).flatMap(item => (doc(item) ? block(item as Doc) : []))
}

export function tools(value: unknown): unknown[] {
  return docs(value).map(tool =>
    tool.input_schema === undefined
      ? tool // one of the provider's own, as it stands
      : { type: 'function', name: tool.name, description: tool.description, parameters: tool.input_schema },
  )
}

function block(item: Doc): Part {
  const type = String(item.type)
  switch (type) {
    case 'text':
      return textPart(text(item.text) ?? '')
    case 'thinking':
      return { type: 'reasoning', content: item.thinking }
    case 'redacted_thinking':
      return otherPart(type) // encrypted; there is nothing to read
    case 'compaction':
      return compactionPart(undefined, item.content)
    case 'image':
    case 'document':
      return source(doc(item.source) ?? {}, type)
    case 'tool_use':
      return toolCall(item.id, item.name, item.input)
    case 'tool_result':
      return { type: 'tool_call_response', id: item.tool_use_id, response: result(item.content) }
    default:
      if (type.endsWith('_tool_use')) {
        return { type: 'server_tool_call', id: item.id, name: item.name, server_tool_call: { type, input: item.input } }
      }
      if (type.endsWith('_tool_result')) {
        return { type: 'server_tool_call_response', id: item.tool_use_id, server_tool_call_response: { type } }
      }
      return otherPart(type)
  }
}

function source(from: Doc, modality: string): Part {
  switch (from.type) {
    case 'base64':
      return blob(text(from.media_type), text(from.data) ?? '')
    case 'url':
      return { type: 'uri', modality, uri: from.url }
    case 'file':
      return { type: 'file', modality, file_id: from.file_id }
    case 'text':
      return textPart(text(from.data) ?? '')
    default:
      return otherPart(modality)
  }
}

function result(value: unknown): unknown {
  return typeof value === 'string' ? value : blocks(value)
}

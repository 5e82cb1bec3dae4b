// Converts steps of Gemini's interactions to GenAI messages.
import { blob, type Message, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, text } from '../../wire/json'

/** The input of the request: a text, a content, a list of contents, or the previous steps. */
export function inputOf(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', parts: [textPart(input)] }]
  const items = doc(input) ? [input as Doc] : docs(input)
  const steps = items.some(item => item.role !== undefined || String(item.type).match(/_(?:input|output|call|result)$/))
  return steps ? items.map(message) : [{ role: 'user', parts: items.flatMap(part) }]
}

export function outputOf(steps: unknown): Message[] {
  return [{ role: 'assistant', parts: docs(steps).flatMap(part) }]
}

function message(step: Doc): Message {
  const parts = part(step)
  if (step.type === 'function_result') return { role: 'tool', parts }
  const own = step.type === undefined ? step.role === 'model' : step.type !== 'user_input'
  return { role: own ? 'assistant' : 'user', parts }
}

/** A step may contain contents, or be one. */
function part(item: Doc): Part[] {
  const type = text(item.type) ?? 'unknown'
  switch (type) {
    case 'text':
      return [textPart(text(item.text) ?? '')]
    case 'thought': {
      const summary =
        text(item.summary) ??
        docs(item.summary)
          .map(({ text }) => text)
          .join('')
      return summary ? [{ type: 'reasoning', content: summary }] : []
    }
    case 'function_call':
      return [toolCall(item.id, item.name, item.arguments ?? {})]
    case 'function_result':
      return [{ type: 'tool_call_response', id: item.call_id, response: item.result }]
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return [media(item, type)]
    default:
      if (type.endsWith('_call'))
        return [{ type: 'server_tool_call', id: item.id, name: type, server_tool_call: { type } }]
      if (type.endsWith('_result')) {
        return [{ type: 'server_tool_call_response', id: item.call_id, server_tool_call_response: { type } }]
      }
      return contents(item)
  }
}

function contents(item: Doc): Part[] {
  const inside = item.content
  if (typeof inside === 'string') return [textPart(inside)]
  if (Array.isArray(inside)) return docs(inside).flatMap(part)
  return typeof item.text === 'string' ? [textPart(item.text)] : []
}

function media(item: Doc, modality: string): Part {
  const data = text(item.data)
  return data ? blob(text(item.mime_type), data) : { type: 'uri', modality, mime_type: item.mime_type, uri: item.uri }
}

// Converts messages of the AI SDK to GenAI messages: of its own spans, and of requests and answers of its gateway.
import { blob, type Message, media, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../wire/json'

/** @param value a list of messages, or a text from the user */
export function messages(value: unknown): Message[] {
  if (typeof value === 'string') return value === '' ? [] : [{ role: 'user', parts: [textPart(value)] }]
  return docs(value).map(message => ({ role: text(message.role) ?? 'user', parts: parts(message.content) }))
}

/** Converts a result to a message. */
export function answer(said: { text: unknown; reasoning: unknown; toolCalls: unknown }): Message[] {
  const found: Part[] = []
  if (text(said.reasoning)) found.push({ type: 'reasoning', content: said.reasoning })
  if (text(said.text)) found.push(textPart(said.text as string))
  for (const call of docs(said.toolCalls)) found.push(part({ ...call, type: 'tool-call' }))
  return found.length > 0 ? [{ role: 'assistant', parts: found }] : []
}

export function parts(content: unknown): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  return list(content).flatMap(item => (doc(item) ? part(item as Doc) : []))
}

function part(item: Doc): Part {
  switch (item.type) {
    case 'text':
      return textPart(text(item.text) ?? '')
    case 'reasoning':
      return { type: 'reasoning', content: item.text }
    case 'tool-call':
      return toolCall(item.toolCallId, item.toolName, item.input ?? item.args)
    case 'tool-result':
      return { type: 'tool_call_response', id: item.toolCallId, response: response(item.output ?? item.result) }
    case 'image':
    case 'file':
      return file(item)
    default:
      return otherPart(item.type)
  }
}

function response(output: unknown): unknown {
  const tagged = doc(output)
  // {type: 'text' | 'json' | 'error-text' | …, value}
  return tagged && typeof tagged.type === 'string' && 'value' in tagged ? tagged.value : output
}

/** Bytes are sent as text, as an array or as a URL, since version 7 within `{type, data | url}`; they are not kept. */
function file(item: Doc): Part {
  const type = text(item.mediaType) ?? text(item.mimeType) ?? (item.type === 'image' ? 'image/*' : undefined)
  const tagged = doc(item.data)
  const data = item.image ?? tagged?.data ?? tagged?.url ?? item.data ?? item.url
  if (typeof data === 'string') {
    return /^[a-z][\w+.-]*:/i.test(data) ? media(data, type?.split('/', 1)[0] ?? 'file') : blob(type, data)
  }
  return { type: 'blob', modality: type?.split('/', 1)[0] ?? 'file', mime_type: type }
}

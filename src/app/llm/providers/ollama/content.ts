// Converts chat messages of Ollama's format, which differs from OpenAI's in images and tools, to GenAI messages.
import { blob, type Message } from '../../messages'
import { type Doc, docs, list } from '../../wire/json'
import * as openai from '../openai/content'

export function messages(value: unknown): Message[] {
  return docs(value).flatMap(item => {
    const pictures = list(item.images).flatMap(image => (typeof image === 'string' ? blob('image/unknown', image) : []))
    // A result names its tool; newer servers also give calls an id.
    const alike: Doc = { ...item, tool_call_id: item.tool_call_id ?? item.tool_name }
    return openai.messages([alike]).map(message => ({ ...message, parts: [...message.parts, ...pictures] }))
  })
}

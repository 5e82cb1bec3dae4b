// Chat messages of Ollama's shape, which is OpenAI's but for pictures and tools, as GenAI messages.
import { blob, type Message } from '../../messages'
import { type Doc, docs, list } from '../../wire/json'
import * as openai from '../openai/content'

export function messages(value: unknown): Message[] {
  return docs(value).flatMap(item => {
    const pictures = list(item.images).flatMap(image => (typeof image === 'string' ? blob('image/unknown', image) : []))
    // A result has the name of its tool; newer servers give calls an id.
    const alike: Doc = { ...item, tool_call_id: item.tool_call_id ?? item.tool_name }
    return openai.messages([alike]).map(message => ({ ...message, parts: [...message.parts, ...pictures] }))
  })
}

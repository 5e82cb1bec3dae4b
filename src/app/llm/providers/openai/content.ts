// Converts chat messages of OpenAI's format to GenAI messages.

import { blob, type Message, media, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../wire/json'

export function messages(value: unknown): Message[] {
  return docs(value).map(message => {
    const name = text(message.name)
    return { role: text(message.role) ?? 'user', parts: parts(message), ...(name && { name }) }
  })
}

/** The choices, ordered by index. */
export function choices(value: unknown): Message[] {
  return docs(value).map(choice => ({ role: 'assistant', parts: parts(doc(choice.message) ?? {}) }))
}

/** Flattens tools: `{type, function: {name, …}}` is written as `{type, name, …}`. */
export function tools(body: Doc): unknown[] {
  const wrapped = docs(body.tools).map(tool => {
    const kind = text(tool.type) ?? 'function'
    const inner = doc(tool[kind])
    return inner ? { type: kind, ...inner } : tool
  })
  return [...wrapped, ...docs(body.functions).map(tool => ({ type: 'function', ...tool }))]
}

function parts(message: Doc): Part[] {
  if (message.role === 'tool' || message.role === 'function') {
    return [
      { type: 'tool_call_response', id: message.tool_call_id ?? message.name, response: response(message.content) },
    ]
  }
  const found: Part[] = []
  // Names for reasoning: of DeepSeek and xAI, of OpenRouter and Groq, of Ollama, of Cohere.
  const { reasoning_content, reasoning: thoughts, thinking, tool_plan } = message
  const reasoning = text(reasoning_content) ?? text(thoughts) ?? text(thinking) ?? text(tool_plan)
  if (reasoning) found.push({ type: 'reasoning', content: reasoning })
  found.push(...content(message.content))
  if (text(message.refusal)) found.push(otherPart('refusal', { content: message.refusal }))
  const audio = doc(message.audio)
  if (audio) found.push(...spoken(audio))
  for (const call of docs(message.tool_calls)) {
    const custom = doc(call.custom)
    const called = doc(call.function)
    // A custom tool takes free text, even if it looks like JSON.
    if (custom) found.push({ type: 'tool_call', id: call.id, name: custom.name, arguments: custom.input })
    else found.push(toolCall(call.id, called?.name, called?.arguments))
  }
  const legacy = doc(message.function_call)
  if (legacy) found.push(toolCall(undefined, legacy.name, legacy.arguments))
  return found
}

function content(value: unknown): Part[] {
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)]
  return list(value).flatMap(item => {
    if (typeof item === 'string') return textPart(item)
    return doc(item) ? part(item as Doc) : []
  })
}

function part(item: Doc): Part {
  switch (item.type) {
    case 'text':
      return textPart(text(item.text) ?? '')
    case 'refusal':
      return otherPart('refusal', { content: item.refusal })
    case 'thinking':
      return { type: 'reasoning', content: thought(item.thinking) }
    case 'image_url':
      return media(text(doc(item.image_url)?.url) ?? text(item.image_url) ?? '', 'image')
    case 'video_url':
      return media(text(doc(item.video_url)?.url) ?? '', 'video')
    case 'input_audio': {
      const audio = doc(item.input_audio)
      return blob(`audio/${audio?.format ?? 'unknown'}`, text(audio?.data) ?? '')
    }
    case 'file': {
      const file = doc(item.file)
      const data = text(file?.file_data)
      return data
        ? media(data, 'document')
        : { type: 'file', modality: 'document', file_id: file?.file_id, name: file?.filename }
    }
    default:
      return otherPart(item.type)
  }
}

/** Cohere has a text, Mistral a list of texts. The stream fold also calls this function. */
export function thought(value: unknown): string {
  return (
    text(value) ??
    docs(value)
      .map(inner => text(inner.text) ?? '')
      .join('')
  )
}

function spoken(audio: Doc): Part[] {
  const transcript = text(audio.transcript)
  const data = text(audio.data)
  const sound = data ? blob('audio/unknown', data) : { type: 'file', modality: 'audio', file_id: audio.id }
  return transcript ? [sound, textPart(transcript)] : [sound]
}

function response(value: unknown): unknown {
  return typeof value === 'string' ? value : content(value)
}

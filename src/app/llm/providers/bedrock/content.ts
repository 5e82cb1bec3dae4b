// Converts Converse messages to GenAI messages. Nova's own requests have the same format.

import { blob, type Message, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, text } from '../../wire/json'

export function messages(value: unknown): Message[] {
  return docs(value).map(message => {
    const parts = blocks(message.content)
    // Tool results are sent with the role of the user; the conventions use the role of the tool.
    const tool = parts.length > 0 && parts.every(part => part.type === 'tool_call_response')
    return { role: tool ? 'tool' : (text(message.role) ?? 'user'), parts }
  })
}

export function blocks(value: unknown): Part[] {
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)]
  return docs(value).flatMap(block)
}

export function tools(value: unknown): unknown[] {
  return docs(doc(value)?.tools).map(tool => {
    const spec = doc(tool.toolSpec)
    if (!spec) return { type: Object.keys(tool)[0] }
    return {
      type: 'function',
      name: spec.name,
      description: spec.description,
      parameters: doc(spec.inputSchema)?.json,
    }
  })
}

function block(item: Doc): Part[] {
  if (typeof item.text === 'string') return [textPart(item.text)]
  const tool = doc(item.toolUse)
  if (tool) return [called(tool)]
  const result = doc(item.toolResult)
  if (result) {
    const response = docs(result.content).map(part => part.json ?? blocks([part])[0])
    return [{ type: 'tool_call_response', id: result.toolUseId, response }]
  }
  const thought = doc(item.reasoningContent)
  if (thought) {
    const content = text(doc(thought.reasoningText)?.text)
    return content === undefined ? [otherPart('redacted_thinking')] : [{ type: 'reasoning', content }]
  }
  const type = Object.keys(item)[0]
  // Cache points are not content.
  return type === undefined || type === 'cachePoint' ? [] : [media(type, doc(item[type]) ?? {})]
}

/** A stream without input fragments means an empty input. Bedrock itself runs its built-in tools. */
function called({ toolUseId, name, input, type }: Doc): Part {
  if (type === 'server_tool_use') {
    return { type: 'server_tool_call', id: toolUseId, name, server_tool_call: { type, input } }
  }
  return toolCall(toolUseId, name, input === undefined || input === '' ? {} : input)
}

function media(type: string, { format, source }: Doc): Part {
  const from = doc(source) ?? {}
  const modality = type === 'image' || type === 'audio' || type === 'video' ? type : 'document'
  const data = text(from.bytes)
  if (data) return blob(`${modality === 'document' ? 'application' : modality}/${format}`, data)
  const uri = text(doc(from.s3Location)?.uri)
  return uri ? { type: 'uri', modality, uri } : otherPart(type)
}

// Converts items of OpenAI's responses to GenAI messages.

import { blob, compactionPart, type Message, media, otherPart, type Part, textPart, toolCall } from '../../messages'
import { type Doc, doc, docs, list, text } from '../../wire/json'

/** The input: one text, or items. Tool results get the role of the tool; other items that are not messages get the role of the model. */
export function input(value: unknown): Message[] {
  if (typeof value === 'string') return value === '' ? [] : [{ role: 'user', parts: [textPart(value)] }]
  return docs(value).map(item => {
    const role = text(item.role) ?? (isResult(item) ? 'tool' : 'assistant')
    return { role, parts: parts(item) }
  })
}

/** All output items together are one answer. */
export function output(value: unknown): Message[] {
  return [{ role: 'assistant', parts: docs(value).flatMap(parts) }]
}

function isResult(item: Doc): boolean {
  return String(item.type).endsWith('_output') || item.type === 'mcp_approval_response'
}

function parts(item: Doc): Part[] {
  const type = text(item.type) ?? 'message'
  switch (type) {
    case 'message':
      return content(item.content)
    case 'reasoning': {
      const said = [...docs(item.summary), ...docs(item.content)].map(part => text(part.text) ?? '').join('')
      return said ? [{ type: 'reasoning', content: said }] : []
    }
    case 'function_call':
      return [toolCall(item.call_id, item.name, item.arguments)]
    case 'custom_tool_call':
      // Free text, even if it looks like JSON.
      return [{ type: 'tool_call', id: item.call_id, name: item.name, arguments: item.input }]
    case 'item_reference':
      return [otherPart(type)]
    case 'compaction':
      return [compactionPart(item.id, undefined)]
    case 'image_generation_call':
      return [serverCall(item, type), ...(text(item.result) ? [blob('image/png', item.result as string)] : [])]
    default:
      if (isResult(item)) {
        return [{ type: 'tool_call_response', id: item.call_id, response: result(item) }]
      }
      return [serverCall(item, type)]
  }
}

/** A tool call without a name set by the app: the provider ran the tool, or it is built in. */
function serverCall(item: Doc, type: string): Part {
  const { id, name, type: _, result, results, output, outputs, ...rest } = item
  return { type: 'server_tool_call', id, name: name ?? type, server_tool_call: { type, ...rest } }
}

function result(item: Doc): unknown {
  return Array.isArray(item.output) ? content(item.output) : (item.output ?? item.tools ?? item.approve)
}

function content(value: unknown): Part[] {
  if (typeof value === 'string') return value === '' ? [] : [textPart(value)]
  return list(value).flatMap(item => (doc(item) ? piece(item as Doc) : []))
}

function piece(item: Doc): Part {
  switch (item.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return textPart(text(item.text) ?? '')
    case 'refusal':
      return otherPart('refusal', { content: item.refusal })
    case 'input_image': {
      const url = text(item.image_url)
      return url ? media(url, 'image') : { type: 'file', modality: 'image', file_id: item.file_id }
    }
    case 'input_file': {
      const data = text(item.file_data) ?? text(item.file_url)
      return data
        ? media(data, 'document')
        : { type: 'file', modality: 'document', file_id: item.file_id, name: item.filename }
    }
    case 'input_audio': {
      const audio = doc(item.input_audio)
      return blob(`audio/${audio?.format ?? 'unknown'}`, text(audio?.data) ?? '')
    }
    default:
      return otherPart(item.type)
  }
}

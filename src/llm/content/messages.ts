// Message content in the shape of the GenAI conventions. Called by the content mapping of each protocol.
import { fullLength } from '../wire/elision'
import { parsed } from '../wire/value'

export interface Part {
  readonly type: string
  readonly [key: string]: unknown
}

export interface Message {
  readonly role: string
  readonly parts: Part[]
  readonly name?: string
}

export function textPart(content: string): Part {
  return { type: 'text', content }
}

/** Arguments as the object that they are; what is no JSON (a cut stream, a custom tool) stays text. */
export function toolCall(id: unknown, name: unknown, args: unknown): Part {
  return { type: 'tool_call', id, name, arguments: typeof args === 'string' ? (parsed(args) ?? args) : args }
}

/** Media sent along: what it is and how large, never the bytes. */
export function blob(mimeType: string | undefined, base64: string): Part {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  const size = Math.floor((fullLength(base64) * 3) / 4) - padding
  return { type: 'blob', modality: modalityOf(mimeType), mime_type: mimeType, size }
}

/** Media by address; a `data:` URL is media sent along. */
export function media(url: string, modality: string): Part {
  const data = /^data:([^;,]*)[^,]*,/.exec(url)
  if (!data) return { type: 'uri', modality, uri: url }
  const part = blob(data[1] || undefined, url)
  return { ...part, size: Math.max(0, (part.size as number) - Math.floor((data[0].length * 3) / 4)) }
}

function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/', 1)[0]
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document'
}

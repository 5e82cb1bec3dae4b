// Builds message content in the format of the GenAI conventions.

import { cutOf } from './wire/cut-string'
import { parsed, text } from './wire/json'
import { digestOf } from './wire/media-digest'

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

/** A part for which the conventions have no type, under the provider's name for it. */
export function otherPart(type: unknown, rest: Readonly<Record<string, unknown>> = {}): Part {
  return { type: 'generic', generic_type: String(type), ...rest }
}

/** A part that replaces the earlier conversation after compaction. Some providers encrypt its content. */
export function compactionPart(id: unknown, content: unknown): Part {
  return { type: 'compaction', id: text(id), content: text(content) }
}

/** One message with this text; an empty list if there is no text. */
export function textMessages(role: string, content: unknown): Message[] {
  const known = text(content)
  return known === undefined ? [] : [{ role, parts: [textPart(known)] }]
}

/** Parses arguments into an object. Arguments that are not JSON (a truncated stream, a custom tool) stay text. */
export function toolCall(id: unknown, name: unknown, args: unknown): Part {
  return { type: 'tool_call', id, name, arguments: typeof args === 'string' ? (parsed(args) ?? args) : args }
}

/** Describes inline media by type, size and a digest for lookup; the bytes are never included. */
export function blob(mimeType: string | undefined, base64: string): Part {
  return { type: 'blob', modality: modalityOf(mimeType), mime_type: mimeType, ...known(base64) }
}

/** Describes media by URL; a `data:` URL counts as inline media. */
export function media(url: string, modality: string): Part {
  const data = /^data:([^;,]*)/.exec(url)
  return data ? blob(data[1] || undefined, url) : { type: 'uri', modality, uri: url }
}

function known(base64: string): { size: number; digest?: string } {
  if (base64 === '') return { size: 0 }
  const cut = cutOf(base64)
  const digest = cut ? cut.digest : digestOf(base64)
  if (!digest) return { size: cut?.length ?? Buffer.byteLength(base64) } // as it stood there, whatever it is
  return { size: digest.bytes, digest: `sha256:${digest.sha256}` }
}

export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/', 1)[0]
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document'
}

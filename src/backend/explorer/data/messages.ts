// The messages of an LLM call, as the GenAI conventions write them: JSON of `[{role, parts: [{type, …}]}]`. What is no such JSON, as when a budget cut it, is shown as the text that it is.

export interface Message {
  readonly role: string
  readonly parts: readonly Part[]
  readonly finishReason: string | undefined
}

export type Part =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string }
  | { readonly kind: 'tool_call'; readonly id: string; readonly name: string; readonly json: unknown }
  | { readonly kind: 'tool_result'; readonly id: string; readonly json: unknown }
  /** An image or other media: what is told of it, never its bytes. */
  | { readonly kind: 'media'; readonly label: string }
  | { readonly kind: 'other'; readonly type: string; readonly json: unknown }

/** @returns a text that couldn't be read as one message of the role `raw` */
export function readMessages(text: string): Message[] {
  const json = parsed(text)
  if (!Array.isArray(json)) return [{ role: 'raw', parts: [{ kind: 'text', text }], finishReason: undefined }]
  return json.map(message => {
    if (!isObject(message)) return { role: 'raw', parts: [textOrJson(message)], finishReason: undefined }
    const parts = Array.isArray(message.parts) ? message.parts.map(readPart) : contentOf(message.content)
    return {
      role: typeof message.role === 'string' ? message.role : 'unknown',
      parts,
      finishReason: typeof message.finish_reason === 'string' ? message.finish_reason : undefined,
    }
  })
}

/** `gen_ai.system_instructions` is a list of parts. */
export function readParts(text: string): Part[] {
  const json = parsed(text)
  return Array.isArray(json) ? json.map(readPart) : [{ kind: 'text', text }]
}

/** Values that are JSON in a string are folded out. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function readPart(part: unknown): Part {
  if (!isObject(part)) return textOrJson(part)
  const type = typeof part.type === 'string' ? part.type : ''
  const text = part.content ?? part.text
  if ((type === 'text' || type === '') && typeof text === 'string') return { kind: 'text', text }
  if ((type === 'reasoning' || type === 'thinking') && typeof text === 'string') return { kind: 'reasoning', text }
  if (type === 'tool_call')
    return { kind: 'tool_call', id: word(part.id), name: word(part.name), json: parsed(part.arguments) }
  if (type === 'tool_call_response')
    return { kind: 'tool_result', id: word(part.id), json: parsed(part.response ?? part.result ?? part.content) }
  if (type === 'blob' || type === 'uri' || type === 'file') return { kind: 'media', label: labelOf(part) }
  return { kind: 'other', type: type === 'generic' ? word(part.generic_type) : type, json: part }
}

function contentOf(content: unknown): Part[] {
  if (content === undefined || content === null) return []
  return Array.isArray(content) ? content.map(readPart) : [textOrJson(content)]
}

function textOrJson(value: unknown): Part {
  return typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'other', type: '', json: value }
}

function labelOf(part: Readonly<Record<string, unknown>>): string {
  return [part.modality, part.mime_type, part.size && `${word(part.size)} B`, part.uri, part.file_id, part.digest]
    .filter(Boolean)
    .map(word)
    .join(' · ')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function word(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

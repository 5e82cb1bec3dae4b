// The JSON schemas of GenAI messages and tool definitions (semantic-conventions-genai, model/gen-ai/*.json), as a table of
// ours, and stricter: theirs takes a part of a known type that lacks something as one of an unknown type.
// A blob is the exception: it requires the bytes, which never leave here; digest and size stand in their place.

type Check = (value: unknown) => boolean
type Doc = Record<string, unknown>

const isText: Check = value => typeof value === 'string'
const isObject: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTyped: Check = value => isObject(value) && isText((value as Doc).type)
const isThere: Check = value => value !== undefined
const isMaybeText: Check = value => value === undefined || value === null || isText(value)

const parts: Record<string, Record<string, Check>> = {
  text: { content: isText },
  tool_call: { name: isText, id: isMaybeText },
  tool_call_response: { response: isThere, id: isMaybeText },
  server_tool_call: { name: isText, id: isMaybeText, server_tool_call: isTyped },
  server_tool_call_response: { id: isMaybeText, server_tool_call_response: isTyped },
  blob: {
    modality: isText,
    mime_type: isMaybeText,
    size: value => Number.isSafeInteger(value) && (value as number) >= 0,
    digest: value => value === undefined || /^sha256:[0-9a-f]{64}$/.test(String(value)),
    content: value => value === undefined,
  },
  file: { modality: isText, file_id: isText, mime_type: isMaybeText },
  uri: { modality: isText, uri: isText, mime_type: isMaybeText },
  reasoning: { content: isText },
  compaction: { id: isMaybeText, content: isMaybeText },
}

/** What is wrong with the value of `gen_ai.input.messages` or `gen_ai.output.messages`. */
export function messageProblems(json: unknown): string[] {
  return each(json, message => [
    ...(isText(message.role) ? [] : ['no role']),
    ...(isMaybeText(message.name) ? [] : ['a name that is no text']),
    ...(Array.isArray(message.parts) ? message.parts.flatMap(partProblems) : ['no parts']),
  ])
}

/** Of `gen_ai.system_instructions`. */
export function partsProblems(json: unknown): string[] {
  return each(json, partProblems)
}

/** Of `gen_ai.tool.definitions`. */
export function toolProblems(json: unknown): string[] {
  return each(json, tool => [
    ...(isText(tool.type) && isText(tool.name) ? [] : [`a tool without type or name: ${JSON.stringify(tool)}`]),
    ...(tool.type !== 'function' || isMaybeText(tool.description) ? [] : ['a description that is no text']),
  ])
}

function each(json: unknown, problems: (item: Doc) => string[]): string[] {
  if (json === undefined) return []
  const items: unknown = JSON.parse(String(json))
  if (!Array.isArray(items) || items.length === 0) return ['no list']
  return items.flatMap(item => (isObject(item) ? problems(item as Doc) : ['an item that is no object']))
}

function partProblems(part: Doc): string[] {
  if (!isTyped(part)) return [`a part without type: ${JSON.stringify(part)}`]
  return Object.entries(parts[part.type as string] ?? {})
    .filter(([key, check]) => !check(part[key]))
    .map(([key]) => `${key} of ${JSON.stringify(part).slice(0, 200)}`)
}

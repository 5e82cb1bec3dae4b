// Holds what was exported against a line of `expected.jsonl`.
// null says that the attribute has to be absent, 0 that it is there; null as provider or operation allows anything.
import { createHash } from 'node:crypto'
import type { Expected } from './recordings'

type Attributes = Readonly<Record<string, unknown>>
type Part = Readonly<Record<string, unknown>>

export interface Difference {
  field: string
  expected: unknown
  got: unknown
}

/** Fields that are one attribute each. */
const names = {
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  httpStatus: 'http.response.status_code',
  complete: 'afn.llm.response.complete',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  cacheWrite5mTokens: 'afn.llm.usage.cache_write_5m.input_tokens',
  cacheWrite1hTokens: 'afn.llm.usage.cache_write_1h.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  audioInputTokens: 'gen_ai.usage.audio.input_tokens',
  audioOutputTokens: 'gen_ai.usage.audio.output_tokens',
  toolUseInputTokens: 'afn.llm.usage.tool_use.input_tokens',
  usageSource: 'afn.llm.usage.source',
}

/**
 * Nothing when the line or one of its alternatives holds; else how the line itself differs.
 * @param content whether message content was captured
 */
export function differences(attributes: Attributes, expected: Expected, content = true): Difference[] {
  const [found = [], ...others] = [{}, ...(expected.alternatives ?? [])].map(other =>
    compare(attributes, { ...expected, ...other }, content),
  )
  return others.some(other => other.length === 0) ? [] : found
}

function compare(attributes: Attributes, line: Expected, content: boolean): Difference[] {
  const found: Difference[] = []
  const hold = (field: string, expected: unknown, got: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(got)) found.push({ field, expected, got })
  }
  if (line.provider) hold('provider', line.provider, attributes['gen_ai.provider.name'] ?? null)
  if (line.operation) hold('operation', line.operation, attributes['gen_ai.operation.name'] ?? null)
  for (const [field, name] of Object.entries(names)) hold(field, line[field] ?? null, attributes[name] ?? null)
  hold('stream', line.stream === true, attributes['gen_ai.request.stream'] ?? false)
  hold('finishReasons', line.finishReasons ?? [], attributes['gen_ai.response.finish_reasons'] ?? [])
  const errors = (line.errorTypes as unknown[] | undefined) ?? []
  // the recordings have no word for an answer that ends early
  const allowed = errors.length ? errors : [line.errorType ?? (line.complete === false ? 'cut' : null)]
  const error = attributes['error.type'] ?? null
  if (!allowed.includes(error)) found.push({ field: 'errorType', expected: allowed, got: error })
  if (!content) return found
  const parts = outputParts(attributes['gen_ai.output.messages'])
  if (!parts) hold('outputMessages', 'JSON', attributes['gen_ai.output.messages'])
  else holdContent(parts, line, hold)
  return found
}

function holdContent(parts: Part[], line: Expected, hold: (field: string, expected: unknown, got: unknown) => void) {
  const wanted = (line.toolCalls ?? []) as { name: string; arguments: string }[]
  const calls = parts.filter(({ type }) => type === 'tool_call')
  hold(
    'toolCalls',
    wanted,
    calls.map((call, i) => ({ name: call.name, arguments: argumentsText(call.arguments, wanted[i]?.arguments) })),
  )
  const builtin = (line.builtinToolCalls ?? []) as string[]
  const ran = parts.filter(({ type }) => type === 'server_tool_call')
  hold(
    'builtinToolCalls',
    builtin,
    ran.map((call, i) => builtinNames(call).find(name => name === builtin[i]) ?? builtinNames(call)[0]),
  )
  const texts = parts.filter(({ type }) => type === 'text').map(({ content }) => content ?? '')
  const text = texts.join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (line.outputText || text) hold('outputText', line.outputText ?? null, { sha256, length: text.length })
}

/** The parts of all messages in order, or undefined where the attribute is no JSON of the conventions' shape. */
function outputParts(attribute: unknown): Part[] | undefined {
  if (attribute === undefined) return []
  try {
    const messages = JSON.parse(String(attribute)) as { parts: Part[] }[]
    return messages.flatMap(({ parts }) => parts)
  } catch {
    return undefined
  }
}

/** A call that the provider ran is known by its name, or by its type where it has none. */
function builtinNames({ name, server_tool_call: call }: Part): unknown[] {
  return [name, (call as Part | undefined)?.type].filter(known => known !== undefined && known !== null)
}

/** Free text is compared as it stands, JSON in its canonical form; text that is JSON may be either. */
function argumentsText(value: unknown, expected: string | undefined): string {
  if (typeof value !== 'string') return canonical(value)
  if (value === expected) return value
  try {
    return canonical(JSON.parse(value))
  } catch {
    return value
  }
}

/** JSON without white space, keys by UTF-16 code unit. Not by way of a sorted object: that puts keys like "10" first. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}

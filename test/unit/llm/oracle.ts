// Holds a span against a line of `expected.jsonl`. null says that the attribute has to be absent, 0 that it is there.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

export interface Expected {
  id: string
  protocol: string
  scope: string
  provider: string | null
  operation: string | null
  toolCalls: { name: string; arguments: string }[]
  outputText: { sha256: string; length: number } | null
  errorTypes: string[]
  finishReasons: string[]
  alternatives?: Record<string, unknown>[]
  [field: string]: unknown
}

interface Part {
  type: string
  content?: string
  name?: string
  arguments?: unknown
}

const names: Record<string, string> = {
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
  toolUseInputTokens: 'afn.llm.usage.tool_use.input_tokens',
  audioInputTokens: 'gen_ai.usage.audio.input_tokens',
  audioOutputTokens: 'gen_ai.usage.audio.output_tokens',
  usageSource: 'afn.llm.usage.source',
}

export function expectations(dir: string): Expected[] {
  const lines = readFileSync(path.join(dir, 'expected.jsonl'), 'utf8').trim().split('\n')
  return lines.map(line => JSON.parse(line) as Expected)
}

/** Each difference as `field expected got`. */
export function differences(span: ReadableSpan, expected: Expected, withContent = true): string[] {
  const found = compare(span, expected, withContent)
  for (const other of expected.alternatives ?? []) {
    if (found.length && compare(span, { ...expected, ...other }, withContent).length === 0) return []
  }
  return found
}

function compare({ attributes }: ReadableSpan, expected: Expected, withContent: boolean): string[] {
  const found: string[] = []
  const differ = (field: string, want: unknown, got: unknown) => {
    if (JSON.stringify(want) !== JSON.stringify(got)) {
      found.push(`${field} ${JSON.stringify(want)} ${JSON.stringify(got)}`)
    }
  }
  for (const [field, name] of Object.entries(names)) differ(field, expected[field] ?? null, attributes[name] ?? null)
  if (expected.provider) differ('provider', expected.provider, attributes['gen_ai.provider.name'])
  if (expected.operation) differ('operation', expected.operation, attributes['gen_ai.operation.name'])
  differ('stream', expected.stream === true, attributes['gen_ai.request.stream'] === true)
  differ('finishReasons', expected.finishReasons, attributes['gen_ai.response.finish_reasons'] ?? [])
  const error = (attributes['error.type'] as string | undefined) ?? null
  if (!(expected.errorTypes.length ? expected.errorTypes.includes(error ?? '') : error === null)) {
    differ('errorType', expected.errorTypes, error)
  }
  if (!withContent) return found
  const messages = JSON.parse((attributes['gen_ai.output.messages'] as string | undefined) ?? '[]') as {
    parts: Part[]
  }[]
  const parts = messages.flatMap(message => message.parts)
  const calls = parts.filter(part => part.type === 'tool_call')
  differ(
    'toolCalls',
    expected.toolCalls,
    calls.map(call => ({ name: call.name, arguments: canonical(call.arguments) })),
  )
  const said = parts.filter(part => part.type === 'text').map(part => part.content ?? '')
  const text = said.join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (expected.outputText || text) differ('outputText', expected.outputText, { sha256, length: text.length })
  return found
}

function canonical(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

// OpenTelemetry's own conventions for generative AI before the current ones (v1.27 to v1.41), which most libraries of 2026 still use,
// including names that OpenLLMetry, pydantic and others added in `gen_ai.`.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
} from '../../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import { type Message, textPart } from '../../messages'
import { choices, messages } from '../../providers/openai/content'
import { type Doc, doc, docs, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'

/** Each event of the span is one message; log records with these names are not changed. */
const messageEvent = /^gen_ai\.(system|user|assistant|tool)\.message$/

export function isOldMessage(name: string): boolean {
  return messageEvent.test(name) || name === 'gen_ai.choice' || name.startsWith('gen_ai.content.')
}

export const oldGenAi: Dialect = {
  name: 'gen_ai_old',
  fields: [
    [ATTR_GEN_AI_PROVIDER_NAME, 'gen_ai.system'],
    [
      ATTR_AFN_LLM_COST_TOTAL,
      'gen_ai.usage.cost.amount',
      'gen_ai.usage.cost',
      'gen_ai.usage.total_cost',
      'operation.cost',
    ],
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, 'gen_ai.client.operation.time_to_first_chunk'],
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS, 'gen_ai.response.finish_reason', 'gen_ai.completion.0.finish_reason'],
  ],
  counts: [
    ['input', 'gen_ai.usage.prompt_tokens'],
    ['output', 'gen_ai.usage.completion_tokens'],
    ['cacheRead', 'gen_ai.usage.cache_read_input_tokens', 'gen_ai.usage.details.cache_read_tokens'],
    [
      'cacheWrite',
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.cache_creation_input_tokens',
      'gen_ai.usage.details.cache_write_tokens',
    ],
    ['reasoning', 'gen_ai.usage.reasoning_tokens', 'gen_ai.usage.details.reasoning_tokens'],
  ],
  content,
  own: [
    'gen_ai.system',
    'gen_ai.usage.prompt_tokens',
    'gen_ai.usage.completion_tokens',
    'gen_ai.usage.total_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.cost',
    'gen_ai.usage.cost.amount',
    'gen_ai.usage.total_cost',
    'gen_ai.client.operation.time_to_first_chunk',
    'gen_ai.response.finish_reason',
    'gen_ai.prompt',
    'gen_ai.completion',
  ],
}

function content({ attributes, events }: LlmSpan): Attributes {
  const input: Message[] = []
  const output: Message[] = []
  for (const { name, attributes: said = {} } of events) {
    const role = messageEvent.exec(name)?.[1]
    if (role) input.push(...messages([{ role, ...body(said) }]))
    else if (name === 'gen_ai.choice') output.push(...choices([body(said)]))
    else if (name === 'gen_ai.content.prompt') input.push(...whole(said['gen_ai.prompt'], 'user'))
    else if (name === 'gen_ai.content.completion') output.push(...whole(said['gen_ai.completion'], 'assistant'))
  }
  if (input.length === 0) input.push(...whole(attributes['gen_ai.prompt'], 'user'))
  if (output.length === 0) output.push(...whole(attributes['gen_ai.completion'], 'assistant'))
  return { ...inputAttributes({ messages: input }), ...outputAttributes(output) }
}

/** An event's fields, flat or as one JSON object; structured values may be JSON too. */
function body(attributes: Readonly<Attributes>): Doc {
  const json = text(attributes['gen_ai.event.content']) ?? text(attributes.event_body)
  const whole = json === undefined ? undefined : doc(parsed(json))
  const said = whole ?? (attributes as Doc)
  const opened: Doc = { ...said }
  for (const key of ['message', 'tool_calls', 'content']) {
    const value = said[key]
    if (typeof value === 'string' && /^\s*[[{]/.test(value)) opened[key] = parsed(value) ?? value
  }
  return opened
}

/** Messages in one attribute: JSON of OpenAI's format, or a text. */
function whole(value: unknown, role: string): Message[] {
  const json = text(value)
  if (json === undefined) return []
  const list = docs(parsed(json))
  if (list.length > 0) return messages(list.map(message => ({ role, ...message })))
  return [{ role, parts: [textPart(json)] }]
}

// Langfuse's SDK (v4, v5) and the attributes that its users set manually:
// https://langfuse.com/integrations/native/opentelemetry
// Its usage and cost are JSON objects, and its buckets exclude each other.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../../../../semconv'
import { inputAttributes, outputAttributes } from '../../content'
import { type Message, textPart } from '../../messages'
import { messages } from '../../providers/openai/content'
import { usageAttributes } from '../../usage'
import { count, type Doc, doc, docs, number, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'
import { parameters } from './parameters'

export const langfuse: Dialect = {
  name: 'langfuse',
  overridesCurrent: true,
  fields: [
    [ATTR_GEN_AI_REQUEST_MODEL, 'langfuse.observation.model.name'],
    [ATTR_GEN_AI_PROMPT_NAME, 'langfuse.observation.prompt.name'],
    [ATTR_GEN_AI_PROMPT_VERSION, 'langfuse.observation.prompt.version'],
    [ATTR_USER_ID, 'langfuse.user.id', 'user.id'],
    [ATTR_SESSION_ID, 'langfuse.session.id', 'session.id'],
    [ATTR_GEN_AI_CONVERSATION_ID, 'langfuse.session.id', 'session.id'],
  ],
  counts: [],
  read,
  content,
  own: [
    'langfuse.observation.model.name',
    'langfuse.observation.model.parameters',
    'langfuse.observation.usage_details',
    'langfuse.observation.cost_details',
    'langfuse.observation.prompt.name',
    'langfuse.observation.prompt.version',
    'langfuse.observation.completion_start_time',
    'langfuse.user.id',
    'langfuse.session.id',
  ],
}

function read({ attributes, startTime }: LlmSpan): Attributes {
  const costs = json(attributes['langfuse.observation.cost_details'])
  const [input, output] = [number(costs.input), number(costs.output)]
  const parts = input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0)
  const firstAt = Date.parse((text(attributes['langfuse.observation.completion_start_time']) ?? '').replaceAll('"', ''))
  const startedAt = startTime[0] * 1_000 + startTime[1] / 1e6
  return {
    ...parameters(json(attributes['langfuse.observation.model.parameters'])),
    ...usage(json(attributes['langfuse.observation.usage_details'])),
    [ATTR_AFN_LLM_COST_TOTAL]: number(costs.total) ?? parts,
    [ATTR_AFN_LLM_COST_INPUT]: input,
    [ATTR_AFN_LLM_COST_OUTPUT]: output,
    // dates have a resolution of milliseconds, so it may be before the start
    ...(firstAt >= Math.floor(startedAt) && {
      [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: Math.max(0, firstAt - startedAt) / 1_000,
    }),
  }
}

/** Buckets are added up; if `total` equals input plus output, these already include the details. */
function usage(details: Doc): Attributes {
  const first = (...names: string[]) => names.map(name => count(details[name])).find(value => value !== undefined)
  const [input, output] = [first('input', 'prompt_tokens'), first('output', 'completion_tokens')]
  const apart = first('total') !== (input ?? 0) + (output ?? 0)
  const [cacheWrite5m, cacheWrite1h] = [first('input_cache_creation_5m'), first('input_cache_creation_1h')]
  return usageAttributes({
    input: apart ? sum(details, /^(?:input|prompt_tokens$)|input_tokens$/) : input,
    output: apart ? sum(details, /^(?:output|completion_tokens$)/) : output,
    cacheRead: first('input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens'),
    cacheWrite:
      first('input_cache_creation', 'input_cache_write', 'cache_creation_input_tokens') ??
      sum(details, /^input_cache_creation_(?:5m|1h)$/),
    cacheWrite5m,
    cacheWrite1h,
    reasoning: first('output_reasoning_tokens', 'output_reasoning'),
    audioInput: first('input_audio_tokens'),
    audioOutput: first('output_audio_tokens'),
  })
}

function sum(details: Doc, names: RegExp): number | undefined {
  const counts = Object.keys(details).flatMap(name => (names.test(name) ? (count(details[name]) ?? []) : []))
  return counts.length === 0 ? undefined : counts.reduce((all, one) => all + one, 0)
}

function content({ attributes }: LlmSpan): Attributes {
  const input = text(attributes['langfuse.observation.input'])
  const output = text(attributes['langfuse.observation.output'])
  switch (attributes['langfuse.observation.type']) {
    case 'tool':
      return { [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: input, [ATTR_GEN_AI_TOOL_CALL_RESULT]: output }
    case 'generation':
    case 'agent':
      return { ...inputAttributes({ messages: said(input, 'user') }), ...outputAttributes(said(output, 'assistant')) }
    default:
      return {}
  }
}

/** Input or output in any form: messages, one message, the body of a request, or a text. */
function said(value: string | undefined, role: string): Message[] {
  if (value === undefined) return []
  const document = parsed(value)
  const one = doc(document)
  const list = docs(one?.messages ?? one?.input ?? (one ? [one] : document)).filter(
    entry => typeof entry.role === 'string',
  )
  return list.length > 0
    ? messages(list)
    : [{ role, parts: [textPart(typeof document === 'string' ? document : value)] }]
}

function json(value: unknown): Doc {
  return doc(parsed(text(value) ?? '')) ?? {}
}

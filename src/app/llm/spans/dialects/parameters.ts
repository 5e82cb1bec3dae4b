// Request parameters in the spelling of each library.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
} from '../../../../../semconv'
import { type Doc, doc } from '../../wire/json'
import type { Field } from './dialect'

export const parameterFields: readonly Field[] = [
  [
    ATTR_GEN_AI_REQUEST_MAX_TOKENS,
    'max_completion_tokens',
    'max_output_tokens',
    'max_tokens',
    'maxOutputTokens',
    'maxTokens',
  ],
  [ATTR_GEN_AI_REQUEST_TEMPERATURE, 'temperature'],
  [ATTR_GEN_AI_REQUEST_TOP_P, 'top_p', 'topP'],
  [ATTR_GEN_AI_REQUEST_TOP_K, 'top_k', 'topK'],
  [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, 'stop_sequences', 'stopSequences', 'stop'],
  [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, 'frequency_penalty', 'frequencyPenalty'],
  [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, 'presence_penalty', 'presencePenalty'],
  [ATTR_GEN_AI_REQUEST_SEED, 'seed'],
  [ATTR_GEN_AI_REQUEST_REASONING_LEVEL, 'reasoning_effort', 'reasoningEffort'],
]

/** Converts parameters to current names; the caller checks the values. */
export function parameters(object: Doc): Attributes {
  const found: Doc = {}
  for (const [name, ...sources] of parameterFields) {
    for (const source of sources) found[name] ??= object[source]
  }
  if (object.stream === true) found[ATTR_GEN_AI_REQUEST_STREAM] = true
  if (typeof object.n === 'number' && object.n !== 1) found[ATTR_GEN_AI_REQUEST_CHOICE_COUNT] = object.n
  const format = doc(object.response_format)?.type
  if (typeof format === 'string') found[ATTR_GEN_AI_OUTPUT_TYPE] = format.startsWith('json') ? 'json' : format
  return found as Attributes
}

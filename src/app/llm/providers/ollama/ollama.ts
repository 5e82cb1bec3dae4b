// Code that Ollama's own APIs share; it also serves OpenAI's under /v1.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
} from '../../../../../semconv'
import type { Usage } from '../../usage'
import { count, type Doc, doc, integer, number, text, texts } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { errorFields, errorIn } from '../errors'
import type { ParsedResponse } from '../protocol'

/** The conventions define no name for it. */
export const PROVIDER = 'ollama'

export const commonFields = {
  model: true,
  stream: true,
  options: true,
  keep_alive: true,
  think: true,
  format: true,
} as const

/**
 * `/api/chat` is a common path, often of the app itself. Ollama is identified by its port, by a host with its name, or by fields of the
 * body that only Ollama has; its clients always set the stream option.
 */
export function isOllama({ port, hostname }: URL, params: Doc): boolean {
  if (port === '11434' || hostname.includes('ollama')) return true
  return typeof params.stream === 'boolean' || doc(params.options) !== undefined || params.keep_alive !== undefined
}

export function requestAttributes(params: Doc): Attributes {
  const options = doc(params.options) ?? {}
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(options.num_predict),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(options.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(options.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(options.top_k),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(options.seed),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(options.stop),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(options.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(options.presence_penalty),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(params.think),
    [ATTR_GEN_AI_OUTPUT_TYPE]: params.format ? 'json' : undefined,
  }
}

export function usageOf(answer: Doc): Usage | undefined {
  const input = count(answer.prompt_eval_count)
  const output = count(answer.eval_count)
  return input === undefined && output === undefined ? undefined : { input, output }
}

export const responseFields: Fields = {
  model: true,
  done_reason: true,
  prompt_eval_count: true,
  eval_count: true,
  ...errorFields,
}

/** Parses an answer of chat or generate. */
export function response(document: unknown): ParsedResponse {
  const answer = doc(document) ?? {}
  const reason = text(answer.done_reason)
  return {
    model: text(answer.model),
    finishReasons: reason ? [reason] : [],
    usage: usageOf(answer),
    error: errorIn(document),
  }
}

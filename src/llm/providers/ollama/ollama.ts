// What Ollama's own APIs have in common; it also speaks OpenAI's under /v1.
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
} from '../../../../semconv'
import type { Fields } from '../../observe/wire/json'
import { count, type Doc, doc, docs, integer, number, text, texts } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import { errorFields, errorIn, type Fold, type FoldOptions, joined, type ParsedResponse, update } from '../protocol'

/** The conventions have no name for it. */
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
 * `/api/chat` may be anybody's path, mostly the application's own. Ollama runs on a port or a host of its name, or else the
 * body has members that only Ollama knows; its clients always say whether they want a stream.
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

/** What an answer of chat or generate says. */
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

// Puts the lines of a streamed Ollama answer together into the one that would have come unstreamed.

export class OllamaFold implements Fold {
  readonly #last: Doc = {}
  #complete = false
  readonly #message: Doc = { role: 'assistant' }
  readonly #calls: Doc[] = []
  #response: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete || this.#last.error !== undefined
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    return { ...this.#last, response: this.#response, message: { ...this.#message, tool_calls: this.#calls } }
  }

  done(): void {}

  event(line: Doc): boolean {
    update(this.#last, line)
    if (line.done === true) this.#complete = true
    const message = doc(line.message) ?? { thinking: line.thinking }
    const calls = docs(message.tool_calls)
    if (this.options.content) {
      this.#calls.push(...calls)
      this.#response = joined(this.#response, line.response)
      for (const key of ['content', 'thinking']) this.#message[key] = joined(this.#message[key], message[key])
    }
    const words = text(message.content) ?? text(message.thinking) ?? text(line.response)
    return words !== undefined || calls.length > 0
  }
}

export const significantEvent = /"(?:done"\s*:\s*true|error")/

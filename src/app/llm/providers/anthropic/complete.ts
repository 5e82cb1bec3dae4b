// Anthropic's older text completions, which report no usage.
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { count, type Doc, doc, integer, list, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { joined } from '../fold'
import type { Fold, FoldOptions, ParsedRequest, Protocol } from '../protocol'

export const anthropicComplete: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC,
  identifiableByHead: facts => facts.header('anthropic-version') !== null,

  requestFields: {
    model: true,
    prompt: {}, // whether it is there
    stream: true,
    max_tokens_to_sample: true,
    temperature: true,
    top_p: true,
    top_k: true,
    stop_sequences: true,
  },
  requestContentFields: { prompt: true },
  request,
  input: body => ({ messages: textMessages('user', doc(body)?.prompt) }),

  responseFields: { id: true, model: true, stop_reason: true, ...errorFields },
  responseContentFields: { completion: true },
  significantEvent: /"stop_reason"\s*:\s*"|"error"/,
  fold: options => new CompletionFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(answer.stop_reason)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: reason ? [reason] : [],
      usage: undefined,
      error: errorIn(document),
    }
  },
  output: document => textMessages('assistant', doc(document)?.completion),
}

function request(body: unknown): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  const limit = count(params?.max_tokens_to_sample)
  if (!params || !model || typeof params.prompt !== 'string' || limit === undefined) return undefined
  const stop = list(params.stop_sequences).filter(item => typeof item === 'string')
  const attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: limit,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? (stop as string[]) : undefined,
  }
  return { model, stream: params.stream === true, choices: 1, attributes }
}

class CompletionFold implements Fold {
  #last: Doc = {}
  #completion: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete || this.#last.error !== undefined
  }

  get complete(): boolean {
    return typeof this.#last.stop_reason === 'string'
  }

  document(): unknown {
    return { ...this.#last, completion: this.#completion }
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.type === 'ping') return false
    this.#last = event
    if (this.options.content) this.#completion = joined(this.#completion, event.completion)
    return text(event.completion) !== undefined
  }
}

// IBM watsonx.ai's older text generation, and its embeddings.
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, integer, number, text, texts } from '../../wire/json'
import { joined } from '../fold'
import { type Fold, type FoldOptions, type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { errorFields, errorOf, targetOf } from './watsonx'

/** The stop reason of all results in a stream except the last. */
const NOT_FINISHED = 'not_finished'

export const watsonxGeneration: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: { model_id: true, input: {}, parameters: true }, // of the input, whether it is there
  requestContentFields: { input: true },
  request,
  input: body => ({ messages: textMessages('user', doc(body)?.input) }),

  responseFields: {
    model_id: true,
    results: { '*': { stop_reason: true, generated_token_count: true, input_token_count: true } },
    ...errorFields,
  },
  responseContentFields: { results: true },
  significantEvent: /"stop_reason"\s*:\s*"(?!not_finished)|"errors?"/,
  fold: options => new GenerationFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    return {
      model: text(answer.model_id),
      finishReasons: docs(answer.results).flatMap(({ stop_reason: reason }) => text(reason) ?? []),
      usage: usageOf(docs(answer.results)),
      error: errorOf(document),
    }
  },
  output: document => docs(doc(document)?.results).flatMap(result => textMessages('assistant', result.generated_text)),
}

export const watsonxEmbeddings: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  provider: GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
  identifiableByHead: () => true,

  requestFields: { model_id: true, inputs: {} },
  requestContentFields: {},
  request(body, url) {
    const target = targetOf(body, url)
    return target && Array.isArray(doc(body)?.inputs)
      ? { ...target, stream: false, choices: 1, attributes: {} }
      : undefined
  },
  input: () => ({ messages: [] }),

  responseFields: { model_id: true, input_token_count: true, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const input = count(answer.input_token_count)
    return {
      model: text(answer.model_id),
      finishReasons: [],
      usage: input === undefined ? undefined : { input },
      error: errorOf(document),
    }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const from = doc(body)
  const target = targetOf(body, url)
  // The deployment of a prompt template contains the text.
  if (!from || !target || !(typeof from.input === 'string' || target.model === undefined)) return undefined
  const settings = doc(from.parameters) ?? {}
  const attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(settings.max_new_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(settings.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(settings.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(settings.top_k),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(settings.random_seed),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(settings.stop_sequences),
  }
  return { ...target, stream: url.pathname.endsWith('_stream'), choices: 1, attributes }
}

function usageOf([result]: Doc[]): Usage | undefined {
  const [input, output] = [count(result?.input_token_count), count(result?.generated_token_count)]
  return input === undefined && output === undefined ? undefined : { input, output }
}

/** The first event has the input count, and later ones have 0; the output count is cumulative. There is no end mark. */
class GenerationFold implements Fold {
  #model: unknown
  #errors: unknown
  #result: Doc | undefined

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#errors !== undefined
  }

  get complete(): boolean {
    return this.#result?.stop_reason !== undefined
  }

  document(): unknown {
    return { model_id: this.#model, errors: this.#errors, results: this.#result ? [this.#result] : [] }
  }

  done(): void {}

  event(event: Doc): boolean {
    this.#model ??= event.model_id
    this.#errors ??= event.errors
    const [piece] = docs(event.results)
    if (!piece) return false
    const known = this.#result
    this.#result = {
      generated_text: this.options.content ? joined(known?.generated_text, piece.generated_text) : undefined,
      input_token_count: (count(known?.input_token_count) || undefined) ?? piece.input_token_count,
      generated_token_count: piece.generated_token_count,
      stop_reason: piece.stop_reason === NOT_FINISHED ? undefined : piece.stop_reason,
    }
    return text(piece.generated_text) !== undefined
  }
}

// Text Generation Inference of Hugging Face, and SGLang, which has the same path: servers of a single model, which requests do not name.
// https://huggingface.github.io/text-generation-inference
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, integer, number, text, texts } from '../../wire/json'
import { errorIn } from '../errors'
import { joined } from '../fold'
import type { Fold, FoldOptions, HeaderOf, ParsedRequest, Protocol } from '../protocol'
import { isProvider } from '../providers'

export const textGeneration: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: 'huggingface',
  identifiableByHead: facts => isProvider(facts.url.hostname),

  requestFields: { inputs: {}, text: {}, input_ids: {}, parameters: true, sampling_params: true, stream: true },
  requestContentFields: { inputs: true, text: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: [params.inputs, params.text].flat().flatMap(prompt => textMessages('user', prompt)) }
  },

  responseFields: {
    details: { finish_reason: true, generated_tokens: true, input_length: true },
    meta_info: true,
    error: true,
    error_type: true,
    '*': { details: { finish_reason: true, generated_tokens: true }, meta_info: true },
  },
  responseContentFields: { generated_text: true, text: true, '*': { generated_text: true, text: true } },
  significantEvent: /"(?:details"\s*:\s*\{|meta_info"|error")/,
  fold: options => new TokensFold(options),
  response(document, header) {
    const answers = answersIn(document)
    const error = errorIn(answers[0])
    return {
      id: text(doc(answers[0]?.meta_info)?.id),
      finishReasons: answers.flatMap(({ details, meta_info }) => {
        const reason = doc(details)?.finish_reason ?? doc(meta_info)?.finish_reason
        return text(reason) ?? text(doc(reason)?.type) ?? []
      }),
      usage: usageOf(answers, header),
      error: error && { ...error, type: error.type ?? text(answers[0]?.error_type) },
    }
  },
  output: document =>
    answersIn(document).flatMap(answer => textMessages('assistant', answer.generated_text ?? answer.text)),
}

/** Both servers have their parameters in an object that no other `/generate` API has. */
function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const [theirs, sglang] = [doc(params?.parameters), doc(params?.sampling_params)]
  const isStreamPath = url.pathname.endsWith('/generate_stream')
  const isTgi = typeof params?.inputs === 'string' && (theirs || isStreamPath || isProvider(url.hostname))
  if (!isTgi && !(sglang && (params?.text ?? params?.input_ids))) return undefined
  const asked = theirs ?? sglang ?? {}
  return {
    model: undefined,
    stream: isStreamPath || params?.stream === true,
    choices: 1,
    attributes: {
      [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(asked.max_new_tokens),
      [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(asked.temperature),
      [ATTR_GEN_AI_REQUEST_TOP_P]: number(asked.top_p),
      [ATTR_GEN_AI_REQUEST_TOP_K]: integer(asked.top_k),
      [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(asked.stop),
    },
  }
}

function answersIn(document: unknown): Doc[] {
  return docs(Array.isArray(document) ? document : [document])
}

/** In the answer if details were requested, otherwise in headers. */
function usageOf(answers: Doc[], header: HeaderOf): Usage | undefined {
  const sum = (of: (answer: Doc) => number | undefined) => {
    const counts = answers.map(of)
    return counts.some(one => one === undefined) ? undefined : counts.reduce<number>((all, one) => all + (one ?? 0), 0)
  }
  const told = (name: string) => count(Number(header(name) ?? Number.NaN))
  const input =
    sum(({ details, meta_info }) => count(doc(meta_info)?.prompt_tokens) ?? count(doc(details)?.input_length)) ??
    told('x-prompt-tokens')
  const output =
    sum(
      ({ details, meta_info }) => count(doc(meta_info)?.completion_tokens) ?? count(doc(details)?.generated_tokens),
    ) ?? told('x-generated-tokens')
  if (input === undefined && output === undefined) return undefined
  return { input, output, cacheRead: sum(({ meta_info }) => count(doc(meta_info)?.cached_tokens)) }
}

/** One token per event, and the last event has everything; SGLang repeats the text so far. */
class TokensFold implements Fold {
  #answer: Doc = {}
  #text: unknown
  #done = false

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#done
  }

  get complete(): boolean {
    return this.#done || doc(this.#answer.details) !== undefined
  }

  document(): unknown {
    return { text: this.#text, ...this.#answer }
  }

  done(): void {
    this.#done = true
  }

  event({ token, ...event }: Doc): boolean {
    const piece = text(doc(token)?.text)
    if (this.options.content && piece) this.#text = joined(this.#text, piece)
    for (const [name, value] of Object.entries(event)) if (value !== null) this.#answer[name] = value
    return piece !== undefined || text(event.text) !== undefined
  }
}

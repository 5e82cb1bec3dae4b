// OpenAI images: made, edited and varied.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../semconv'
import { blob, media, type Part, textMessages } from '../../messages'
import { count, type Doc, doc, docs, number, text } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import {
  errorFields,
  errorIn,
  type Fold,
  type FoldOptions,
  isForm,
  isJson,
  joined,
  type ParsedRequest,
  type Protocol,
} from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './deployment'
import { costOf, usageOf } from './usage'

const significantEvent = /"type"\s*:\s*"(?:error|[a-z_.]+\.(?:done|completed))"/

export const openaiImages: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  identifiableByHead: facts => (isJson(facts) || isForm(facts)) && isProvider(facts.url.hostname),

  requestFields: { model: true, prompt: true, n: true, stream: true },
  requestContentFields: {},
  request,
  input(body) {
    return { messages: textMessages('user', doc(body)?.prompt) }
  },

  responseFields: { usage: true, data: { '*': {} }, svg_usage: true, ...errorFields },
  responseContentFields: { data: true },
  significantEvent,
  fold: options => new MediaFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const usage = usageOf(doc(answer.usage))
    // All that this API puts out is images, and mostly it does not repeat that in the details.
    const used = usage && { ...usage, imageOutput: usage.imageOutput ?? usage.output }
    const drawn = usageOf(doc(answer.svg_usage))
    const model = text(doc(answer.svg_usage)?.model)
    return {
      finishReasons: [],
      // where no tokens are told, images are charged by the piece
      usage: used ?? imagesIn(answer),
      ...(used &&
        drawn && {
          iterations: [{ usage: used }, { usage: drawn, hosted: { operation: openaiImages.operation, model } }],
        }),
      cost: costOf(doc(answer.usage)),
      error: errorIn(document),
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    const images = answer.data === undefined ? [answer] : docs(answer.data) // the last event of a stream is its image
    return [{ role: 'assistant', parts: images.flatMap(image) }]
  },
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  // A variation is of the image alone.
  if (!params || !(text(params.prompt) || url.pathname.endsWith('/variations'))) return undefined
  const wanted = count(Number(params.n ?? 1)) ?? 1
  const attributes = {
    [ATTR_GEN_AI_OUTPUT_TYPE]: GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  // A form has texts only.
  const stream = params.stream === true || params.stream === 'true'
  return { model: text(params.model) ?? deploymentOf(url), stream, choices: wanted, attributes }
}

function imagesIn({ data, error }: Doc): Usage | undefined {
  return !error && docs(data).length > 0 ? { images: docs(data).length } : undefined
}

function image(data: Doc): Part[] {
  const base64 = text(data.b64_json)
  const url = text(data.url)
  if (base64) return [blob(`image/${text(data.output_format) ?? 'png'}`, base64)]
  return url ? [media(url, 'image')] : []
}

// OpenAI's transcriptions and speech.

const common = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  significantEvent,
  fold: options => new MediaFold(options),
  responseFields: { usage: true, duration: true, ...errorFields },
  input(body) {
    const params = doc(body)
    return { messages: textMessages('user', text(params?.input) ?? params?.prompt) }
  },
} satisfies Partial<Protocol>

/** The request is a form, of which only the short fields are read, never the sound. */
export const openaiTranscriptions: Protocol = {
  ...common,
  identifiableByHead: isForm,
  requestFields: { model: true, stream: true, temperature: true },
  requestContentFields: { prompt: true },
  request: (body, url) => audioRequest(body, url, GEN_AI_OUTPUT_TYPE_VALUE_TEXT),
  responseContentFields: { text: true },
  response(document) {
    const answer = doc(document)
    const audioSeconds = number(answer?.duration)
    return {
      finishReasons: [],
      usage: usageOf(doc(answer?.usage)) ?? (audioSeconds === undefined ? undefined : { audioSeconds }),
      error: errorIn(document),
    }
  },
  output: document => textMessages('assistant', doc(document)?.text),
}

/** Only its events have token counts; an answer that is plain sound has a span without them. */
export const openaiSpeech: Protocol = {
  ...common,
  media: true,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),
  requestFields: { model: true, stream_format: true, input: {} }, // whether it is there
  requestContentFields: { input: true },
  request(body, url) {
    const params = doc(body)
    if (typeof params?.input !== 'string') return undefined
    return audioRequest({ ...params, stream: params.stream_format === 'sse' }, url, GEN_AI_OUTPUT_TYPE_VALUE_SPEECH)
  },
  responseContentFields: {},
  response(document) {
    const usage = usageOf(doc(doc(document)?.usage))
    return {
      finishReasons: [],
      usage: usage && { ...usage, audioOutput: usage.output }, // it puts out nothing else
      error: errorIn(document),
    }
  },
  output: () => [],
}

function audioRequest(body: unknown, url: URL, type: string): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  if (!params || !model) return undefined
  const temperature = params.temperature === undefined ? undefined : number(Number(params.temperature))
  return {
    model,
    stream: params.stream === true || params.stream === 'true',
    choices: 1,
    attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: type, [ATTR_GEN_AI_REQUEST_TEMPERATURE]: temperature },
  }
}

// Reads the streams of images, transcriptions and speech: pieces, then one event that has everything.

export class MediaFold implements Fold {
  #last: Doc | undefined
  #error: unknown
  #any = false
  #text: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete && this.#any
  }

  /** What has no events is the medium itself, or plain text. */
  get complete(): boolean {
    return this.#last !== undefined || !this.#any
  }

  document(): unknown {
    return { text: this.#text, ...this.#last, error: this.#error }
  }

  done(): void {}

  event(event: Doc): boolean {
    const { type } = event
    if (typeof type !== 'string') return false // sound may look like anything
    this.#any = true
    if (type === 'error') this.#error = doc(event.error) ?? { code: event.code, message: event.message }
    else if (type.endsWith('.done') || type.endsWith('.completed')) this.#last = event
    else {
      if (this.options.content && typeof event.delta === 'string') this.#text = joined(this.#text, event.delta)
      return true
    }
    return type.endsWith('.completed')
  }
}

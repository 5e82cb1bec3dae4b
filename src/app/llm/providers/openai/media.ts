// OpenAI images: generation, edits and variations.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../../semconv'
import { blob, media, type Part, textMessages } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isForm, isJson, type ParsedRequest, type Protocol } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './deployment'
import { MediaFold } from './media-fold'
import { costOf, usageOf } from './usage'

export const significantEvent = /"type"\s*:\s*"(?:error|[a-z_.]+\.(?:done|completed))"/

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
    // This API only outputs images, but the details usually omit the image tokens.
    const used = usage && { ...usage, imageOutput: usage.imageOutput ?? usage.output }
    const drawn = usageOf(doc(answer.svg_usage))
    const model = text(doc(answer.svg_usage)?.model)
    return {
      finishReasons: [],
      // without token counts, images are charged by the item
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
  // A variation has no prompt.
  if (!params || !(text(params.prompt) || url.pathname.endsWith('/variations'))) return undefined
  const wanted = count(Number(params.n ?? 1)) ?? 1
  const attributes = {
    [ATTR_GEN_AI_OUTPUT_TYPE]: GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  // A form only has texts.
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

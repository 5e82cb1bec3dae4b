// OpenAI images: made, edited and varied. Listed in index.ts.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../semconv'
import { blob, media, type Part, textPart } from '../../messages'
import { count, type Doc, doc, docs, text } from '../../observe/wire/value'
import { errorFields, errorIn } from '../error'
import { isForm, isJson, type Protocol, type RequestTold } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './azure'
import { MediaFold, telling } from './media-fold'
import { costOf, usageOf } from './usage'

export const openaiImages: Protocol = {
  name: 'openai-images',
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  path: pathname => /\/images\/(?:generations|edits|variations)$/.test(pathname),
  vouched: facts => (isJson(facts) || isForm(facts)) && isProvider(facts.url.hostname),

  requestFields: { model: true, prompt: true, n: true, stream: true },
  requestContentFields: {},
  request,
  input(body) {
    const prompt = text(doc(body)?.prompt)
    return { messages: prompt ? [{ role: 'user', parts: [textPart(prompt)] }] : [] }
  },

  responseFields: { usage: true, ...errorFields },
  responseContentFields: { data: true },
  telling,
  fold: options => new MediaFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const usage = usageOf(doc(answer.usage))
    return {
      finishReasons: [],
      // All that this API puts out is images, and mostly it does not repeat that in the details.
      usage: usage && { ...usage, imageOutput: usage.imageOutput ?? usage.output },
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

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  // A variation is of the image alone.
  if (!asked || !(text(asked.prompt) || url.pathname.endsWith('/variations'))) return undefined
  const wanted = count(Number(asked.n ?? 1)) ?? 1
  const attributes = {
    [ATTR_GEN_AI_OUTPUT_TYPE]: GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  // A form has texts only.
  const stream = asked.stream === true || asked.stream === 'true'
  return { model: text(asked.model) ?? deploymentOf(url), stream, choices: wanted, attributes }
}

function image(data: Doc): Part[] {
  const base64 = text(data.b64_json)
  const url = text(data.url)
  if (base64) return [blob(`image/${text(data.output_format) ?? 'png'}`, base64)]
  return url ? [media(url, 'image')] : []
}

// Google's image and video models, on AI Studio and Vertex: charged by image or by second. Videos are fetched later.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { amount, count, doc, docs } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { type ParsedRequest, type Protocol, unstreamed } from '../protocol'
import { calledIn, providerIn } from './request'

export const googlePredict: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: { instances: { '*': {} }, parameters: true },
  requestContentFields: { instances: { '*': { prompt: true } } },
  request,
  input: body => ({ messages: docs(doc(body)?.instances).flatMap(({ prompt }) => textMessages('user', prompt)) }),

  responseFields: { predictions: { '*': { mimeType: true, gcsUri: true } }, ...errorFields },
  responseContentFields: {},
  ...unstreamed,
  response(document) {
    // A filtered image is replaced by the reason.
    const images = docs(doc(document)?.predictions).filter(one => one.mimeType ?? one.gcsUri).length
    return { finishReasons: [], usage: images ? { images } : undefined, error: errorIn(document) }
  },
  output: () => [],
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const params = doc(doc(body)?.parameters) ?? {}
  if (!called || !Array.isArray(doc(body)?.instances)) return undefined
  const wanted = count(params.sampleCount) ?? 1
  const isVideo = called.method === 'predictLongRunning'
  const seconds = isVideo ? amount(params.durationSeconds) : undefined
  return {
    model: called.model,
    provider: providerIn(url),
    stream: false,
    choices: wanted,
    attributes: {
      [ATTR_GEN_AI_OUTPUT_TYPE]: isVideo ? 'video' : GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
      [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
    },
    ...(seconds !== undefined && { usage: { videoSeconds: seconds * wanted } }),
  }
}

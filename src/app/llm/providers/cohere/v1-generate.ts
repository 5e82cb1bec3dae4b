// Cohere's older text generation.
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { count, doc, docs, text } from '../../wire/json'
import { errorFields } from '../errors'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { parameterAttributes, parameters } from './chat'
import { errorOf, isCohere, usageOf } from './cohere'
import { significantEvent } from './v1'
import { CohereFoldV1 } from './v1-fold'

export const cohereGenerate: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, prompt: true, num_generations: true, stream: true, ...parameters() },
  requestContentFields: {},
  request: generateRequest,
  input(body) {
    return { messages: textMessages('user', doc(body)?.prompt) }
  },

  responseFields: { id: true, generations: { '*': { finish_reason: true } }, meta: true, ...errorFields },
  responseContentFields: { generations: true },
  lines: true,
  significantEvent,
  fold: options => new CohereFoldV1(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reasons = docs(answer.generations).flatMap(one => text(one.finish_reason) ?? [])
    return {
      id: text(answer.id),
      finishReasons: reasons,
      usage: usageOf(doc(answer.meta)),
      error: errorOf(answer, reasons[0]),
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    // A truncated stream only has its text.
    const generations = docs(answer.generations).length ? docs(answer.generations) : [answer]
    return generations.flatMap(one => textMessages('assistant', one.text))
  },
}

function generateRequest(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || typeof params.prompt !== 'string' || !isCohere(url, model)) return undefined
  const wanted = count(params.num_generations) ?? 1
  const attributes = {
    ...parameterAttributes(params),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  return { model, stream: params.stream === true, choices: wanted, attributes }
}

// Cohere's older text generation. Listed in index.ts.
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
} from '../../../../semconv'
import { type Message, textPart } from '../../messages'
import { count, doc, docs, text } from '../../observe/wire/value'
import { errorFields } from '../error'
import { isJson, type Protocol, type RequestTold } from '../protocol'
import { parameterAttributes, parameters } from './chat'
import { errorOf, isCohere, usageOf } from './cohere'
import { CohereFoldV1, telling } from './v1-fold'

export const cohereGenerate: Protocol = {
  name: 'cohere-generate',
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  path: pathname => pathname.endsWith('/v1/generate'),
  vouched: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, prompt: true, num_generations: true, stream: true, ...parameters() },
  requestContentFields: {},
  request,
  input(body) {
    const prompt = text(doc(body)?.prompt)
    return { messages: prompt ? said('user', prompt) : [] }
  },

  responseFields: { id: true, generations: { '*': { finish_reason: true } }, meta: true, ...errorFields },
  responseContentFields: { generations: true },
  lines: true,
  telling,
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
    // A stream that was cut has but its text.
    const generations = docs(answer.generations).length ? docs(answer.generations) : [answer]
    return generations.flatMap(one => (text(one.text) ? said('assistant', one.text as string) : []))
  },
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model)
  if (!asked || typeof asked.prompt !== 'string' || !isCohere(url, model)) return undefined
  const wanted = count(asked.num_generations) ?? 1
  const attributes = {
    ...parameterAttributes(asked),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  return { model, stream: asked.stream === true, choices: wanted, attributes }
}

function said(role: string, content: string): Message[] {
  return [{ role, parts: [textPart(content)] }]
}

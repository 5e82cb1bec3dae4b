// Gemini's generateContent and its stream, for AI Studio and Vertex.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../../semconv'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { ParsedRequest, Protocol } from '../protocol'
import { candidates, messages, parts, tools } from './content'
import { GenerateFold } from './generate-fold'
import { inBothStyles, member } from './members'
import { calledIn, providerIn } from './request'
import { groundingFields, searchesOf, tierOf, usageOf } from './usage'

export const googleGenerate: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: { contents: {}, ...inBothStyles('generationConfig') }, // of the contents, whether they are there
  requestContentFields: { contents: true, tools: true, ...inBothStyles('systemInstruction') },
  request,
  input(body) {
    const params = doc(body)
    return {
      messages: messages(params?.contents),
      system: parts(member(params, 'systemInstruction')),
      tools: tools(params?.tools),
    }
  },

  responseFields: {
    responseId: true,
    modelVersion: true,
    candidates: { '*': { index: true, finishReason: true, groundingMetadata: groundingFields } },
    promptFeedback: true,
    usageMetadata: true,
    ...errorFields,
  },
  responseContentFields: { candidates: true },
  significantEvent: /"(?:finishReason|usageMetadata|promptFeedback|groundingMetadata|error)"/,
  fold: options => new GenerateFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const counts = doc(answer.usageMetadata)
    const usage = usageOf(counts)
    const blocked = text(doc(answer.promptFeedback)?.blockReason)
    return {
      id: text(answer.responseId),
      model: text(answer.modelVersion),
      finishReasons: inOrder(answer).flatMap(candidate => text(candidate.finishReason) ?? []),
      usage: usage && {
        ...usage,
        ...searchesOf(inOrder(answer).flatMap(({ groundingMetadata }) => docs([groundingMetadata]))),
      },
      error: errorIn(document),
      attributes: {
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tierOf(counts),
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: blocked ? true : undefined,
      },
    }
  },
  output: document => candidates(inOrder(doc(document) ?? {})),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const contents = doc(body)?.contents
  if (!called || typeof contents !== 'object' || contents === null) return undefined
  const config = doc(member(doc(body), 'generationConfig'))
  const of = (name: string) => member(config, name)
  const wanted = count(of('candidateCount')) ?? 1
  const attributes = {
    ...configured(config),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  const stream = called.method.toLowerCase().startsWith('stream')
  return { model: called.model, provider: providerIn(url), stream, choices: wanted, attributes }
}

/** @param config the `generationConfig` */
export function configured(config: Doc | undefined): Attributes {
  const of = (name: string) => member(config, name)
  const stop = list(of('stopSequences')).filter(item => typeof item === 'string') as string[]
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(of('maxOutputTokens')),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(of('temperature')),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(of('topP')),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(of('topK')),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(of('frequencyPenalty')),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(of('presencePenalty')),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(of('seed')),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(member(doc(of('thinkingConfig')), 'thinkingLevel')),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(of),
  }
}

function outputType(of: (name: string) => unknown): string | undefined {
  const kinds = list(of('responseModalities')).map(kind => String(kind).toUpperCase())
  if (kinds.includes('AUDIO')) return 'speech'
  if (kinds.includes('IMAGE')) return 'image'
  const mimeType = text(of('responseMimeType'))
  if (mimeType === 'text/plain') return 'text'
  return mimeType?.endsWith('json') ? 'json' : undefined
}

function inOrder(answer: Doc): Doc[] {
  return docs(answer.candidates).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}

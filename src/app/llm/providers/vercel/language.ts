// Vercel's AI Gateway as the AI SDK calls it for models given as a string (`openai/gpt-5`): the SDK's own options and stream parts.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '../../../../../semconv'
import { count, doc, docs, integer, list, number, text, texts } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { HeaderOf, ParsedRequest, Protocol } from '../protocol'
import { messages, parts } from './content'
import { costFields, costOf, modelIn, usageOf, VERCEL } from './gateway'
import { LanguageFold } from './language-fold'

export const vercelLanguage: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: VERCEL,
  identifiableByHead: ({ header }) => modelIn(header) !== undefined,

  requestFields: {
    prompt: {}, // whether it is a list
    maxOutputTokens: true,
    temperature: true,
    topP: true,
    topK: true,
    stopSequences: true,
    frequencyPenalty: true,
    presencePenalty: true,
    seed: true,
    reasoning: true,
    responseFormat: { type: true },
  },
  requestContentFields: { prompt: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return {
      messages: messages(params.prompt),
      tools: docs(params.tools).map(({ inputSchema, ...tool }) => ({ ...tool, parameters: inputSchema })),
    }
  },

  responseFields: {
    finishReason: true,
    usage: true,
    response: { id: true, modelId: true },
    providerMetadata: costFields,
    ...errorFields,
  },
  responseContentFields: { content: true },
  significantEvent: /"type"\s*:\s*"(?:response-metadata|finish|error)"/,
  fold: options => new LanguageFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(doc(answer.finishReason)?.raw) ?? text(doc(answer.finishReason)?.unified)
    const told = reason ?? text(answer.finishReason) // version 5
    return {
      id: text(doc(answer.response)?.id) ?? text(doc(doc(answer.providerMetadata)?.gateway)?.generationId),
      model: text(doc(answer.response)?.modelId),
      finishReasons: told ? [told] : [],
      usage: usageOf(doc(answer.usage)),
      cost: costOf(answer.providerMetadata),
      error: errorIn(document),
    }
  },
  output: document => [{ role: 'assistant', parts: parts(doc(document)?.content) }],
}

function request(body: unknown, _: URL, header: HeaderOf): ParsedRequest | undefined {
  const params = doc(body)
  const model = modelIn(header)
  if (!model || !Array.isArray(params?.prompt)) return undefined
  const format = text(doc(params.responseFormat)?.type)
  const attributes: Attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.maxOutputTokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.topP),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.topK),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: list(params.stopSequences).length ? texts(params.stopSequences) : undefined,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(params.frequencyPenalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(params.presencePenalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(params.seed),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(params.reasoning),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format,
  }
  return { model, stream: header('ai-language-model-streaming') === 'true', choices: 1, attributes }
}

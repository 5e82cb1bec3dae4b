// Amazon Bedrock's converse and converse-stream: one format for all models.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
} from '../../../../../semconv'
import { EventStreamReader } from '../../wire/eventstream'
import { count, doc, integer, list, number, text } from '../../wire/json'
import type { ParsedRequest, Protocol } from '../protocol'
import { calledIn } from './bedrock'
import { blocks, messages, tools } from './content'
import { ConverseFold } from './converse-fold'
import { errorFields, errorIn } from './errors'
import { requestId } from './request-id'
import { tierOf, usageOf } from './usage'

export const bedrockConverse: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  identifiableByHead: () => true, // nobody else has such a path
  frames: EventStreamReader,

  requestFields: {
    messages: {}, // whether it is a list
    inferenceConfig: true,
    additionalModelRequestFields: { top_k: true, inferenceConfig: { topK: true } },
    serviceTier: true,
  },
  requestContentFields: { messages: true, system: true, toolConfig: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), system: blocks(params.system), tools: tools(params.toolConfig) }
  },

  responseFields: { stopReason: true, usage: true, serviceTier: true, performanceConfig: true, ...errorFields },
  responseContentFields: { output: true },
  significantEvent: /./, // comes as frames, where the fold itself passes over content
  fold: options => new ConverseFold(options),
  response(document, header) {
    const answer = doc(document) ?? {}
    const reason = text(answer.stopReason)
    return {
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document, header),
      attributes: {
        ...requestId(header),
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tierOf(
          text(doc(answer.serviceTier)?.type),
          text(doc(answer.performanceConfig)?.latency),
        ),
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: reason === 'guardrail_intervened' ? true : undefined,
      },
    }
  },
  output(document) {
    const message = doc(doc(doc(document)?.output)?.message)
    return [{ role: 'assistant', parts: blocks(message?.content) }]
  },
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const params = doc(body)
  // A prompt stored at Bedrock contains the messages.
  if (!called || !params || !(Array.isArray(params.messages) || called.model.includes(':prompt/'))) return undefined
  const config = doc(params.inferenceConfig) ?? {}
  const more = doc(params.additionalModelRequestFields)
  const stop = list(config.stopSequences).filter(item => typeof item === 'string') as string[]
  const attributes: Attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(config.maxTokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(config.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(config.topP),
    // Anthropic's name of the parameter, and Nova's
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(more?.top_k) ?? integer(doc(more?.inferenceConfig)?.topK),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(doc(params.serviceTier)?.type),
  }
  return { model: called.model, stream: called.action === 'converse-stream', choices: 1, attributes }
}

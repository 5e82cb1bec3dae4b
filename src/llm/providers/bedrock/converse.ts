// Amazon Bedrock's converse and converse-stream: one shape for every model. Listed in index.ts.
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
} from '../../../../semconv'
import { count, doc, integer, list, number, text } from '../../observe/wire/value'
import type { Protocol, RequestTold } from '../protocol'
import { blocks, messages, tools } from './content'
import { ConverseFold } from './converse-fold'
import { errorFields, errorIn } from './error'
import { calledIn } from './path'
import { usageOf } from './usage'

export const bedrockConverse: Protocol = {
  name: 'bedrock-converse',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  path: pathname => /\/model\/.+\/converse(?:-stream)?$/.test(pathname),
  vouched: () => true, // nobody else has such a path

  requestFields: {
    messages: {}, // whether it is a list
    inferenceConfig: true,
    additionalModelRequestFields: { top_k: true, inferenceConfig: { topK: true } },
    serviceTier: true,
  },
  requestContentFields: { messages: true, system: true, toolConfig: true },
  request,
  input(body) {
    const asked = doc(body) ?? {}
    return { messages: messages(asked.messages), system: blocks(asked.system), tools: tools(asked.toolConfig) }
  },

  responseFields: { stopReason: true, usage: true, serviceTier: true, ...errorFields },
  responseContentFields: { output: true },
  telling: /./, // comes as frames, where the fold itself passes over content
  fold: options => new ConverseFold(options),
  response(document, header) {
    const answer = doc(document) ?? {}
    const reason = text(answer.stopReason)
    return {
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document, header),
      attributes: {
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(doc(answer.serviceTier)?.type),
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: reason === 'guardrail_intervened' ? true : undefined,
      },
    }
  },
  output(document) {
    const message = doc(doc(doc(document)?.output)?.message)
    return [{ role: 'assistant', parts: blocks(message?.content) }]
  },
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const called = calledIn(url.pathname)
  const asked = doc(body)
  // A prompt that is kept at Bedrock has its messages there.
  if (!called || !asked || !(Array.isArray(asked.messages) || called.model.includes(':prompt/'))) return undefined
  const config = doc(asked.inferenceConfig) ?? {}
  const more = doc(asked.additionalModelRequestFields)
  const stop = list(config.stopSequences).filter(item => typeof item === 'string') as string[]
  const attributes: Attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(config.maxTokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(config.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(config.topP),
    // Anthropic's name, and Nova's
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(more?.top_k) ?? integer(doc(more?.inferenceConfig)?.topK),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(doc(asked.serviceTier)?.type),
  }
  return { model: called.model, stream: called.action === 'converse-stream', choices: 1, attributes }
}

// OpenAI chat completions, and every host that speaks it. Listed in index.ts.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
} from '../../../../semconv'
import { type Doc, doc, list, text } from '../../observe/wire/value'
import { errorFields, errorIn } from '../error'
import { isJson, type Protocol, type RequestTold } from '../protocol'
import { deploymentOf } from './azure'
import { ChatFold } from './chat-fold'
import { choices, messages, tools } from './content'
import { choicesAsked, inOrder, parameterFields, parameters } from './parameters'
import { costOf, usageOf } from './usage'

export const openaiChat: Protocol = {
  name: 'openai-chat',
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  // Mistral's agents answer as its models do.
  path: pathname => pathname.endsWith('/chat/completions') || pathname.endsWith('/agents/completions'),
  vouched: isJson,

  usageOption: true,
  requestFields: {
    model: true,
    agent_id: true,
    messages: {}, // whether it is a list
    stream: true,
    ...parameterFields,
    reasoning_effort: true,
    reasoning: { effort: true }, // OpenRouter
    response_format: { type: true },
    modalities: true,
    service_tier: true,
  },
  requestContentFields: { messages: true, tools: true, functions: true },
  request,
  input(body) {
    const asked = doc(body) ?? {}
    return { messages: messages(asked.messages), tools: tools(asked) }
  },

  responseFields: {
    id: true,
    model: true,
    choices: { '*': { index: true, finish_reason: true } },
    usage: true,
    service_tier: true,
    system_fingerprint: true,
    ...errorFields,
  },
  responseContentFields: { choices: true },
  telling: /"(?:finish_reason|usage|error)"\s*:\s*[^n\s]|"object"\s*:\s*"error"/,
  fold: options => new ChatFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: inOrder(answer).flatMap(choice => text(choice.finish_reason) ?? []),
      usage: usageOf(doc(answer.usage)),
      cost: costOf(doc(answer.usage)),
      error: errorIn(document),
      attributes: {
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier),
        [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: text(answer.system_fingerprint),
      },
    }
  },
  output: document => choices(inOrder(doc(document) ?? {})),
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model) ?? deploymentOf(url)
  const agent = text(asked?.agent_id)
  if (!asked || !(model ?? agent) || !Array.isArray(asked.messages)) return undefined
  const attributes: Attributes = {
    [ATTR_GEN_AI_AGENT_ID]: agent,
    [ATTR_OPENAI_API_TYPE]: OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
    ...parameters(asked),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(asked.reasoning_effort) ?? text(doc(asked.reasoning)?.effort),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(asked),
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(asked.service_tier),
  }
  return { model, stream: asked.stream === true, choices: choicesAsked(asked), attributes }
}

function outputType(asked: Doc): string | undefined {
  if (list(asked.modalities).includes('audio')) return 'speech'
  const format = text(doc(asked.response_format)?.type)
  return format?.startsWith('json') ? 'json' : format
}

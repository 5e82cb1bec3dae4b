// Amazon Bedrock's invoke and invoke-with-response-stream, where each model uses the protocol of its vendor. The format of request and
// answer selects the protocol, because names of custom models and profiles do not show it.

import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
} from '../../../../../semconv'
import { EventStreamReader } from '../../wire/eventstream'
import { count, type Doc, doc, integer, list, number, text } from '../../wire/json'
import { anthropicMessages } from '../anthropic/messages'
import { openaiChat } from '../openai/chat'
import type { HeaderOf, ParsedRequest, ParsedResponse, Protocol } from '../protocol'
import { calledIn } from './bedrock'
import { bedrockConverse } from './converse'
import { errorFields, errorIn } from './errors'
import { inputOf, outputOf } from './invoke-content'
import { chatShaped, InvokeFold } from './invoke-fold'
import { requestId } from './request-id'
import { answersIn, countsIn, textContentFields, textFields } from './texts'
import { countedOf, tierOf } from './usage'

const GUARDRAIL = 'amazon-bedrock-guardrailAction'

export const parameters = {
  maxTokens: [
    'max_tokens',
    'max_completion_tokens',
    'max_tokens_to_sample',
    'max_gen_len',
    'max_new_tokens',
    'maxTokens',
    'maxTokenCount',
  ],
  temperature: ['temperature'],
  topP: ['top_p', 'topP', 'p'],
  topK: ['top_k', 'topK', 'k'],
  stop: ['stop_sequences', 'stopSequences', 'stop'],
  dimensions: ['dimensions', 'output_dimension'],
}
/** Objects with the parameters of Titan and Nova. */
const configs = ['textGenerationConfig', 'inferenceConfig']

export const bedrockInvoke: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK,
  identifiableByHead: () => true, // nobody else has such a path
  frames: EventStreamReader,

  requestFields: {
    messages: {}, // of the list and of the text, whether they are there
    message: true,
    prompt: true,
    inputText: true,
    anthropic_version: true,
    ...Object.fromEntries([...Object.values(parameters).flat(), ...configs].map(name => [name, true])),
  },
  requestContentFields: {
    messages: true,
    system: true,
    chat_history: true,
    preamble: true,
    tools: true,
    toolConfig: true,
  },
  request,
  input: body => inputOf(doc(body) ?? {}),

  responseFields: {
    ...openaiChat.responseFields,
    ...anthropicMessages.responseFields,
    ...bedrockConverse.responseFields,
    ...textFields,
    ...errorFields,
    choices: { '*': { index: true, finish_reason: true, stop_reason: true } },
    content: {}, // which shape it is
    output: {},
    [GUARDRAIL]: true,
  },
  responseContentFields: {
    ...openaiChat.responseContentFields,
    ...anthropicMessages.responseContentFields,
    ...bedrockConverse.responseContentFields,
    ...textContentFields,
  },
  significantEvent: /./, // comes as frames
  fold: options => new InvokeFold(options),
  response(document, header) {
    const answer = doc(document) ?? {}
    const inner = innerResponse(answer, header)
    return {
      ...inner,
      usage: inner.usage ?? countedOf(answer, header),
      error: errorIn(document, header) ?? inner.error,
      attributes: {
        ...inner.attributes,
        ...requestId(header),
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: tierOf(
          header('x-amzn-bedrock-service-tier') ?? undefined,
          header('x-amzn-bedrock-performanceconfig-latency') ?? undefined,
        ),
        [ATTR_AFN_LLM_GUARDRAIL_TRIGGERED]: answer[GUARDRAIL] === 'INTERVENED' ? true : undefined,
      },
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    const shape = shapeOf(answer)
    return shape ? shape.output(chatShaped(answer)) : outputOf(answersIn(answer), answer.tool_calls)
  },
}

/** The protocol whose format an answer has; undefined for plain texts. */
function shapeOf(answer: Doc): Protocol | undefined {
  if (Array.isArray(answer.content)) return anthropicMessages
  if (Array.isArray(answer.choices)) return openaiChat
  return doc(answer.output) ? bedrockConverse : undefined
}

function innerResponse(answer: Doc, header: HeaderOf): ParsedResponse {
  const shape = shapeOf(answer)
  if (shape) return shape.response(chatShaped(answer), header)
  return {
    id: text(answer.id) ?? text(answer.generation_id),
    finishReasons: answersIn(answer).flatMap(({ reason }) => reason ?? []),
    usage: countsIn(answer) ?? anthropicMessages.response(answer, header).usage,
  }
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const called = calledIn(url.pathname)
  const from = doc(body)
  const operation = called && from && operationOf(from, called.model)
  if (!operation) return undefined
  const places = [from, ...configs.map(name => doc(from[name]))]
  const find = <T>(names: string[], read: (value: unknown) => T | undefined): T | undefined =>
    places.flatMap(place => names.map(name => read(place?.[name]))).find(value => value !== undefined)
  const stop = find(parameters.stop, value => (Array.isArray(value) && value.length ? list(value) : undefined))
  const attributes: Attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: find(parameters.maxTokens, count),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: find(parameters.temperature, number),
    [ATTR_GEN_AI_REQUEST_TOP_P]: find(parameters.topP, number),
    [ATTR_GEN_AI_REQUEST_TOP_K]: find(parameters.topK, integer),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop?.filter(item => typeof item === 'string') as string[] | undefined,
    [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: find(parameters.dimensions, count),
  }
  return { model: called.model, operation, stream: called.action !== 'invoke', choices: 1, attributes }
}

/** Undefined for calls of models that are not language models: images and reranking. */
function operationOf(from: Doc, model: string): string | undefined {
  if (/embed/.test(model)) return GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
  if (Array.isArray(from.messages) || typeof from.message === 'string') return GEN_AI_OPERATION_NAME_VALUE_CHAT
  if (/stability\.|image|canvas/.test(model)) return undefined
  return typeof from.prompt === 'string' || typeof from.inputText === 'string'
    ? GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION
    : undefined
}

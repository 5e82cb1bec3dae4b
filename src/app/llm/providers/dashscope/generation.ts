// Alibaba's DashScope with its own protocol: text and multimodal generation, embeddings, reranking. Its compatible mode uses OpenAI's.
// https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../../semconv'
import { type Message, textMessages } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { inOrder, parameterFields, parameters } from '../openai/chat'
import { choices, messages, tools } from '../openai/content'
import { usageOf as openaiUsageOf } from '../openai/usage'
import { type HeaderOf, isJson, type ParsedRequest, type Protocol, type ProviderError } from '../protocol'
import { ended, GenerationFold } from './generation-fold'

const SERVICE = /\/services\/(?:aigc\/(?:text|multimodal)-generation|(embeddings)|(rerank))\//

export const dashscope: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: 'dashscope',
  identifiableByHead: isJson, // nobody else has such paths

  requestFields: {
    model: true,
    input: {}, // whether it is there
    parameters: { ...parameterFields, dimension: true, response_format: { type: true } },
  },
  requestContentFields: { input: { messages: true, prompt: true }, parameters: { ...parameterFields, tools: true } },
  request,
  input(body) {
    const { input, parameters } = doc(body) ?? {}
    const said = docs(doc(input)?.messages)
    return {
      messages: said.length ? messages(said.map(typed)) : textMessages('user', doc(input)?.prompt),
      tools: tools(doc(parameters) ?? {}),
    }
  },

  responseFields: {
    request_id: true,
    output: { finish_reason: true, choices: { '*': { finish_reason: true } } },
    usage: true,
    code: true,
    message: true,
  },
  responseContentFields: { output: { finish_reason: true, text: true, choices: true } },
  significantEvent: /./, // every event has the counts so far
  fold: options => new GenerationFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const output = doc(answer.output) ?? {}
    return {
      id: text(answer.request_id),
      finishReasons: [output, ...inOrder(output)].flatMap(one => ended(one.finish_reason)),
      usage: usageOf(doc(answer.usage)),
      error: errorIn(answer),
    }
  },
  output(document): Message[] {
    const output = doc(doc(document)?.output) ?? {}
    const answers = inOrder(output).map(choice => ({ message: typed(doc(choice.message) ?? {}) }))
    return answers.length ? choices(answers) : textMessages('assistant', output.text)
  },
}

function request(body: unknown, { pathname }: URL, header: HeaderOf): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!model || !doc(params?.input)) return undefined
  const asked = doc(params?.parameters) ?? {}
  const [, embeddings, rerank] = SERVICE.exec(pathname) ?? []
  const format = text(doc(asked.response_format)?.type)
  const operation = embeddings ? GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS : rerank
  return {
    model,
    ...(operation && { operation }),
    stream: header('x-dashscope-sse') === 'enable' || header('accept')?.includes('event-stream') === true,
    choices: 1,
    attributes: {
      ...parameters(asked),
      [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
      [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(asked.dimension),
    },
  }
}

/** The key of a part is its type: `{text}`, `{image}`, `{audio}`. */
function typed(message: Doc): Doc {
  if (!Array.isArray(message.content)) return message
  const content = docs(message.content).map(part => {
    if (part.image) return { type: 'image_url', image_url: part.image }
    if (part.video) return { type: 'video_url', video_url: { url: part.video } }
    return typeof part.text === 'string'
      ? { type: 'text', text: part.text }
      : { type: Object.keys(part)[0] ?? 'unknown' }
  })
  return { ...message, content }
}

/** Embeddings and reranking report only a total; images and speech may be charged by the item. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const tokens = openaiUsageOf({ input_tokens: count(counts.total_tokens), ...counts })
  const [images, characters] = [count(counts.image_count), count(counts.characters)]
  const webSearches = count(doc(doc(counts.plugins)?.search)?.count)
  if (!tokens && images === undefined && characters === undefined) return undefined
  return {
    ...tokens,
    imageInput: tokens?.imageInput ?? count(counts.image_tokens),
    images,
    characters,
    webSearches,
  }
}

function errorIn({ code, message }: Doc): ProviderError | undefined {
  return text(code) ? { type: text(code), message: text(message) } : undefined
}

// IBM watsonx.ai's chat, with messages and answers in OpenAI's format; the path decides whether the answer is a stream.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
} from '../../../../../semconv'
import { type Doc, doc, text } from '../../wire/json'
import { choiceCount, openaiChat, parameterFields, parameters } from '../openai/chat'
import { ChatFold } from '../openai/chat-fold'
import type { ParsedRequest, Protocol } from '../protocol'
import { errorFields, errorOf, targetOf } from './watsonx'

export const watsonxChat: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI,
  identifiableByHead: () => true, // nobody else has such a path

  requestFields: {
    model_id: true,
    messages: {}, // whether it is a list
    ...parameterFields,
    reasoning_effort: true,
    response_format: { type: true },
  },
  requestContentFields: { messages: true, tools: true },
  request,
  input: body => openaiChat.input(body),

  responseFields: { ...openaiChat.responseFields, model_id: true, ...errorFields },
  responseContentFields: openaiChat.responseContentFields,
  significantEvent: /"(?:finish_reason|usage|errors?)"\s*:\s*[^n\s]/,
  fold: options => new WatsonxFold(options),
  response(document, header) {
    const answer = openaiChat.response(document, header)
    return { ...answer, model: text(doc(document)?.model_id) ?? answer.model, error: errorOf(document) }
  },
  output: document => openaiChat.output(document),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const from = doc(body)
  const target = targetOf(body, url)
  if (!from || !target || !Array.isArray(from.messages)) return undefined
  const format = text(doc(from.response_format)?.type)
  const attributes = {
    ...parameters(from),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(from.reasoning_effort),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
  }
  return { ...target, stream: url.pathname.endsWith('_stream'), choices: choiceCount(from), attributes }
}

/** A chunk has the same model fields as the request. The stream has no end mark, and its last chunk has the usage. */
class WatsonxFold extends ChatFold {
  #errors: unknown
  #model: unknown

  override event(chunk: Doc): boolean {
    this.#errors ??= chunk.errors
    this.#model ??= chunk.model_id
    return super.event(chunk)
  }

  override document(): unknown {
    return { ...doc(super.document()), model_id: this.#model, errors: this.#errors }
  }
}

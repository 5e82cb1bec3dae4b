// OpenAI's older text completions, and all hosts with the same API, fill-in-the-middle included.
import {
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { doc, list, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { isProvider } from '../providers'
import { choiceCount, inOrder, parameterFields, parameters } from './chat'
import { ChatFold } from './chat-fold'
import { deploymentOf } from './deployment'
import { costOf, usageOf } from './usage'

export const openaiCompletions: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  usageOption: true,
  requestFields: {
    model: true,
    prompt: {}, // whether it is a list or a text
    stream: true,
    ...parameterFields,
  },
  requestContentFields: { prompt: true, suffix: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    const prompts = typeof params.prompt === 'string' ? [params.prompt] : list(params.prompt)
    return { messages: prompts.flatMap(prompt => textMessages('user', prompt)) }
  },

  responseFields: {
    id: true,
    model: true,
    choices: { '*': { index: true, finish_reason: true } },
    usage: true,
    system_fingerprint: true,
    ...errorFields,
  },
  responseContentFields: { choices: true },
  significantEvent: /"(?:finish_reason|usage|error)"\s*:\s*[^n\s]/,
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
      attributes: { [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: text(answer.system_fingerprint) },
    }
  },
  output: document =>
    inOrder(doc(document) ?? {}).flatMap(choice =>
      // Mistral's fill-in-the-middle answers in the format of a chat.
      textMessages('assistant', text(choice.text) ?? doc(choice.message)?.content),
    ),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  if (!params || !model || !(typeof params.prompt === 'string' || Array.isArray(params.prompt))) return undefined
  return { model, stream: params.stream === true, choices: choiceCount(params), attributes: parameters(params) }
}

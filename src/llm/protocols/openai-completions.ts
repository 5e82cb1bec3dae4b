// OpenAI's older text completions, and every host that speaks them, fill-in-the-middle included. Listed in index.ts.
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../semconv'
import { type Message, textPart } from '../content/messages'
import { isProvider } from '../provider'
import { count, type Doc, doc, docs, integer, list, number, text } from '../wire/value'
import { deploymentOf } from './azure'
import { errorFields, errorIn } from './error'
import { ChatFold } from './openai-chat-fold'
import { costOf, usageOf } from './openai-usage'
import { isJson, type Protocol, type RequestTold } from './protocol'

export const openaiCompletions: Protocol = {
  name: 'openai-completions',
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  path: pathname => pathname.endsWith('/completions') && !pathname.endsWith('/chat/completions'),
  vouched: facts => isJson(facts) && isProvider(facts.url.hostname),

  usageOption: true,
  requestFields: {
    model: true,
    prompt: {}, // whether it is a list or a text
    stream: true,
    n: true,
    max_tokens: true,
    temperature: true,
    top_p: true,
    top_k: true,
    stop: true,
    frequency_penalty: true,
    presence_penalty: true,
    seed: true,
  },
  requestContentFields: { prompt: true, suffix: true },
  request,
  input(body) {
    const asked = doc(body) ?? {}
    const prompts = typeof asked.prompt === 'string' ? [asked.prompt] : list(asked.prompt)
    return { messages: prompts.flatMap(prompt => (text(prompt) ? said('user', prompt as string) : [])) }
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
  telling: /"(?:finish_reason|usage|error)"\s*:\s*[^n\s]/,
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
    inOrder(doc(document) ?? {}).flatMap(choice => {
      // Mistral's fill-in-the-middle answers like a chat.
      const answer = text(choice.text) ?? text(doc(choice.message)?.content)
      return answer ? said('assistant', answer) : []
    }),
}

function request(body: unknown, url: URL): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model) ?? deploymentOf(url)
  if (!asked || !model || !(typeof asked.prompt === 'string' || Array.isArray(asked.prompt))) return undefined
  const wanted = count(asked.n) ?? 1
  const stop = typeof asked.stop === 'string' ? [asked.stop] : list(asked.stop).filter(item => typeof item === 'string')
  const attributes = {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(asked.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(asked.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(asked.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(asked.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? (stop as string[]) : undefined,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(asked.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(asked.presence_penalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(asked.seed),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  return { model, stream: asked.stream === true, choices: wanted, attributes }
}

function inOrder(answer: Doc): Doc[] {
  return docs(answer.choices).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}

function said(role: string, content: string): Message[] {
  return [{ role, parts: [textPart(content)] }]
}

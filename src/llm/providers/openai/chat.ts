// OpenAI chat completions, and every host that speaks it.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_GEN_AI_AGENT_ID,
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
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
} from '../../../../semconv'
import { count, type Doc, doc, docs, integer, list, number, text, texts } from '../../observe/wire/json'
import {
  errorFields,
  errorIn,
  type Fold,
  type FoldOptions,
  isJson,
  joined,
  type ParsedRequest,
  type Protocol,
  placeOf,
} from '../protocol'
import { costFields, costOf as gatewayCost } from '../vercel/gateway'
import { choices, messages, thought, tools } from './content'
import { deploymentOf } from './deployment'
import { costOf, usageOf } from './usage'

/** Parameters that chat and text completions have in common. */
export const parameterFields = {
  n: true,
  max_tokens: true,
  max_completion_tokens: true,
  temperature: true,
  top_p: true,
  top_k: true,
  stop: true,
  frequency_penalty: true,
  presence_penalty: true,
  seed: true,
} as const

export const openaiChat: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  // Mistral's agents answer as its models do.
  identifiableByHead: isJson,

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
    web_search_options: {},
  },
  requestContentFields: { messages: true, tools: true, functions: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    return { messages: messages(params.messages), tools: tools(params) }
  },

  responseFields: {
    id: true,
    request_id: true, // of an answer that xAI defers
    model: true,
    choices: { '*': { index: true, finish_reason: true, message: { provider_metadata: costFields } } },
    usage: true,
    service_tier: true,
    system_fingerprint: true,
    ...errorFields,
  },
  responseContentFields: { choices: true },
  significantEvent: /"(?:finish_reason|usage|error|provider_metadata)"\s*:\s*[^n\s]|"object"\s*:\s*"error"/,
  fold: options => new ChatFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const told = doc(doc(list(answer.choices)[0])?.message)?.provider_metadata
    const deferred = answer.choices === undefined ? text(answer.request_id) : undefined
    return {
      id: text(answer.id) ?? deferred,
      model: text(answer.model),
      finishReasons: inOrder(answer).flatMap(choice => text(choice.finish_reason) ?? []),
      usage: usageOf(doc(answer.usage)),
      cost: costOf(doc(answer.usage)) ?? (told ? gatewayCost(told) : undefined),
      error: errorIn(document),
      pending: deferred === undefined ? undefined : true,
      attributes: {
        // Mistral says it among its counts
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier) ?? text(doc(answer.usage)?.service_tier),
        [ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT]: text(answer.system_fingerprint),
      },
    }
  },
  output: document => choices(inOrder(doc(document) ?? {})),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  const agent = text(params?.agent_id)
  if (!params || !(model ?? agent) || !Array.isArray(params.messages)) return undefined
  const attributes: Attributes = {
    [ATTR_GEN_AI_AGENT_ID]: agent,
    [ATTR_OPENAI_API_TYPE]: OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
    ...parameters(params),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(params.reasoning_effort) ?? text(doc(params.reasoning)?.effort),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(params),
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(params.service_tier),
    // it is charged for each search, and no answer says how many there were
    [ATTR_AFN_LLM_UNPRICED_CAUSE]: doc(params.web_search_options) ? 'web_search' : undefined,
  }
  return { model, stream: params.stream === true, choices: choiceCount(params), attributes }
}

function outputType(params: Doc): string | undefined {
  if (Array.isArray(params.modalities) && params.modalities.includes('audio')) return 'speech'
  const format = text(doc(params.response_format)?.type)
  return format?.startsWith('json') ? 'json' : format
}

// Puts the chunks of a streamed chat completion together into the document that would have come unstreamed.

interface Choice {
  readonly index: number
  finish_reason?: string
  readonly message: Doc & { tool_calls: Call[] }
}

interface Call extends Doc {
  function?: Doc
}

export class ChatFold implements Fold {
  #done = false
  readonly #answer: Doc = {}
  readonly #choices = new Map<number, Choice>()
  /** The newest in each slot, `<choice>/<index>`. */
  readonly #calls = new Map<string, Call>()

  constructor(private readonly options: FoldOptions) {}

  /** An error is not the end: the mark may follow it. */
  get ended(): boolean {
    return this.#done
  }

  get complete(): boolean {
    if (this.#done) return true
    const finished = [...this.#choices.values()].filter(choice => choice.finish_reason !== undefined)
    return finished.length >= Math.max(1, this.options.choices)
  }

  document(): unknown {
    return { ...this.#answer, choices: [...this.#choices.values()] }
  }

  done(): void {
    this.#done = true
  }

  event(chunk: Doc): boolean {
    for (const key of ['id', 'model', 'service_tier', 'system_fingerprint', 'error'])
      if (chunk[key]) this.#answer[key] ??= chunk[key]
    if (chunk.object === 'error') this.#answer.error ??= chunk // vLLM's
    const choices = docs(chunk.choices)
    // Some hosts repeat growing counts in every chunk: the last ones count. Groq and Moonshot have places of their own.
    const usage = doc(chunk.usage) ?? doc(doc(chunk.x_groq)?.usage) ?? doc(choices[0]?.usage)
    if (usage) this.#answer.usage = usage
    let carried = false
    for (const choice of choices) if (this.#choice(choice)) carried = true
    return carried
  }

  #choice(piece: Doc): boolean {
    const index = placeOf(piece.index)
    const choice: Choice = this.#choices.get(index) ?? { index, message: { tool_calls: [] } }
    this.#choices.set(index, choice)
    const reason = text(piece.finish_reason)
    if (reason) choice.finish_reason = reason
    const delta = doc(piece.delta) ?? (text(piece.text) ? { content: piece.text } : undefined) // a text completion's
    if (!delta) return false
    const calls = docs(delta.tool_calls)
    const legacy = doc(delta.function_call)
    const audio = doc(delta.audio)
    if (delta.provider_metadata) choice.message.provider_metadata = delta.provider_metadata // Vercel's gateway
    const words = ['content', 'reasoning_content', 'reasoning', 'refusal'].filter(key => delta[key])
    const carried = words.length > 0 || calls.length > 0 || legacy !== undefined || audio !== undefined
    if (!this.options.content) return carried
    for (const key of words) choice.message[key] = grown(choice.message[key], delta[key])
    for (const call of calls) this.#toolCall(index, choice.message.tool_calls, call)
    if (legacy) choice.message.function_call = called(doc(choice.message.function_call), legacy)
    if (audio) choice.message.audio = spoken(doc(choice.message.audio), audio)
    return carried
  }

  #toolCall(choice: number, calls: Call[], piece: Doc): void {
    // Without a number, what has an id or a name is another call, and what has neither goes on with the last.
    const begins = text(piece.id) ?? text(doc(piece.function)?.name)
    const slot = `${choice}/${count(piece.index) ?? Math.max(0, begins ? calls.length : calls.length - 1)}`
    let call = this.#calls.get(slot)
    // Gemini's compatible endpoint sends parallel calls whole and all as number 0: another id is another call.
    if (!call || (text(piece.id) && call.id && piece.id !== call.id)) {
      call = {}
      calls.push(call)
      this.#calls.set(slot, call)
    }
    if (text(piece.id)) call.id = piece.id
    const custom = doc(piece.custom)
    if (custom) call.custom = called(doc(call.custom), custom)
    else call.function = called(call.function, doc(piece.function) ?? {})
  }
}

/** Mistral sends content as texts and as lists of parts, in one and the same stream. */
function grown(known: unknown, piece: unknown): unknown {
  if (!Array.isArray(piece) && !Array.isArray(known)) return joined(known, piece)
  const parts = Array.isArray(known) ? (known as Doc[]) : asParts(known)
  for (const part of asParts(piece)) {
    const last = parts.at(-1)
    const key = last?.type === part.type ? String(part.type) : ''
    if (last && key in last && key in part) last[key] = joined(last[key], part[key])
    else parts.push(part)
  }
  return parts
}

function asParts(content: unknown): Doc[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return docs(content).map(part => (part.type === 'thinking' ? { ...part, thinking: thought(part.thinking) } : part))
}

function called(known: Doc | undefined, piece: Doc): Doc {
  return {
    name: text(piece.name) ?? known?.name,
    arguments: joined(known?.arguments, piece.arguments),
    input: joined(known?.input, piece.input),
  }
}

function spoken(known: Doc | undefined, piece: Doc): Doc {
  return { id: piece.id ?? known?.id, transcript: joined(known?.transcript, piece.transcript) }
}

export function parameters(params: Doc): Attributes {
  const choices = choiceCount(params)
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_completion_tokens) ?? count(params.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(params.stop),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(params.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(params.presence_penalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(params.seed),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices === 1 ? undefined : choices,
  }
}

export function choiceCount(params: Doc): number {
  return count(params.n) ?? 1
}

export function inOrder(answer: Doc): Doc[] {
  return docs(answer.choices).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}

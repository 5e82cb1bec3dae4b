// Cohere's chat, version 1.
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  GEN_AI_PROVIDER_NAME_VALUE_COHERE,
} from '../../../../semconv'
import { type Message, type Part, textMessages, textPart, toolCall } from '../../messages'
import { count, type Doc, doc, docs, text } from '../../observe/wire/json'
import {
  errorFields,
  type Fold,
  type FoldOptions,
  type Input,
  isJson,
  joined,
  type ParsedRequest,
  type Protocol,
  update,
} from '../protocol'
import { parameterAttributes, parameters } from './chat'
import { errorOf, isCohere, usageOf } from './cohere'

const significantEvent = /"event_type"\s*:\s*"(?!text-generation|tool-calls-chunk)/

export const cohereChatV1: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, message: true, stream: true, ...parameters() },
  requestContentFields: { chat_history: true, preamble: true, tools: true, tool_results: true },
  request,
  input: body => chatInput(doc(body) ?? {}),

  responseFields: { generation_id: true, finish_reason: true, meta: true, ...errorFields },
  responseContentFields: { text: true, tool_calls: true },
  lines: true,
  significantEvent,
  fold: options => new CohereFoldV1(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reason = text(answer.finish_reason)
    return {
      id: text(answer.generation_id),
      finishReasons: reason ? [reason] : [],
      usage: usageOf(doc(answer.meta)),
      error: errorOf(answer, reason),
    }
  },
  output: document => chatOutput(doc(document) ?? {}),
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || typeof params.message !== 'string' || !isCohere(url, model)) return undefined
  return { model, stream: params.stream === true, choices: 1, attributes: parameterAttributes(params) }
}

// Puts the events of the streams of Cohere's first API version together; the last repeats the whole answer.

export class CohereFoldV1 implements Fold {
  readonly #answer: Doc = {}
  #complete = false
  #text: unknown

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#complete
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    return { text: this.#text, ...this.#answer }
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.generation_id) this.#answer.generation_id = event.generation_id
    switch (event.event_type) {
      case 'text-generation':
        if (this.options.content) this.#text = joined(this.#text, event.text)
        return true
      case 'tool-calls-chunk':
        return true
      case 'tool-calls-generation':
        this.#answer.tool_calls = docs(event.tool_calls)
        return true
      case 'stream-end': {
        const reason = event.finish_reason
        update(this.#answer, { finish_reason: reason, ...doc(event.response) })
        this.#complete = true
        return false
      }
      default:
        return false
    }
  }
}

// Cohere's older text generation.

export const cohereGenerate: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
  provider: GEN_AI_PROVIDER_NAME_VALUE_COHERE,
  identifiableByHead: facts => isJson(facts) && isCohere(facts.url, undefined),

  requestFields: { model: true, prompt: true, num_generations: true, stream: true, ...parameters() },
  requestContentFields: {},
  request: generateRequest,
  input(body) {
    return { messages: textMessages('user', doc(body)?.prompt) }
  },

  responseFields: { id: true, generations: { '*': { finish_reason: true } }, meta: true, ...errorFields },
  responseContentFields: { generations: true },
  lines: true,
  significantEvent,
  fold: options => new CohereFoldV1(options),
  response(document) {
    const answer = doc(document) ?? {}
    const reasons = docs(answer.generations).flatMap(one => text(one.finish_reason) ?? [])
    return {
      id: text(answer.id),
      finishReasons: reasons,
      usage: usageOf(doc(answer.meta)),
      error: errorOf(answer, reasons[0]),
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    // A stream that was cut has but its text.
    const generations = docs(answer.generations).length ? docs(answer.generations) : [answer]
    return generations.flatMap(one => textMessages('assistant', one.text))
  },
}

function generateRequest(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model)
  if (!params || typeof params.prompt !== 'string' || !isCohere(url, model)) return undefined
  const wanted = count(params.num_generations) ?? 1
  const attributes = {
    ...parameterAttributes(params),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
  }
  return { model, stream: params.stream === true, choices: wanted, attributes }
}

// Messages of Cohere's first chat version as GenAI messages.

const roles: Record<string, string> = { USER: 'user', CHATBOT: 'assistant', SYSTEM: 'system', TOOL: 'tool' }

/** What was said before, then the new message or the results of the tools. */
export function chatInput(params: Doc): Input {
  const preamble = text(params.preamble)
  const results = docs(params.tool_results)
  return {
    messages: [
      ...docs(params.chat_history).map(message),
      ...textMessages('user', params.message),
      ...(results.length ? [{ role: 'tool', parts: results.map(result) }] : []),
    ],
    ...(preamble && { system: [textPart(preamble)] }),
    tools: docs(params.tools).map(({ parameter_definitions, ...tool }) => ({
      type: 'function',
      ...tool,
      parameters: parameter_definitions,
    })),
  }
}

export function chatOutput(answer: Doc): Message[] {
  return [{ role: 'assistant', parts: [...spoken(answer.text), ...docs(answer.tool_calls).map(call)] }]
}

function message(item: Doc): Message {
  const role = text(item.role) ?? 'USER'
  const parts = [...spoken(item.message), ...docs(item.tool_calls).map(call), ...docs(item.tool_results).map(result)]
  return { role: roles[role.toUpperCase()] ?? role, parts }
}

function spoken(value: unknown): Part[] {
  const said = text(value)
  return said ? [textPart(said)] : []
}

/** Calls have no ids in this version. */
function call(item: Doc): Part {
  return toolCall(undefined, item.name, item.parameters)
}

function result(item: Doc): Part {
  return { type: 'tool_call_response', response: item.outputs }
}

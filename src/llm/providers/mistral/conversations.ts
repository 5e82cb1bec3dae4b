// Mistral's conversations, started, continued and started again: of a model or an agent, with tools that Mistral runs itself.
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
} from '../../../../semconv'
import { type Message, type Part, textPart, toolCall } from '../../messages'
import { count, type Doc, doc, docs, text } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import { parameters } from '../openai/chat'
import { messages, tools } from '../openai/content'
import {
  errorFields,
  errorIn,
  type Fold,
  type FoldOptions,
  isJson,
  joined,
  type ParsedRequest,
  type Protocol,
} from '../protocol'

export const mistralConversations: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
  identifiableByHead: facts => isJson(facts) && facts.url.hostname.endsWith('mistral.ai'),

  requestFields: { model: true, agent_id: true, inputs: {}, stream: true, completion_args: true },
  requestContentFields: { inputs: true, instructions: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    const system = text(params.instructions)
    const said = typeof params.inputs === 'string' ? [{ role: 'user', content: params.inputs }] : docs(params.inputs)
    return { messages: said.flatMap(entry), ...(system && { system: [textPart(system)] }), tools: tools(params) }
  },

  responseFields: {
    conversation_id: true,
    outputs: { '*': { type: true, model: true, agent_id: true } },
    usage: true,
    ...errorFields,
  },
  responseContentFields: { outputs: true },
  significantEvent: /"type"\s*:\s*"(?!message\.output\.delta|function\.call\.delta)/,
  fold: options => new ConversationFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const last = docs(answer.outputs).findLast(({ model }) => text(model))
    return {
      model: text(last?.model),
      finishReasons: [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document),
      attributes: {
        [ATTR_GEN_AI_CONVERSATION_ID]: text(answer.conversation_id),
        ...(text(last?.agent_id) && { [ATTR_GEN_AI_AGENT_ID]: text(last?.agent_id) }),
      },
    }
  },
  output: document => docs(doc(document)?.outputs).flatMap(entry),
}

/** OpenAI keeps conversations under the same path, and answers nothing there. */
function request(body: unknown, { pathname }: URL): ParsedRequest | undefined {
  const params = doc(body)
  if (!params || !(typeof params.inputs === 'string' || Array.isArray(params.inputs))) return undefined
  const args = doc(params.completion_args) ?? {}
  const format = text(doc(args.response_format)?.type)
  return {
    model: text(params.model),
    stream: params.stream === true,
    choices: 1,
    attributes: {
      ...parameters(args),
      [ATTR_GEN_AI_AGENT_ID]: text(params.agent_id),
      [ATTR_GEN_AI_CONVERSATION_ID]: /\/conversations\/([^/]+)/.exec(pathname)?.[1],
      [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
    },
  }
}

/** What its own tools read for the model are tokens beside those of the prompt, and charged as such. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  const prompt = count(counts?.prompt_tokens)
  const output = count(counts?.completion_tokens)
  if (prompt === undefined && output === undefined) return undefined
  const toolUse = count(counts?.connector_tokens)
  const used = doc(counts?.connectors) ?? {}
  const times = (...names: string[]) => {
    const found = names.flatMap(name => count(used[name]) ?? [])
    return found.length ? found.reduce((sum, one) => sum + one) : undefined
  }
  return {
    input: prompt === undefined ? undefined : prompt + (toolUse ?? 0),
    output,
    toolUse,
    webSearches: times('web_search', 'web_search_premium'),
  }
}

/** An entry of a conversation; a message without its type is one that was said. */
function entry(item: Doc): Message[] {
  const by = (role: string, part: Part) => [{ role, parts: [part] }]
  switch (item.type) {
    case 'function.call':
      return by('assistant', toolCall(item.tool_call_id, item.name, item.arguments))
    case 'function.result':
      return by('tool', { type: 'tool_call_response', id: item.tool_call_id, response: item.result })
    case 'tool.execution':
      return by('assistant', {
        type: 'server_tool_call',
        id: item.id,
        name: item.name,
        server_tool_call: { type: item.name, arguments: item.arguments },
      })
    case 'agent.handoff':
      return by('assistant', { type: 'agent.handoff' })
    default:
      return messages([{ role: item.type === 'message.output' ? 'assistant' : item.role, content: item.content }])
  }
}

// Puts the events of a stream together into the answer that would have come unstreamed.

/** Events that begin or go on with an entry, and the type of the entry. */
const entries: Readonly<Record<string, string>> = {
  'message.output.delta': 'message.output',
  'function.call.delta': 'function.call',
  'tool.execution.started': 'tool.execution',
  'agent.handoff.started': 'agent.handoff',
}

class ConversationFold implements Fold {
  readonly #answer: Doc = {}
  readonly #outputs = new Map<unknown, Doc>()
  complete = false

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.complete || this.#answer.error !== undefined
  }

  document(): unknown {
    return { ...this.#answer, outputs: [...this.#outputs.values()] }
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.conversation_id) this.#answer.conversation_id = event.conversation_id
    if (event.type === 'conversation.response.done') {
      this.#answer.usage = event.usage
      this.complete = true
    } else if (event.type === 'conversation.response.error') {
      this.#answer.error = { code: event.code, message: event.message }
    }
    const type = entries[String(event.type)]
    if (type) this.#grow(type, event)
    return type === 'message.output' || type === 'function.call'
  }

  #grow(type: string, event: Doc): void {
    const known = this.#outputs.get(event.id)
    if (!known) return void this.#outputs.set(event.id, { ...event, type })
    if (!this.options.content) return
    known.arguments = joined(known.arguments, event.arguments)
    known.content = grown(known.content, event.content)
  }
}

/** Texts, and parts of other kinds, which come whole. */
function grown(known: unknown, piece: unknown): unknown {
  if (typeof known === 'string' && typeof piece === 'string') return joined(known, piece)
  const parts = Array.isArray(known) ? (known as Doc[]) : asParts(known)
  for (const part of asParts(piece)) {
    const last = doc(parts.at(-1))
    if (last?.type === 'text' && part.type === 'text') last.text = joined(last.text, part.text)
    else parts.push(part)
  }
  return parts
}

function asParts(content: unknown): Doc[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return docs([content].flat())
}

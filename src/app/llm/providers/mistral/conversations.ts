// Mistral's conversations, started, continued and restarted: of a model or an agent, with tools that Mistral runs itself.
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI,
} from '../../../../../semconv'
import { type Message, type Part, textPart, toolCall } from '../../messages'
import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { parameters } from '../openai/chat'
import { messages, tools } from '../openai/content'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { ConversationFold } from './conversations-fold'

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

/** OpenAI stores conversations under the same path, where no model answers. */
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

/** Tokens that Mistral's built-in tools read for the model are reported next to those of the prompt, and charged as such. */
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

/** An entry of a conversation; a message without a type was sent by the user or the model. */
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

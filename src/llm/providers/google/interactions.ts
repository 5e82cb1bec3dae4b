// Gemini's Interactions API, of models and of agents.
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
} from '../../../../semconv'
import { blob, type Message, type Part, textPart, toolCall } from '../../messages'
import { count, type Doc, doc, docs, integer, list, number, text } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import {
  errorFields,
  errorIn,
  type Fold,
  type FoldOptions,
  joined,
  type ParsedRequest,
  type Protocol,
  placeOf,
  update,
} from '../protocol'
import { sum } from './usage'

export const googleInteractions: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI,
  // Others have interactions, too; the key's header is Google's own.
  identifiableByHead: facts =>
    facts.url.hostname.endsWith('.googleapis.com') || facts.header('x-goog-api-key') !== null,

  requestFields: {
    model: true,
    agent: true,
    input: {}, // whether it is there
    stream: true,
    background: true,
    previous_interaction_id: true,
    generation_config: true,
  },
  requestContentFields: { input: true, system_instruction: true, tools: true },
  request,
  input(body) {
    const from = doc(body) ?? {}
    const system = text(from.system_instruction)
    return { messages: inputOf(from.input), ...(system && { system: [textPart(system)] }), tools: docs(from.tools) }
  },

  responseFields: { id: true, model: true, status: true, usage: true, service_tier: true, ...errorFields },
  responseContentFields: { steps: true, outputs: true },
  significantEvent: /"(?:interaction\.[a-z_]+|error|(?:step|content)\.(?:start|stop))"/,
  fold: options => new InteractionFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const status = text(answer.status)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: status ? [status] : [],
      usage: usageOf(doc(answer.usage)),
      error: errorIn(document),
      pending: status === 'in_progress' || status === 'queued',
      attributes: { [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier) },
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    return outputOf(answer.steps ?? answer.outputs)
  },
}

function request(body: unknown): ParsedRequest | undefined {
  const from = doc(body)
  const model = text(from?.model)
  const agent = text(from?.agent)
  if (!from || !(model ?? agent) || from.input === undefined) return undefined
  const config = doc(from.generation_config) ?? {}
  const stop = list(config.stop_sequences).filter(item => typeof item === 'string') as string[]
  const attributes = {
    [ATTR_GEN_AI_AGENT_ID]: agent,
    [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: text(from.previous_interaction_id),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(config.max_output_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(config.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(config.top_p),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(config.seed),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: stop.length ? stop : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(config.thinking_level),
  }
  return { model, stream: from.stream === true, choices: 1, background: from.background === true, attributes }
}

/** As everywhere at Google, thoughts are no part of the output count, and the tools' results no part of the input count. */
function usageOf(counts: Doc | undefined): Usage | undefined {
  const input = count(counts?.total_input_tokens)
  const output = count(counts?.total_output_tokens)
  if (!counts || (input === undefined && output === undefined)) return undefined
  const toolUse = count(counts.total_tool_use_tokens)
  const reasoning = count(counts.total_thought_tokens)
  const cached = counts.cached_tokens_by_modality
  const searches = (type: string) =>
    docs(counts.grounding_tool_count)
      .filter(item => item.type === type)
      .map(item => count(item.count))
      .reduce(sum, undefined)
  const params = [...docs(counts.input_tokens_by_modality), ...docs(counts.tool_use_tokens_by_modality)]
  const of = (modality: string, counts: unknown) =>
    docs(counts)
      .filter(item => item.modality === modality)
      .map(item => count(item.tokens))
      .reduce(sum, undefined)
  return {
    input: sum(input, toolUse),
    output: sum(output, reasoning),
    cacheRead: count(counts.total_cached_tokens),
    reasoning,
    toolUse,
    textInput: of('text', params),
    audioInput: of('audio', params),
    imageInput: of('image', params),
    textOutput: of('text', counts.output_tokens_by_modality),
    audioOutput: of('audio', counts.output_tokens_by_modality),
    imageOutput: of('image', counts.output_tokens_by_modality),
    videoInput: of('video', params),
    videoOutput: of('video', counts.output_tokens_by_modality),
    textCacheRead: of('text', cached),
    audioCacheRead: of('audio', cached),
    imageCacheRead: of('image', cached),
    videoCacheRead: of('video', cached),
    webSearches: searches('google_search'),
    mapsSearches: searches('google_maps'),
    fileSearches: searches('retrieval'),
  }
}

// Puts the events of a streamed interaction together into the one that would have come unstreamed. An interaction is a list
// of steps; the beta before had a list of outputs, and `content.…` events.

export class InteractionFold implements Fold {
  #complete = false
  #done = false
  readonly #answer: Doc = {}
  readonly #steps: Doc[] = []

  constructor(private readonly options: FoldOptions) {}

  get ended(): boolean {
    return this.#done || this.#answer.error !== undefined
  }

  get complete(): boolean {
    return this.#complete
  }

  document(): unknown {
    const { status, ...answer } = this.#answer
    // Until the end it is no outcome.
    return { ...answer, status: this.#complete ? status : undefined, steps: Object.values(this.#steps) }
  }

  done(): void {
    this.#done = true
  }

  event(event: Doc): boolean {
    const [subject, what] = (text(event.event_type) ?? '').split('.')
    const interaction = doc(event.interaction)
    if (interaction) update(this.#answer, interaction)
    if (subject === 'error') this.#answer.error = event.error
    if (subject === 'interaction') {
      this.#answer.status = text(event.status) ?? this.#answer.status
      if (what?.startsWith('complete')) this.#complete = true
    }
    const at = placeOf(event.index)
    if (what === 'start' && subject !== 'interaction') {
      const begun = doc(event.step) ?? doc(event.content)
      if (begun && this.options.content) this.#steps[at] = { ...begun }
      return Object.keys(begun ?? {}).length > 1 // more than its type
    }
    const delta = doc(event.delta)
    if (!delta) return false
    if (this.options.content) this.#steps[at] = grown(this.#steps[at] ?? {}, delta)
    return true
  }
}

/** A delta is a part of the step's content, a piece of its arguments, or members of the step itself. */
function grown(step: Doc, delta: Doc): Doc {
  const { type, ...members } = delta
  switch (type) {
    case 'text':
      return update(step, { text: joined(step.text, members.text) })
    case 'thought_summary':
      return update(step, { summary: joined(step.summary, doc(members.content)?.text) })
    case 'arguments_delta': {
      const known = typeof step.arguments === 'string' ? step.arguments : undefined
      return update(step, { arguments: joined(known, members.arguments) })
    }
    default:
      return update(step, members)
  }
}

// Steps of Gemini's interactions as GenAI messages.

/** The request's input: a text, a content, a list of contents, or the steps so far. */
export function inputOf(input: unknown): Message[] {
  if (typeof input === 'string') return [{ role: 'user', parts: [textPart(input)] }]
  const items = doc(input) ? [input as Doc] : docs(input)
  const steps = items.some(item => item.role !== undefined || String(item.type).match(/_(?:input|output|call|result)$/))
  return steps ? items.map(message) : [{ role: 'user', parts: items.flatMap(part) }]
}

export function outputOf(steps: unknown): Message[] {
  return [{ role: 'assistant', parts: docs(steps).flatMap(part) }]
}

function message(step: Doc): Message {
  const parts = part(step)
  if (step.type === 'function_result') return { role: 'tool', parts }
  const own = step.type === undefined ? step.role === 'model' : step.type !== 'user_input'
  return { role: own ? 'assistant' : 'user', parts }
}

/** A step may hold contents, or be one. */
function part(item: Doc): Part[] {
  const type = text(item.type) ?? 'unknown'
  switch (type) {
    case 'text':
      return [textPart(text(item.text) ?? '')]
    case 'thought': {
      const summary =
        text(item.summary) ??
        docs(item.summary)
          .map(({ text }) => text)
          .join('')
      return summary ? [{ type: 'reasoning', content: summary }] : []
    }
    case 'function_call':
      return [toolCall(item.id, item.name, item.arguments ?? {})]
    case 'function_result':
      return [{ type: 'tool_call_response', id: item.call_id, response: item.result }]
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return [media(item, type)]
    default:
      if (type.endsWith('_call'))
        return [{ type: 'server_tool_call', id: item.id, name: type, server_tool_call: { type } }]
      if (type.endsWith('_result')) {
        return [{ type: 'server_tool_call_response', id: item.call_id, server_tool_call_response: { type } }]
      }
      return contents(item)
  }
}

function contents(item: Doc): Part[] {
  const inside = item.content
  if (typeof inside === 'string') return [textPart(inside)]
  if (Array.isArray(inside)) return docs(inside).flatMap(part)
  return typeof item.text === 'string' ? [textPart(item.text)] : []
}

function media(item: Doc, modality: string): Part {
  const data = text(item.data)
  return data ? blob(text(item.mime_type), data) : { type: 'uri', modality, mime_type: item.mime_type, uri: item.uri }
}

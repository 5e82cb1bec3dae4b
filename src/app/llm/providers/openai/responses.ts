// OpenAI responses. A response created in the background is fetched later.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_UNPRICED_CAUSE,
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_STATUS,
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  OPENAI_API_TYPE_VALUE_RESPONSES,
} from '../../../../../semconv'
import { textPart } from '../../messages'
import type { Iteration, Usage } from '../../usage'
import { count, type Doc, doc, docs, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isJson, type ParsedRequest, type Protocol } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './deployment'
import { ResponseFold } from './response-fold'
import { input, output } from './responses-content'
import { costOf, usageOf } from './usage'

export const openaiResponses: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),

  requestFields: {
    model: true,
    input: {}, // whether it is a list or a text
    prompt: { id: true },
    stream: true,
    max_output_tokens: true,
    temperature: true,
    top_p: true,
    reasoning: { effort: true },
    text: { format: { type: true } },
    service_tier: true,
    background: true,
    background_options: { completion_window: true },
    previous_response_id: true,
    conversation: true,
  },
  requestContentFields: { input: true, instructions: true, tools: true },
  request,
  input(body) {
    const params = doc(body) ?? {}
    const instructions = text(params.instructions)
    return {
      messages: input(params.input),
      ...(instructions && { system: [textPart(instructions)] }),
      tools: docs(params.tools),
    }
  },

  responseFields: {
    id: true,
    model: true,
    status: true,
    incomplete_details: true,
    output: {
      '*': {
        type: true,
        action: { type: true },
        container_id: true,
        environment: { container_id: true },
        svg_usage: true,
      },
    },
    usage: true,
    tool_usage: true,
    tools: { '*': { type: true, model: true } },
    service_tier: true,
    background: true,
    ...errorFields,
  },
  responseContentFields: { output: true },
  significantEvent: /"type"\s*:\s*"(?!response\.[a-z_.]+\.delta")/,
  fold: options => new ResponseFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const status = text(answer.status)
    const reason = text(doc(answer.incomplete_details)?.reason) ?? status
    const usage = usageOf(doc(answer.usage))
    const used = usage && { ...usage, ...piecesOf(answer) }
    const hosted = imagesOf(answer)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: reason ? [reason] : [],
      usage: used,
      ...(used && hosted.length > 0 && { iterations: [{ usage: used }, ...hosted] }),
      cost: costOf(doc(answer.usage)),
      error: errorIn(document),
      pending: status === 'queued' || status === 'in_progress' || (answer.background === true ? false : undefined),
      attributes: {
        [ATTR_GEN_AI_RESPONSE_STATUS]: status,
        // a response that only contains the compaction covers the whole conversation
        [ATTR_GEN_AI_CONVERSATION_COMPACTED]: answer.object === 'response' ? wasCompacted(answer.output) : undefined,
        [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: text(answer.service_tier),
      },
    }
  },
  output: document => output(doc(document)?.output),
}

function wasCompacted(output: unknown): true | undefined {
  return docs(output).some(({ type }) => type === 'compaction') || undefined
}

function request(body: unknown, url: URL): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  const prompt = text(doc(params?.prompt)?.id) // a stored one, which may name the model
  if (!params || !(model || prompt)) return undefined
  if (typeof params.input !== 'string' && !Array.isArray(params.input) && !prompt) return undefined
  const format = text(doc(doc(params.text)?.format)?.type)
  const window = text(doc(params.background_options)?.completion_window)
  const attributes: Attributes = {
    [ATTR_OPENAI_API_TYPE]: OPENAI_API_TYPE_VALUE_RESPONSES,
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_output_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(doc(params.reasoning)?.effort),
    [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: text(params.previous_response_id),
    [ATTR_GEN_AI_CONVERSATION_ID]: text(params.conversation) ?? text(doc(params.conversation)?.id),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format?.startsWith('json') ? 'json' : format,
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: text(params.service_tier),
    // execution within hours is cheaper, but the answer does not report it
    [ATTR_AFN_LLM_UNPRICED_CAUSE]: (window ?? 'soonest') === 'soonest' ? undefined : 'service_tier',
  }
  return {
    model,
    stream: params.stream === true,
    choices: 1,
    background: params.background === true,
    attributes,
  }
}

/** Charges by item for built-in tools. Newer versions of the API report which searches are charged if the request asks for it. */
function piecesOf(answer: Doc): Usage {
  const items = docs(answer.output)
  const of = (type: string) => items.filter(item => item.type === type)
  const opened = [...of('code_interpreter_call'), ...of('shell_call')].map(
    item => text(item.container_id) ?? text(doc(item.environment)?.container_id),
  )
  const some = (made: number) => made || undefined
  const found: Usage = {
    webSearches:
      count(doc(doc(answer.tool_usage)?.web_search)?.num_requests) ??
      // opening a page that was found is free
      some(of('web_search_call').filter(item => (doc(item.action)?.type ?? 'search') === 'search').length),
    fileSearches: some(of('file_search_call').length),
    codeSessions: some(new Set(opened.filter(Boolean)).size),
    // images of another model, which is a separate call if its tokens are reported
    images: doc(answer.tool_usage)?.image_gen === undefined ? some(of('image_generation_call').length) : undefined,
  }
  return Object.fromEntries(Object.entries(found).filter(([, made]) => made !== undefined))
}

/** Images are generated by a separate model, and SVG drawings by another, if their tokens are reported. */
function imagesOf(answer: Doc): Iteration[] {
  const made = docs(answer.output).filter(({ type }) => type === 'image_generation_call')
  const operation = GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT
  const usage = usageOf(doc(doc(answer.tool_usage)?.image_gen))
  const model = text(docs(answer.tools).find(({ type }) => type === 'image_generation')?.model)
  const found: Iteration[] = []
  if (usage?.input || usage?.output) {
    found.push({ usage: { ...usage, imageOutput: usage.imageOutput ?? usage.output }, hosted: { operation, model } })
  }
  for (const item of made) {
    const svg = doc(item.svg_usage)
    const drawn = usageOf(svg)
    if (drawn) found.push({ usage: drawn, hosted: { operation, model: text(svg?.model) } })
  }
  return found
}

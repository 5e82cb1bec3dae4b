// The answers in a batch's results, by what they look like: each provider has an envelope of its own around them, and whatever
// stands in it is an answer of a protocol that is known.
import { ATTR_OPENAI_RESPONSE_SERVICE_TIER } from '../../../../../semconv'
import { errorIn } from '../../providers/errors'
import type { ParsedResponse, Protocol } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { type Doc, doc, docs, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'

export interface Result {
  /** Undefined for one that failed. */
  readonly protocol: Protocol | undefined
  readonly document: unknown
  readonly answer: ParsedResponse
}

const answering: readonly Protocol[] = [
  protocols['openai-responses'],
  protocols['openai-chat'],
  protocols['openai-completions'],
  protocols['openai-embeddings'],
  protocols['anthropic-messages'],
  protocols['google-generate'],
  protocols['bedrock-invoke'],
  protocols['vercel-language'],
]
const shape: Fields = { type: true, object: true, tokenCount: true, modelId: true }
/** What the application calls a result: OpenAI's name and Anthropic's, Google's, xAI's, Bedrock's, the AI Gateway's. */
const names = { custom_id: true, key: true, batch_request_id: true, recordId: true, id: true } as const

/** In the order in which they are looked into, from the outside to the inside. */
const envelopes = [
  'batch_result',
  'result',
  'response',
  'body',
  'message',
  'chat_get_completion',
  'modelOutput',
] as const
const deepest = 4

/** Of a result. @param content whether messages are wanted */
export function resultFields(content: boolean): Fields {
  const answers = answering.map(({ responseFields, responseContentFields }) => ({
    ...responseFields,
    ...(content && responseContentFields),
  }))
  const fields: Record<string, true | Fields> = Object.assign({}, shape, ...answers, names)
  // Each envelope may hold any other.
  for (const name of envelopes) fields[name] = fields
  return fields
}

/** Of a batch, or a page of its results. */
export function batchFields(content: boolean): Fields {
  const result = resultFields(content)
  const results: Fields = { '*': result }
  const output: Fields = {
    responsesFile: true,
    inlinedResponses: { inlinedResponses: results },
    inlinedEmbedContentResponses: { inlinedResponses: results },
  }
  return {
    id: true,
    batch_id: true,
    jobArn: true,
    modelId: true,
    name: true,
    model: true,
    status: true,
    output_file_id: true,
    error_file_id: true,
    output_file: true,
    error_file: true,
    results,
    outputs: results,
    data: results,
    metadata: { model: true, output },
    response: { ...result, ...output },
  }
}

/** The results that stand in a batch itself. Google says them twice. */
export function resultsIn(batch: Doc): Doc[] {
  for (const output of [doc(doc(batch.metadata)?.output), doc(batch.response)]) {
    for (const kind of ['inlinedResponses', 'inlinedEmbedContentResponses']) {
      const found = docs(doc(output?.[kind])?.inlinedResponses)
      if (found.length) return found
    }
  }
  return [batch.results, batch.outputs, batch.data].map(docs).find(found => found.length > 0) ?? []
}

/** The files that a batch's results are in. */
export function filesOf(batch: Doc): string[] {
  const { output_file_id, error_file_id, output_file, error_file } = batch
  const google = doc(doc(batch.metadata)?.output)?.responsesFile ?? doc(batch.response)?.responsesFile
  return [output_file_id, error_file_id, output_file, error_file, google].flatMap(file => text(file) ?? [])
}

/** The name that a result has in its batch. A line of any other file has none. */
export function nameOf({ custom_id, key, batch_request_id, recordId, id, result }: Doc): string | undefined {
  return text(custom_id) ?? text(key) ?? text(batch_request_id) ?? text(recordId) ?? (result ? text(id) : undefined)
}

/** Undefined for what was cancelled, and for what is no result. */
export function resultOf(item: Doc): Result | undefined {
  const found = answerIn(item, 0)
  if (found) {
    const { protocol, document } = found
    const answer = protocol.response(document, () => undefined)
    // Anthropic says which tier it was; elsewhere the answer of a batch says what any other does.
    const said =
      protocol === protocols['anthropic-messages'] && text(answer.attributes?.[ATTR_OPENAI_RESPONSE_SERVICE_TIER])
    const attributes = { ...answer.attributes, [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: said || 'batch' }
    return { protocol, document, answer: { ...answer, attributes } }
  }
  const error = errorOf(item, 0)
  return error && { protocol: undefined, document: undefined, answer: { finishReasons: [], usage: undefined, error } }
}

function answerIn(item: Doc, depth: number): { protocol: Protocol; document: unknown } | undefined {
  const protocol = protocolOf(item)
  if (protocol) return { protocol, document: item }
  // An embedding of Gemini's says its count as a text.
  if (item.tokenCount !== undefined)
    return {
      protocol: protocols['google-embeddings'],
      document: { usageMetadata: { promptTokenCount: Number(item.tokenCount) } },
    }
  const output = doc(item.modelOutput)
  if (output) return { protocol: protocols['bedrock-invoke'], document: output }
  for (const name of envelopes) {
    const inner = doc(item[name])
    const found = inner && depth < deepest ? answerIn(inner, depth + 1) : undefined
    if (found) return found
  }
  return undefined
}

function protocolOf({ object, type, usage, choices, ...answer }: Doc): Protocol | undefined {
  if (object === 'response') return protocols['openai-responses']
  if (object === 'text_completion') return protocols['openai-completions']
  if (Array.isArray(choices)) return protocols['openai-chat']
  if (type === 'message' && usage) return protocols['anthropic-messages']
  if (answer.usageMetadata || answer.candidates || answer.promptFeedback) return protocols['google-generate']
  if (answer.finishReason && usage) return protocols['vercel-language']
  return object === 'list' && usage ? protocols['openai-embeddings'] : undefined
}

/** The innermost error says most. What was cancelled has none. */
function errorOf(item: Doc, depth: number): ParsedResponse['error'] {
  for (const name of [...envelopes, 'error']) {
    const inner = doc(item[name])
    const found = inner && depth < deepest ? errorOf(inner, depth + 1) : undefined
    if (found) return found
  }
  const error = errorIn(item)
  if (error) return error
  return item.type === 'expired' ? { type: 'expired', message: undefined } : undefined
}

// Finds the answers in batch results by their shape: each provider has its own envelope, and inside is an answer of a known protocol.
import { ATTR_OPENAI_RESPONSE_SERVICE_TIER } from '../../../../../semconv'
import { errorIn } from '../../providers/errors'
import type { ParsedResponse, Protocol } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { type Doc, doc, docs, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'

export interface Result {
  /** Undefined for a failed result. */
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
/** The app's id of a result: names used by OpenAI and Anthropic, Google, xAI, Bedrock and the AI Gateway. */
const names = { custom_id: true, key: true, batch_request_id: true, recordId: true, id: true } as const

/** In the order in which they are opened, from the outside to the inside. */
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

/** Fields of a result. @param content whether messages are needed */
export function resultFields(content: boolean): Fields {
  const answers = answering.map(({ responseFields, responseContentFields }) => ({
    ...responseFields,
    ...(content && responseContentFields),
  }))
  const fields: Record<string, true | Fields> = Object.assign({}, shape, ...answers, names)
  // Each envelope may contain any other.
  for (const name of envelopes) fields[name] = fields
  return fields
}

/** Fields of a batch, or of a page of its results. */
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

/** Results that are inline in a batch object. Google includes them twice. */
export function resultsIn(batch: Doc): Doc[] {
  for (const output of [doc(doc(batch.metadata)?.output), doc(batch.response)]) {
    for (const kind of ['inlinedResponses', 'inlinedEmbedContentResponses']) {
      const found = docs(doc(output?.[kind])?.inlinedResponses)
      if (found.length) return found
    }
  }
  return [batch.results, batch.outputs, batch.data].map(docs).find(found => found.length > 0) ?? []
}

/** Ids of the files with a batch's results. */
export function filesOf(batch: Doc): string[] {
  const { output_file_id, error_file_id, output_file, error_file } = batch
  const google = doc(doc(batch.metadata)?.output)?.responsesFile ?? doc(batch.response)?.responsesFile
  return [output_file_id, error_file_id, output_file, error_file, google].flatMap(file => text(file) ?? [])
}

/** The id of a result in its batch. Lines of other files have none. */
export function nameOf({ custom_id, key, batch_request_id, recordId, id, result }: Doc): string | undefined {
  return text(custom_id) ?? text(key) ?? text(batch_request_id) ?? text(recordId) ?? (result ? text(id) : undefined)
}

/** Undefined for cancelled requests, and for objects that are not results. */
export function resultOf(item: Doc): Result | undefined {
  const found = answerIn(item, 0)
  if (found) {
    const { protocol, document } = found
    const answer = protocol.response(document, () => undefined)
    // Anthropic reports the service tier; other providers use the same fields as for single answers.
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
  // Gemini sends the token count of an embedding as text.
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

/** The innermost error is the most specific. Cancelled requests have none. */
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

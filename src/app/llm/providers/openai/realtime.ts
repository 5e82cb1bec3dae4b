// OpenAI's Realtime API, which Azure, xAI and others also have: one answer of a session, assembled from its events.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_RESPONSE_STATUS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../../semconv'
import { textPart } from '../../messages'
import { tellsModalities } from '../../usage'
import { count, type Doc, doc, docs, list, number, text } from '../../wire/json'
import { errorIn } from '../errors'
import type { ParsedRequest, Protocol } from '../protocol'
import { ResponseFold } from './response-fold'
import { input, output } from './responses-content'
import { costOf, usageOf } from './usage'

export const openaiRealtime: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_CHAT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  identifiableByHead: () => false, // it has no requests of its own

  requestFields: { session: true, response: true, response_id: true, item: { type: true } },
  requestContentFields: { item: true },
  request: (body, url) => request(doc(body) ?? {}, url),
  input(body) {
    const params = doc(body) ?? {}
    const instructions = text(params.instructions)
    return {
      messages: input(docs(params.input).map(heard)),
      ...(instructions && { system: [textPart(instructions)] }),
      tools: docs(params.tools),
    }
  },

  responseFields: {
    session: true,
    response: { id: true, status: true, status_details: true, usage: true, metadata: true, conversation_id: true },
    response_id: true,
    item_id: true,
    output_index: true,
    content_index: true,
    usage: true,
    error: true,
    item: { type: true },
  },
  responseContentFields: { response: true, item: true, delta: true, transcript: true },
  significantEvent: /^/,
  fold: options => new RealtimeFold(options),
  response(document) {
    const answer = doc(document) ?? {}
    const details = doc(answer.status_details)
    const status = text(answer.status)
    const reason = text(details?.reason) ?? status
    const usage = usageOf(doc(answer.usage))
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: reason ? [reason] : [],
      usage,
      cost: costOf(doc(answer.usage)),
      error: errorIn({ error: answer.error ?? details?.error }),
      unpriced: answer.hasSound === true && usage && !tellsModalities(usage) ? 'usage' : undefined,
      attributes: { [ATTR_GEN_AI_RESPONSE_STATUS]: status },
    }
  },
  output: document => output(docs(doc(document)?.output).map(heard)),
}

function request(params: Doc, url: URL): ParsedRequest {
  const query = url.searchParams
  const modalities = list(params.output_modalities ?? params.modalities)
  const spoken = modalities.length === 0 || modalities.includes('audio')
  return {
    // Azure names its deployment
    model: text(query.get('model')) ?? text(query.get('deployment')) ?? text(params.model),
    stream: true,
    choices: 1,
    attributes: {
      [ATTR_GEN_AI_OUTPUT_TYPE]: spoken ? GEN_AI_OUTPUT_TYPE_VALUE_SPEECH : GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
      [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_output_tokens) ?? count(params.max_response_output_tokens),
      [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
      [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: text(doc(params.reasoning)?.effort),
    },
  }
}

/** Uses the transcript that accompanies the audio. */
function heard(item: Doc): Doc {
  const content = docs(item.content).map(part => {
    const said = text(part.text) ?? text(part.transcript)
    return said === undefined ? part : { type: 'text', text: said }
  })
  return content.length ? { ...item, content } : item
}

/** An interrupted answer has no end event; the session tracks interruptions. */
class RealtimeFold extends ResponseFold {
  #stopped: Doc | undefined

  override event(event: Doc): boolean {
    const response = doc(event.response)
    if (event.type !== 'response.done' || response?.status !== 'cancelled') return super.event(event)
    this.#stopped = response
    return false
  }

  override document(): unknown {
    const { output, ...known } = doc(super.document()) ?? {}
    const last = docs(this.#stopped?.output)
    return { ...known, ...this.#stopped, output: last.length ? last : output }
  }
}

// Vercel's AI Gateway as the AI SDK calls it for embeddings, reranking, images, video, speech and transcriptions.
import {
  ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { count, type Doc, doc, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import type { Fold, Protocol } from '../protocol'
import { costFields, costOf, modelIn, usageOf, VERCEL } from './gateway'

const operations: Readonly<Record<string, string>> = {
  'embedding-model': GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  'reranking-model': 'rerank',
}
const outputs: Readonly<Record<string, string>> = {
  'image-model': GEN_AI_OUTPUT_TYPE_VALUE_IMAGE,
  'speech-model': GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  'transcription-model': GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  'video-model': 'video',
}

export const vercelModels: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: VERCEL,
  identifiableByHead: ({ header }) => modelIn(header) !== undefined,

  requestFields: { n: true, dimensions: true },
  requestContentFields: { prompt: true, text: true },
  request(body, { pathname }, header) {
    const params = doc(body)
    const model = modelIn(header)
    if (!params || !model) return undefined
    const kind = pathname.slice(pathname.lastIndexOf('/') + 1)
    const wanted = count(params.n) ?? 1
    return {
      model,
      ...(operations[kind] && { operation: operations[kind] }),
      stream: kind === 'video-model',
      choices: wanted,
      attributes: {
        [ATTR_GEN_AI_OUTPUT_TYPE]: outputs[kind],
        [ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT]: count(params.dimensions),
        [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: wanted === 1 ? undefined : wanted,
      },
    }
  },
  input(body) {
    const params = doc(body)
    return { messages: textMessages('user', text(params?.prompt) ?? params?.text) }
  },

  responseFields: { model: true, usage: true, providerMetadata: costFields, ...errorFields },
  responseContentFields: { text: true },
  significantEvent: /^/,
  fold: () => new VideoFold(),
  response(document) {
    const answer = doc(document) ?? {}
    return {
      id: text(doc(doc(answer.providerMetadata)?.gateway)?.generationId),
      model: text(answer.model),
      finishReasons: [],
      usage: usageOf(doc(answer.usage)),
      cost: costOf(answer.providerMetadata),
      error: errorIn(document),
    }
  },
  output: document => textMessages('assistant', doc(document)?.text),
}

/** Keep-alive events, then one event that has everything. */
class VideoFold implements Fold {
  #last: Doc | undefined
  get ended(): boolean {
    return this.#last !== undefined
  }

  get complete(): boolean {
    return this.#last?.type === 'result'
  }

  document(): unknown {
    return this.#last
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.type === 'error') this.#last = { error: { type: event.errorType, message: event.message } }
    else if (event.type === 'result') this.#last = event
    return event.type === 'result'
  }
}

// Speech APIs: ElevenLabs, Deepgram, Cartesia and AssemblyAI. Synthesis is charged by character, recognition by second. The four differ in
// the fields for model, text and duration.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { amount, count, type Doc, doc, docs, text, texts } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { errorFields, errorIn } from '../errors'
import type { Fold, HeaderOf, Protocol, ProviderError } from '../protocol'
import { isProvider } from '../providers'

/** A stream of media events has no end mark, and only its errors are read. */
export class MediaEvents implements Fold {
  #failure: Doc | undefined
  readonly ended = false
  readonly complete = true
  document(): unknown {
    return this.#failure ?? {}
  }

  done(): void {}

  event(event: Doc): boolean {
    if (event.type !== 'error') return true
    this.#failure = event
    return false
  }
}

const common = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: 'unknown',
  identifiableByHead: ({ url }) => isProvider(url.hostname),
  significantEvent: /^/,
  fold: () => new MediaEvents(),
} satisfies Partial<Protocol>

const failureFields: Fields = { ...errorFields, detail: true, err_code: true, err_msg: true, status: true }

export const speechSynthesis: Protocol = {
  ...common,
  media: true,
  lines: true,
  requestFields: { model_id: true, text: true, transcript: true, inputs: { '*': { text: true } } },
  requestContentFields: {},
  request(body, url) {
    const params = doc(body)
    const characters = wordsOf(params).reduce((sum, words) => sum + [...words].length, 0)
    if (!params || characters === 0 || !isProvider(url.hostname)) return undefined
    return {
      model: text(params.model_id) ?? url.searchParams.get('model') ?? undefined,
      stream: /\/(?:stream|sse)\b/.test(url.pathname),
      choices: 1,
      attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: GEN_AI_OUTPUT_TYPE_VALUE_SPEECH },
      usage: { characters },
    }
  },
  input: body => ({ messages: wordsOf(doc(body)).flatMap(words => textMessages('user', words)) }),
  responseFields: failureFields,
  responseContentFields: {},
  response: (document, header) => ({
    id: idIn({}, header),
    finishReasons: [],
    usage: undefined,
    error: failureIn(document),
  }),
  output: () => [],
}

/** A dialogue has several speakers. */
function wordsOf(params: Doc | undefined): string[] {
  return texts([params?.text, params?.transcript, ...docs(params?.inputs).map(input => input.text)]) ?? []
}

/** The audio is a file, a form or a URL; long audio is transcribed asynchronously. */
export const speechRecognition: Protocol = {
  ...common,
  requestFields: { model_id: true, model: true, speech_model: true, speech_models: true },
  requestContentFields: {},
  request(body, url) {
    if (!isProvider(url.hostname)) return undefined
    const params = doc(body) ?? {}
    const { model_id, model, speech_model, speech_models } = params
    return {
      model:
        text(model_id) ??
        text(model) ??
        text(speech_model) ??
        texts(speech_models)?.[0] ??
        url.searchParams.get('model') ??
        undefined,
      stream: false,
      choices: 1,
      attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: GEN_AI_OUTPUT_TYPE_VALUE_TEXT },
    }
  },
  input: () => ({ messages: [] }),
  responseFields: {
    ...failureFields,
    id: true,
    request_id: true,
    transcription_id: true,
    metadata: { request_id: true, duration: true, channels: true },
    duration: true,
    audio_duration: true,
    audio_duration_secs: true,
    speech_model_used: true,
    transcripts: { '*': { audio_duration_secs: true } },
  },
  responseContentFields: {
    text: true,
    transcripts: { '*': { text: true, audio_duration_secs: true } },
    results: { channels: { '*': { alternatives: { '*': { transcript: true } } } } },
  },
  response(document, header) {
    const answer = doc(document) ?? {}
    const seconds = secondsOf(answer)
    return {
      id: idIn(answer, header),
      model: text(answer.speech_model_used),
      finishReasons: [],
      usage: seconds === undefined ? undefined : { audioSeconds: seconds },
      error: failureIn(document),
      pending: typeof answer.status === 'string' ? PENDING.test(answer.status) : undefined,
    }
  },
  output(document) {
    const answer = doc(document) ?? {}
    const channels = docs(doc(answer.results)?.channels).map(({ alternatives }) => docs(alternatives)[0]?.transcript)
    const said = [answer.text, ...docs(answer.transcripts).map(one => one.text), ...channels]
    return said.flatMap(words => textMessages('assistant', words))
  },
}

/** Status values of AssemblyAI, Replicate and fal. */
export const PENDING = /^(?:queued|starting|processing|in_queue|in_progress)$/i

/** Each channel is charged separately. */
function secondsOf(answer: Doc): number | undefined {
  const deepgram = doc(answer.metadata)
  const heard = amount(deepgram?.duration)
  if (heard !== undefined) return heard * (count(deepgram?.channels) ?? 1)
  const channels = docs(answer.transcripts).map(one => amount(one.audio_duration_secs))
  if (channels.length > 0 && channels.every(one => one !== undefined))
    return channels.reduce((sum, one) => sum + one, 0)
  return amount(answer.audio_duration_secs) ?? amount(answer.audio_duration) ?? amount(answer.duration)
}

function idIn(answer: Doc, header: HeaderOf): string | undefined {
  const { id, request_id, transcription_id, metadata } = answer
  return (
    text(id) ??
    text(transcription_id) ??
    text(request_id) ??
    text(doc(metadata)?.request_id) ??
    text(header('request-id') ?? header('dg-request-id'))
  )
}

/** Error formats: a message, a detail, or a code with a message. */
function failureIn(document: unknown): ProviderError | undefined {
  const answer = doc(document) ?? {}
  const detail = doc(answer.detail)
  if (detail) return { type: text(detail.status) ?? text(detail.code), message: text(detail.message) }
  if (answer.err_code) return { type: text(answer.err_code), message: text(answer.err_msg) }
  return errorIn(answer)
}

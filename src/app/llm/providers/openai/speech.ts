// OpenAI's transcriptions and speech.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../../semconv'
import { textMessages } from '../../messages'
import { doc, number, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { isForm, isJson, type ParsedRequest, type Protocol } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './deployment'
import { significantEvent } from './media'
import { MediaFold } from './media-fold'
import { usageOf } from './usage'

const common = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  significantEvent,
  fold: options => new MediaFold(options),
  responseFields: { usage: true, duration: true, ...errorFields },
  input(body) {
    const params = doc(body)
    return { messages: textMessages('user', text(params?.input) ?? params?.prompt) }
  },
} satisfies Partial<Protocol>

/** The request is a form, of which only the short fields are read, never the audio. */
export const openaiTranscriptions: Protocol = {
  ...common,
  identifiableByHead: isForm,
  requestFields: { model: true, stream: true, temperature: true },
  requestContentFields: { prompt: true },
  request: (body, url) => audioRequest(body, url, GEN_AI_OUTPUT_TYPE_VALUE_TEXT),
  responseContentFields: { text: true },
  response(document) {
    const answer = doc(document)
    const audioSeconds = number(answer?.duration)
    return {
      finishReasons: [],
      usage: usageOf(doc(answer?.usage)) ?? (audioSeconds === undefined ? undefined : { audioSeconds }),
      error: errorIn(document),
    }
  },
  output: document => textMessages('assistant', doc(document)?.text),
}

/** Models that are charged by audio tokens. All others are charged by the character. */
const BY_TOKENS = /^gpt-/

/** Only its events have token counts; a plain audio response has none. */
export const openaiSpeech: Protocol = {
  ...common,
  media: true,
  identifiableByHead: facts => isJson(facts) && isProvider(facts.url.hostname),
  requestFields: { model: true, stream_format: true, input: true },
  requestContentFields: {},
  request(body, url) {
    const params = doc(body)
    if (typeof params?.input !== 'string') return undefined
    const request = audioRequest({ ...params, stream: params.stream_format === 'sse' }, url, GEN_AI_OUTPUT_TYPE_VALUE_SPEECH) // biome-ignore format: one line
    if (!request?.model || BY_TOKENS.test(request.model)) return request
    return { ...request, usage: { characters: [...params.input].length } }
  },
  responseContentFields: {},
  response(document) {
    const usage = usageOf(doc(doc(document)?.usage))
    return {
      finishReasons: [],
      usage: usage && { ...usage, audioOutput: usage.output }, // it puts out nothing else
      error: errorIn(document),
    }
  },
  output: () => [],
}

function audioRequest(body: unknown, url: URL, type: string): ParsedRequest | undefined {
  const params = doc(body)
  const model = text(params?.model) ?? deploymentOf(url)
  if (!params || !model) return undefined
  const temperature = params.temperature === undefined ? undefined : number(Number(params.temperature))
  return {
    model,
    stream: params.stream === true || params.stream === 'true',
    choices: 1,
    attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: type, [ATTR_GEN_AI_REQUEST_TEMPERATURE]: temperature },
  }
}

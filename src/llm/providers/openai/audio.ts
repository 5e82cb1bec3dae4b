// OpenAI's transcriptions and speech. Listed in index.ts.
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  GEN_AI_OUTPUT_TYPE_VALUE_SPEECH,
  GEN_AI_OUTPUT_TYPE_VALUE_TEXT,
  GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
} from '../../../../semconv'
import { textPart } from '../../messages'
import { doc, number, text } from '../../observe/wire/value'
import { errorFields, errorIn } from '../error'
import { isForm, isJson, type Protocol, type RequestTold } from '../protocol'
import { isProvider } from '../providers'
import { deploymentOf } from './azure'
import { MediaFold, telling } from './media-fold'
import { usageOf } from './usage'

const common = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: GEN_AI_PROVIDER_NAME_VALUE_OPENAI,
  telling,
  fold: options => new MediaFold(options),
  responseFields: { usage: true, ...errorFields },
  input(body) {
    const asked = doc(body)
    const said = text(asked?.input) ?? text(asked?.prompt)
    return { messages: said ? [{ role: 'user', parts: [textPart(said)] }] : [] }
  },
} satisfies Partial<Protocol>

/** The request is a form, of which only the short fields are read, never the sound. */
export const openaiTranscriptions: Protocol = {
  ...common,
  name: 'openai-transcriptions',
  path: pathname => /\/audio\/(?:transcriptions|translations)$/.test(pathname),
  vouched: isForm,
  requestFields: { model: true, stream: true, temperature: true },
  requestContentFields: { prompt: true },
  request: (body, url) => told(body, url, GEN_AI_OUTPUT_TYPE_VALUE_TEXT),
  responseContentFields: { text: true },
  response: document => ({
    finishReasons: [],
    usage: usageOf(doc(doc(document)?.usage)),
    error: errorIn(document),
  }),
  output(document) {
    const heard = text(doc(document)?.text)
    return heard ? [{ role: 'assistant', parts: [textPart(heard)] }] : []
  },
}

/** What it used is told in its events only; as a plain sound it has a span without counts. */
export const openaiSpeech: Protocol = {
  ...common,
  name: 'openai-speech',
  path: pathname => pathname.endsWith('/audio/speech'),
  vouched: facts => isJson(facts) && isProvider(facts.url.hostname),
  requestFields: { model: true, stream_format: true, input: {} }, // whether it is there
  requestContentFields: { input: true },
  request(body, url) {
    const asked = doc(body)
    if (typeof asked?.input !== 'string') return undefined
    return told({ ...asked, stream: asked.stream_format === 'sse' }, url, GEN_AI_OUTPUT_TYPE_VALUE_SPEECH)
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

function told(body: unknown, url: URL, type: string): RequestTold | undefined {
  const asked = doc(body)
  const model = text(asked?.model) ?? deploymentOf(url)
  if (!asked || !model) return undefined
  const temperature = asked.temperature === undefined ? undefined : number(Number(asked.temperature))
  return {
    model,
    stream: asked.stream === true || asked.stream === 'true',
    choices: 1,
    attributes: { [ATTR_GEN_AI_OUTPUT_TYPE]: type, [ATTR_GEN_AI_REQUEST_TEMPERATURE]: temperature },
  }
}

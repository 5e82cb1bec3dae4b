// Replicate's predictions and fal's endpoints: any model, charged by machine time or by output. Most answers are fetched later.
import { GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT } from '../../../../../semconv'
import { textMessages } from '../../messages'
import { amount, doc, docs, text } from '../../wire/json'
import { errorFields, errorIn } from '../errors'
import { type Protocol, unstreamed } from '../protocol'
import { isProvider } from '../providers'
import { MediaEvents, PENDING } from './speech'

export const replicatePredictions: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: 'replicate',
  identifiableByHead: ({ url }) => isProvider(url.hostname),

  requestFields: { version: true, input: {} },
  requestContentFields: { input: { prompt: true } },
  request(body, { hostname, pathname }) {
    const params = doc(body)
    if (!doc(params?.input) || !isProvider(hostname)) return undefined
    const named = /\/(?:models|deployments)\/([^/]+\/[^/]+)\/predictions$/.exec(pathname)?.[1]
    return { model: named ?? text(params?.version), stream: false, choices: 1, attributes: {} }
  },
  input: body => ({ messages: textMessages('user', doc(doc(body)?.input)?.prompt) }),

  responseFields: { id: true, model: true, status: true, metrics: true, detail: true, title: true, ...errorFields },
  responseContentFields: { output: true },
  ...unstreamed,
  response(document) {
    const answer = doc(document) ?? {}
    const seconds = amount(doc(answer.metrics)?.predict_time)
    const status = text(answer.status)
    return {
      id: text(answer.id),
      model: text(answer.model),
      finishReasons: status ? [status] : [],
      usage: seconds === undefined ? undefined : { computeSeconds: seconds },
      pending: status === undefined ? undefined : PENDING.test(status),
      error: answer.title ? { type: undefined, message: text(answer.detail) } : errorIn(answer),
    }
  },
  output(document) {
    const output = doc(document)?.output
    return textMessages(
      'assistant',
      Array.isArray(output) && output.every(one => typeof one === 'string') ? output.join('') : output,
    )
  },
}

export const falEndpoint: Protocol = {
  operation: GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  provider: 'fal_ai',
  identifiableByHead: ({ url }) => isProvider(url.hostname),

  requestFields: {},
  requestContentFields: { prompt: true },
  request(body, { hostname, pathname }) {
    if (!doc(body) || !isProvider(hostname)) return undefined
    return {
      model: pathname.replace(/^\/|\/stream$/g, ''),
      stream: pathname.endsWith('/stream'),
      choices: 1,
      attributes: {},
    }
  },
  input: body => ({ messages: textMessages('user', doc(body)?.prompt) }),

  responseFields: {
    request_id: true,
    status: true,
    images: { '*': { url: true } },
    image: { url: true },
    detail: true,
    ...errorFields,
  },
  responseContentFields: {},
  significantEvent: /^/,
  fold: () => new MediaEvents(),
  response(document, header) {
    const answer = doc(document) ?? {}
    const images = docs(answer.images).length || (doc(answer.image) ? 1 : 0)
    return {
      id: text(answer.request_id) ?? text(header('x-fal-request-id')),
      pending: typeof answer.status === 'string' ? PENDING.test(answer.status) : undefined,
      finishReasons: [],
      usage: images ? { images } : undefined,
      error: errorIn(answer),
    }
  },
  output: () => [],
}

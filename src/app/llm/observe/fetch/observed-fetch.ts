// Observes one LLM call made with fetch: the request, the answer and the end of its body. For answers requested earlier, observes only the
// answer.
import { type Context, context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { ProtocolName } from '../../providers/paths'
import { protocols } from '../../providers/protocols'
import { readJson } from '../../wire/json'
import { admit } from '../admit'
import { LlmCall } from '../call'
import type { FetchedAnswer } from '../later/fetched-answer'
import { followAnswer, inRecorded } from '../later/follow'
import { called } from '../later/memory'
import { type Admission, fail, type LlmTapOptions } from '../options'
import { MAX_STRING } from '../response'
import { finish, followed } from './followed-answer'
import { type Asking, askingForUsage, mayAsk, unlessRefused } from './include-usage'
import { refused } from './refused'
import { facts, formDocument, readableBody } from './request'
import { seesWhatIsSent, watchRequest } from './request-body'
import { withoutTraceHeaders, withTraceparent } from './trace-headers'

type Fetch = typeof globalThis.fetch

/** A fetch that may be an LLM call. */
export interface Candidate {
  /** Undefined if only the answer matters, which was requested earlier. */
  readonly protocol: ProtocolName | undefined
  readonly url: string
  readonly request: Request | undefined
}

/**
 * Sends the request, and throws any error of `original`.
 * @param args arguments of the app
 * @param original calls the wrapped function
 */
export function sendFetch(
  started: Started | AnswerRequest | BodyFirst,
  args: Parameters<Fetch>,
  original: Original,
  options: LlmTapOptions,
): ReturnType<Fetch> {
  if ('whole' in started) return sendRead(started, args, original, options)
  if ('parent' in started)
    return started.admission ? sendAdmitted(started, args, original, options) : send(started, args, original, options)
  const answer = started.call.tape ? inRecorded(() => original(args)) : original(args)
  return answer instanceof Promise ? followed(answer, started.call, undefined, options, false) : answer
}

type Original = (args: Parameters<Fetch>) => ReturnType<Fetch>

async function sendRead(
  { candidate, whole }: BodyFirst,
  [input, init]: Parameters<Fetch>,
  original: Original,
  options: LlmTapOptions,
): Promise<Response> {
  // the Request itself has everything except its body
  const args: Parameters<Fetch> = [input, { ...init, body: await whole }]
  let started: ReturnType<typeof startFetch>
  try {
    started = startFetch(candidate, args[1], options)
  } catch (error) {
    fail(options, error, 'request')
  }
  return started ? sendFetch(started, args, original, options) : original(args)
}

async function sendAdmitted(
  started: Started,
  args: Parameters<Fetch>,
  original: Original,
  options: LlmTapOptions,
): Promise<Response> {
  const admission = started.admission!
  const refusal = await admission.decision
  if (!refusal) {
    if (!started.signal?.aborted) admission.sent()
    return send(started, args, original, options)
  }
  finish(options, started.call, { by: 'error', error: refusal })
  return refused(refusal, started.countsRetries)
}

function send(
  started: Started,
  args: Parameters<Fetch>,
  original: Original,
  options: LlmTapOptions,
): ReturnType<Fetch> {
  const { call, signal, asking, parent } = started
  const hides = asking?.isLater === false
  const isChanged = started.isTraced || options.traceparent !== undefined
  let passed: Parameters<Fetch> = hides ? [args[0], { ...args[1], body: asking.body }] : args
  if (isChanged) passed = withOurHeaders(started, passed, options)
  let sent = false
  const pass = () => {
    sent = true
    return original(passed)
  }
  let answer: ReturnType<Fetch>
  try {
    // Only around the call, because the promise's continuations belong to the app and keep its context.
    answer = context.with(suppressTracing(parent), pass)
  } catch (error) {
    if (!sent)
      answer = pass() // a context manager failed, not fetch
    else {
      finish(options, call, { by: 'error', error })
      throw error
    }
  }
  if (asking && answer instanceof Promise) {
    const answered = unlessRefused(answer, asking, () => {
      passed = isChanged ? withOurHeaders(started, args, options) : args
      return context.with(suppressTracing(parent), pass)
    })
    return followed(answered, call, signal, options, hides)
  }
  if (call.over) return answer
  if (answer instanceof Promise) return followed(answer, call, signal, options, false)
  finish(options, call, { by: 'consumer' })
  return answer
}

export interface Started {
  readonly call: LlmCall
  readonly url: URL
  readonly signal: AbortSignal | undefined
  /** The app's active context. */
  readonly parent: Context
  /** Whether a span is active there, so that the trace headers may come from us. */
  readonly isTraced: boolean
  readonly asking?: Asking | undefined
  /** Set if a guard decides whether the request is sent. */
  readonly admission?: Admission | undefined
  /** Whether the client counts its retries in a header. */
  readonly countsRetries: boolean
}

/** A request that only fetches an answer. */
export interface AnswerRequest {
  readonly call: FetchedAnswer
}

/** A Request whose body must be read before it is sent, because usage can only be requested in the body. */
export interface BodyFirst {
  readonly candidate: Candidate
  readonly whole: Promise<ArrayBuffer>
}

/** `undefined` if the body shows that it is not an LLM call. If it throws, nothing has been sent. */
export function startFetch(
  candidate: Candidate,
  init: RequestInit | undefined,
  options: LlmTapOptions,
): Started | AnswerRequest | BodyFirst | undefined {
  const { protocol: name, url: address, request } = candidate
  const url = urlOf(address)
  if (!url) return undefined // fetch will say so
  if (!name) {
    const body = init?.body ?? undefined
    const method = (init?.method ?? request?.method ?? 'GET').toUpperCase()
    const asked = { method, bytes: readableBody(body), given: body }
    const call = followAnswer(facts(url, init?.headers ?? request?.headers), options, 'response body', asked)
    return call && { call }
  }
  const protocol = protocols[name]
  const content = options.captureContent !== 'off'
  const takeContent = protocol.apart ? undefined : options.evaluation?.choose?.()
  const fields =
    content || takeContent ? { ...protocol.requestFields, ...protocol.requestContentFields } : protocol.requestFields
  const given = init?.signal ?? request?.signal
  const signal = given instanceof AbortSignal ? given : undefined
  // A weak reference: an AbortSignal may lead to the stream, which must stay collectable.
  const reference = signal && new WeakRef(signal)
  const body = init?.body
  const headers = init?.headers ?? request?.headers
  const head = facts(url, headers)
  const parent = context.active()
  const isTraced = trace.getSpanContext(parent) !== undefined
  const callOptions = {
    tracer: options.tracer,
    began: options.began,
    repeats: options.repeats,
    ends: options.ends,
    record: options.record,
    content,
    takeContent,
    protocol,
    url,
    parent,
    aborted: () => reference?.deref()?.aborted === true,
    trouble: (error: unknown) => fail(options, error, 'span'),
  }
  if (init && body !== undefined && body !== null) {
    const bytes = readableBody(body)
    const document = bytes === undefined ? formDocument(body, fields) : readJson(bytes, fields, MAX_STRING)
    const parsed = protocol.request(document, url, head.header)
    if (!parsed) return undefined
    called(url.host)
    const form = body instanceof FormData ? body : undefined
    const admitting = options.guard && admit(options.guard, callOptions, name, parsed, bytes ?? '', form)
    const call = new LlmCall(admitting?.callOptions ?? callOptions, {
      header: head.header,
      bytes,
      given: body,
      body: document,
      parsed,
    })
    return {
      call,
      url,
      signal,
      parent,
      isTraced,
      admission: admitting?.admission,
      countsRetries: admitting !== undefined && head.header('x-stainless-retry-count') !== null,
      // the app computed its length
      asking:
        call.over || head.header('content-length') !== null
          ? undefined
          : askingForUsage(protocol, parsed, url, bytes, head.header, options.includeUsage),
    }
  }
  const stream = request?.body
  if (!request || !stream || request.bodyUsed) return undefined
  // a decision by the body needs the whole body
  if (options.guard || !seesWhatIsSent || mayAsk(protocol, url, options.includeUsage))
    return { candidate, whole: request.arrayBuffer() }
  if (!protocol.identifiableByHead(head)) return undefined
  called(url.host)
  const call = new LlmCall(callOptions, { ...head, parsed: protocol.request(undefined, url, head.header) })
  if (!call.over) watchRequest(stream, call, protocol, head, fields, options)
  return { call, url, signal, parent, isTraced, countsRetries: false }
}

function urlOf(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}

/** Removes trace headers that only we caused, and keeps `traceparent` if the host may receive it. */
function withOurHeaders(
  { call, url, parent, isTraced }: Started,
  args: Parameters<Fetch>,
  options: LlmTapOptions,
): Parameters<Fetch> {
  try {
    const traceparent = options.traceparent?.(url, call.context)
    const passed = isTraced ? (withoutTraceHeaders(args[0], args[1], parent, traceparent !== undefined) ?? args) : args
    const [input, init] = passed as [unknown, RequestInit | undefined]
    return ((traceparent && withTraceparent(input, init, url, traceparent)) || passed) as Parameters<Fetch>
  } catch (error) {
    fail(options, error, 'headers')
    return args
  }
}

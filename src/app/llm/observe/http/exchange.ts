// Observes one LLM call of Node's own HTTP clients or of the npm package undici, from the first bytes of its request.
import { context, propagation, type Span, type SpanContext } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME } from '../../../../../semconv'
import type { ProtocolName } from '../../providers/paths'
import type { ParsedRequest, Protocol, RequestFacts } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { isModelCall } from '../../spans/operations'
import { formReader } from '../../wire/form'
import { readJson } from '../../wire/json'
import { JsonReader } from '../../wire/json-reader'
import { admit, pass } from '../admit'
import { LlmCall } from '../call'
import { type Asking, askingForUsage } from '../fetch/include-usage'
import { isSigned } from '../fetch/trace-headers'
import { followAnswer } from '../later/follow'
import { called } from '../later/memory'
import { fail, type LlmTapOptions } from '../options'
import { MAX_STRING } from '../response'
import type { Exchange, Head, Sending } from './calls'
import { bytesOf } from './piece'

export function isKnownByHead(protocol: ProtocolName, head: Head): boolean {
  return identifiableByHead(protocols[protocol], { url: head.url(), header: name => head.header(name) })
}

/** @param piece the first piece of the body. `undefined`: nothing of it is recorded */
export function openExchange(
  name: ProtocolName,
  sending: Sending,
  piece: string | Uint8Array,
  options: LlmTapOptions,
): Exchange | 'no call' | undefined {
  const protocol = protocols[name]
  const parent = context.active()
  const { captureContent, evaluation, tracer, began, repeats, ends, record } = options
  const content = captureContent !== 'off'
  const takeContent = protocol.apart ? undefined : evaluation?.choose?.()
  const url = sending.url()
  const header = (name: string) => sending.header(name)
  const callOptions = {
    tracer,
    content,
    takeContent,
    protocol,
    url,
    parent,
    began,
    repeats,
    ends,
    record,
    aborted: () => sending.aborted(),
    trouble: (error: unknown) => fail(options, error, 'http'),
  }
  const fields =
    content || takeContent ? { ...protocol.requestFields, ...protocol.requestContentFields } : protocol.requestFields
  const form = formReader(header('content-type'), fields, MAX_STRING)
  form?.push(bytesOf(piece))
  const body = form ? (form.complete ? form.value() : undefined) : readJson(piece, fields, MAX_STRING)
  if (body === undefined) {
    // The rest of the body follows later, so only the head is known before it is sent.
    if (!identifiableByHead(protocol, { url, header })) return 'no call'
    called(url.host)
    const parsed = protocol.request(undefined, url, header)
    const { guard } = options
    const isUnheld = parsed && name === 'bedrock-bidirectional'
    const call = new LlmCall(
      guard && isUnheld ? pass(guard, callOptions, name, parsed, '', 'bidirectional') : callOptions,
      { header, given: sending.given, parsed },
    )
    if (call.over) return undefined
    passTrace(sending, url, call.context, options)
    const reader = form ?? new JsonReader(fields, MAX_STRING)
    if (!form) reader.push(bytesOf(piece))
    call.tape?.sent(piece)
    return {
      call,
      sending(bytes) {
        call.tape?.sent(bytes)
        if (reader.complete) return
        reader.push(bytesOf(bytes))
        if (reader.complete) call.requestRead(reader.value(), protocol.request(reader.value(), url, header))
      },
    }
  }
  const parsed = protocol.request(body, url, header)
  if (!parsed) return 'no call'
  called(url.host)
  // Only the body identified the call, so another span has already started; the headers that it added are removed.
  if (sending.theirs) sending.without(propagation.fields())
  const admitting = options.guard && admit(options.guard, callOptions, name, parsed, piece)
  const call = new LlmCall(
    {
      ...(admitting?.callOptions ?? callOptions),
      ...(sending.theirs && { began: (_, ours) => unite(sending, protocol, ours, options) }),
    },
    { header, bytes: piece, given: sending.given, body, parsed },
  )
  passTrace(sending, url, call.context, options)
  const admission = admitting?.admission
  if (call.over && !admission) return undefined
  return { call, asking: asked(protocol, parsed, url, sending, piece, options), admission, sending() {} }
}

/** Adds `traceparent` if the host may receive it, and the request has none and is not signed. */
function passTrace(sending: Sending, url: URL, ours: SpanContext, options: LlmTapOptions): void {
  const header = (name: string) => sending.header(name)
  const traceparent = options.traceparent?.(url, ours)
  if (traceparent && header('traceparent') === null && !isSigned(url, header)) sending.adds('traceparent', traceparent)
}

/** Only for hosts known to support the option, because a refused request can't be sent again here. */
function asked(
  protocol: Protocol,
  parsed: ParsedRequest,
  url: URL,
  sending: Sending,
  piece: string | Uint8Array,
  { includeUsage }: LlmTapOptions,
): Asking | undefined {
  const asking = askingForUsage(protocol, parsed, url, piece, name => sending.header(name), includeUsage)
  if (!asking?.isKnown) return undefined
  return asking.isLater || sending.replaces(piece, asking.body) ? asking : undefined
}

/** Observes a request that fetches an answer requested earlier. */
export function openReading(
  sending: Sending,
  piece: string | Uint8Array | undefined,
  options: LlmTapOptions,
): Exchange | undefined {
  const { method, given } = sending
  const facts = { url: sending.url(), header: (name: string) => sending.header(name) }
  const call = followAnswer(facts, options, 'http', { method, given, bytes: piece })
  return call && { call, isPlain: true, sending: bytes => call.tape?.sent(bytes) }
}

/**
 * Links both spans of the call, so that they are merged. Operations that are no model call, such as reranking, become children of the plain
 * request.
 */
function unite({ theirs }: Sending, protocol: Protocol, ours: Span, options: LlmTapOptions): void {
  if (!isModelCall({ [ATTR_GEN_AI_OPERATION_NAME]: protocol.operation })) return
  theirs?.setAttribute(ATTR_GEN_AI_OPERATION_NAME, protocol.operation)
  options.began?.(theirs, ours)
}

/** SDKs generated by Stainless (OpenAI, Anthropic, Groq, Together …) identify themselves in a header. */
function identifiableByHead(protocol: Protocol, facts: RequestFacts): boolean {
  return protocol.identifiableByHead(facts) || facts.header('x-stainless-lang') !== null
}

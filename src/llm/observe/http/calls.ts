// LLM calls that go through node's own HTTP clients. Part of the start: the chunk that watches those clients, and the
// instrumentation of `http`, find out here what is an LLM call. They see a request while it is sent, head first.
import { context, propagation, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { ATTR_GEN_AI_OPERATION_NAME } from '../../../../semconv'
import type { Protocol, RequestFacts } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import { LlmCall } from '../call'
import type { LlmTapOptions } from '../options'
import { formReader } from '../wire/form'
import { JsonReader, readJson } from '../wire/json'
import { MAX_STRING } from '../wire/response'

/** The head of a request. */
export interface Head {
  /** With its query; a proxy's may be a whole URL. */
  readonly path: string
  url(): URL
  header(name: string): string | null
}

/** A request whose first bytes are about to be sent. */
export interface Sending extends Head {
  readonly method: string
  aborted(): boolean
  /** OpenTelemetry's own span of this request, where the head alone did not identify it. */
  readonly theirs: Span | undefined
  /** Takes headers out that are not sent yet. */
  without(names: string[]): void
}

export interface Exchange {
  readonly call: LlmCall
  /** A further piece of the request's body. */
  sending(piece: string | Uint8Array): void
}

export class HttpCalls {
  #live = true
  readonly #spans = new WeakMap<object, Span>()

  constructor(private readonly options: LlmTapOptions) {}

  /** From now on nothing new is followed. */
  release(): void {
    this.#live = false
  }

  /** A failure of ours; it does not reach the application. */
  trouble(error: unknown): void {
    this.options.onFailure(error, 'http')
  }

  /** By method and path alone; called for each request. */
  mayBe(method: string | undefined, path: string): boolean {
    return this.#live && method === 'POST' && protocolOf(path) !== undefined
  }

  /** Whether the head alone says that what may be an LLM call is one, which OpenTelemetry's instrumentation has to leave to us. */
  knows(head: Head): boolean {
    const protocol = protocolOf(head.path)
    return (
      protocol !== undefined && identifiableByHead(protocol, { url: head.url(), header: name => head.header(name) })
    )
  }

  /** OpenTelemetry made a span of a request that its head did not identify. */
  traced(request: object, span: Span): void {
    this.#spans.set(request, span)
  }

  spanOf(request: object): Span | undefined {
    return this.#spans.get(request)
  }

  /** @param piece of the body, the first; undefined where there is none */
  open(sending: Sending, piece: string | Uint8Array | undefined): Exchange | undefined {
    const protocol = this.mayBe(sending.method, sending.path) ? protocolOf(sending.path) : undefined
    const parent = context.active()
    if (!protocol || piece === undefined || isTracingSuppressed(parent)) return undefined
    const { captureContent, tracer, began, repeats } = this.options
    const content = captureContent !== 'off'
    const url = sending.url()
    const header = (name: string) => sending.header(name)
    const callOptions = {
      tracer,
      content,
      protocol,
      url,
      parent,
      ...(began && { began }),
      ...(repeats && { repeats }),
      aborted: () => sending.aborted(),
      trouble: (error: unknown) => this.trouble(error),
    }
    const fields = content ? { ...protocol.requestFields, ...protocol.requestContentFields } : protocol.requestFields
    const form = formReader(header('content-type'), fields, MAX_STRING)
    form?.push(bytesOf(piece))
    const body = form ? (form.complete ? form.value() : undefined) : readJson(piece, fields, MAX_STRING)
    if (body === undefined) {
      // The rest of the body follows, and the head is all that is known before it is sent.
      if (!identifiableByHead(protocol, { url, header })) return undefined
      const call = new LlmCall(callOptions, { header })
      if (call.over) return undefined
      const reader = form ?? new JsonReader(fields, MAX_STRING)
      if (!form) reader.push(bytesOf(piece))
      return {
        call,
        sending(bytes) {
          if (reader.complete) return
          reader.push(bytesOf(bytes))
          if (reader.complete) call.requestRead(reader.value(), protocol.request(reader.value(), url))
        },
      }
    }
    const parsed = protocol.request(body, url)
    if (!parsed) return undefined
    // Only the body identified the call, so another span began before; the headers that it wrote are not sent.
    if (sending.theirs) sending.without(propagation.fields())
    const call = new LlmCall(
      { ...callOptions, ...(sending.theirs && { began: (_, ours) => this.#unite(sending, protocol, ours) }) },
      { header, bytes: piece, body, parsed },
    )
    return call.over ? undefined : { call, sending() {} }
  }

  /** The two are one call, and leave as one. */
  #unite(sending: Sending, protocol: Protocol, ours: Span): void {
    sending.theirs?.setAttribute(ATTR_GEN_AI_OPERATION_NAME, protocol.operation)
    this.options.began?.(sending.theirs, ours)
  }
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece
}

function protocolOf(path: string): Protocol | undefined {
  const end = path.indexOf('?')
  const name = end < 0 ? path : path.slice(0, end)
  return protocols.find(protocol => protocol.path(name))
}

/** The SDKs made with Stainless (OpenAI, Anthropic, Groq, Together …) say so in a header. */
function identifiableByHead(protocol: Protocol, facts: RequestFacts): boolean {
  return protocol.identifiableByHead(facts) || facts.header('x-stainless-lang') !== null
}

// A piece of a body, from the arguments of `write` or `end`.

/** Undefined where there is none: `end(callback)`, or what the client will refuse. */
export function pieceOf(chunk: unknown, encoding: unknown): string | Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== 'string') return undefined
  const plain = typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)
  return plain ? chunk : Buffer.from(chunk, encoding as BufferEncoding)
}

// Wraps globalThis.fetch once, and follows the calls that are LLM calls. Called by startLlmTap().
import { context } from '@opentelemetry/api'
import { isTracingSuppressed, suppressTracing } from '@opentelemetry/core'
import { LlmCall } from '../call'
import type { LlmTapOptions } from '../options'
import { protocols } from '../protocols'
import type { HeaderOf, Protocol } from '../protocols/protocol'
import { JsonReader } from '../wire/json'
import { MAX_STRING } from '../wire/response'
import { type Watcher, watchResponse, watchStream } from './body'
import { type Candidate, candidate, documentOf, facts, readableBody } from './request'
import { withoutTraceHeaders } from './trace-headers'

type Fetch = typeof globalThis.fetch

export interface FetchTap {
  readonly fetch: Fetch
  /** From now on every call goes through untouched; others may still hold the function. */
  release(): void
}

export function tapFetch(original: Fetch, options: LlmTapOptions): FetchTap {
  let live = true
  let othersSeen = false
  const content = options.captureContent !== 'off'

  /** Never throws, and starts nothing for a fetch that is no LLM call. */
  function begin(input: unknown, init: RequestInit | undefined): LlmCall | undefined {
    try {
      const found = candidate(protocols, input, init)
      if (!found || isTracingSuppressed(context.active())) return undefined
      return start(found, init, content, options)
    } catch (error) {
      fail(options, error, 'request')
      return undefined
    }
  }

  function fetch(this: unknown, ...args: Parameters<Fetch>): ReturnType<Fetch> {
    const call = live ? begin(args[0], args[1]) : undefined
    if (!call) {
      if (!othersSeen) {
        othersSeen = true
        beforeOther(options)
      }
      return Reflect.apply(original, this, args)
    }
    const passed = argumentsWithout(args, options)
    let sent = false
    const send = () => {
      sent = true
      return Reflect.apply(original, this, passed)
    }
    let answer: ReturnType<Fetch>
    try {
      // Around the call only: the promise's continuations belong to the application, and keep its context.
      answer = context.with(suppressTracing(context.active()), send)
    } catch (error) {
      if (!sent)
        answer = send() // a context manager failed, not fetch
      else {
        finish(options, call, { by: 'error', error })
        throw error
      }
    }
    follow(answer, call, options)
    return answer
  }

  // Whatever others hung on the function stays visible, such as the mark by which Next.js knows its own wrapper.
  for (const key of Reflect.ownKeys(original)) {
    const known = Object.getOwnPropertyDescriptor(fetch, key)
    if (!known || known.configurable) {
      Object.defineProperty(fetch, key, Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor)
    }
  }
  return {
    fetch: fetch as Fetch,
    release: () => {
      live = false
    },
  }
}

function start(
  { protocol, url: address, request }: Candidate,
  init: RequestInit | undefined,
  content: boolean,
  options: LlmTapOptions,
): LlmCall | undefined {
  const url = urlOf(address)
  if (!url) return undefined // fetch will say so
  const fields = content ? { ...protocol.requestFields, ...protocol.requestContentFields } : protocol.requestFields
  const signal = init?.signal ?? request?.signal
  // Weakly: an AbortSignal may lead to the stream, and the stream has to stay collectable.
  const reference = signal instanceof AbortSignal ? new WeakRef(signal) : undefined
  const body = init?.body
  const asked = facts(url, init?.headers ?? request?.headers)
  const about = {
    tracer: options.tracer,
    ...(options.began && { began: options.began }),
    content,
    protocol,
    url,
    parent: context.active(),
    aborted: () => reference?.deref()?.aborted === true,
  }
  if (body !== undefined && body !== null) {
    const document = documentOf(body, fields)
    const told = document === undefined ? undefined : protocol.request(document, url)
    return told && new LlmCall(about, { header: asked.header, bytes: readableBody(body), body: document, told })
  }
  const stream = request?.body
  if (!request || !stream || request.bodyUsed || !protocol.vouched(asked)) return undefined
  const call = new LlmCall(about, asked)
  watchStream(stream, requestWatcher(call, protocol, url, new JsonReader(fields, MAX_STRING), options))
  return call
}

function urlOf(address: string): URL | undefined {
  try {
    return new URL(address)
  } catch {
    return undefined
  }
}

/** The body of a Request object can only be read while it is sent; it is known before the answer comes. */
function requestWatcher(
  call: LlmCall,
  protocol: Protocol,
  url: URL,
  reader: JsonReader,
  options: LlmTapOptions,
): Watcher {
  return {
    chunk(bytes) {
      reader.push(bytes)
      if (reader.complete) call.requestRead(reader.value(), protocol.request(reader.value(), url))
    },
    done() {},
    failed() {},
    left() {},
    trouble: error => fail(options, error, 'request body'),
  }
}

function beforeOther(options: LlmTapOptions): void {
  try {
    options.beforeOtherCall?.()
  } catch (error) {
    fail(options, error, 'HTTP client')
  }
}

function argumentsWithout(args: Parameters<Fetch>, options: LlmTapOptions): Parameters<Fetch> {
  try {
    return (withoutTraceHeaders(args[0], args[1], context.active()) ?? args) as Parameters<Fetch>
  } catch (error) {
    fail(options, error, 'headers')
    return args
  }
}

/** Our `then` is the first on the promise, so the Response is hooked before the application has it. */
function follow(answer: unknown, call: LlmCall, options: LlmTapOptions): void {
  if (!(answer instanceof Promise)) return finish(options, call, { by: 'consumer' })
  answer.then(
    response => {
      try {
        call.responded(response.status, lookup(response.headers))
        const watched = watchResponse(response, {
          chunk: bytes => call.chunk(bytes),
          done: () => call.end({ by: 'server' }),
          failed: error => call.end({ by: 'error', error }),
          left: forgotten => call.end({ by: 'consumer', forgotten }),
          trouble: error => fail(options, error, 'response body'),
        })
        // A body that is no web stream, as a polyfill may have, is nothing to call an early end.
        if (!watched) call.end({ by: response.body ? 'consumer' : 'server' })
      } catch (error) {
        fail(options, error, 'response')
        finish(options, call, { by: 'consumer' })
      }
    },
    error => finish(options, call, { by: 'error', error }),
  )
}

/** Made out here: a closure that holds the Response would keep it from being collected unread. */
function lookup(headers: Headers): HeaderOf {
  return name => headers.get(name)
}

function finish(options: LlmTapOptions, call: LlmCall, how: Parameters<LlmCall['end']>[0]): void {
  try {
    call.end(how)
  } catch (error) {
    fail(options, error, 'span')
  }
}

function fail(options: LlmTapOptions, error: unknown, where: string): void {
  try {
    options.onFailure(error, where)
  } catch {
    // the application's call goes on, whatever reports are worth
  }
}

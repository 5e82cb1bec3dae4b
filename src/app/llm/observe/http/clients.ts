// The hooks on Node's own HTTP clients and on the npm package undici, each of which is a chunk. The hooks for Node are loaded when the app
// first loads the module: the preload's hooks on `require` and `import` report that; afnNodeSDK(), which has none, loads them at once.
// undici reports each request on a diagnostics channel, and needs no hook on a module.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { loadChunk } from '../../../chunks'
import type { HttpCalls } from './calls'
import { httpInstrumentationConfig } from './hooks'
import type { UndiciRequest } from './undici-request'

const UNDICI_CREATE = 'undici:request:create'
const UNDICI_CONNECTED = 'undici:client:connected'

/** The options of its configuration that we use. */
export interface UndiciConfig {
  ignoreRequestHook?(request: UndiciRequest): boolean
  requestHook?(span: Span, request: UndiciRequest): void
}

type State = 'armed' | 'active' | 'failed'

export class HttpClients {
  readonly targets = ['http', 'https', 'http2']
  readonly states: { http: State; http2: State; undici: State } = { http: 'armed', http2: 'armed', undici: 'armed' }
  /** Configuration for OpenTelemetry's instrumentations, by their names. */
  readonly config

  readonly #onCreate = (message: unknown) => {
    try {
      // Node's own `fetch` also arrives here, with its tracing suppressed, because it already has a span
      if (isTracingSuppressed(context.active())) return
      const { request } = message as { request: UndiciRequest }
      const { method, path, upgrade, origin } = request
      if (this.#mayBe(request)) this.#undici().followRequest(this.calls, request)
      // the origin ends with its host, and parsing it would cost as much as everything else here
      else
        this.calls.isNone(
          typeof origin === 'string' ? origin.replace(/^.*\/\//, '') : origin.host,
          method,
          path,
          upgrade,
        )
    } catch (error) {
      this.calls.trouble(error)
    }
  }

  /** undici writes HTTP/2 through `node:http2`, whose hook ignores such connections because their calls already have spans. */
  readonly #onConnected = (message: unknown) => {
    try {
      this.calls.ownedByUndici((message as { socket: object }).socket)
    } catch (error) {
      this.calls.trouble(error)
    }
  }

  constructor(private readonly calls: HttpCalls) {
    this.config = { http: httpInstrumentationConfig(calls), undici: this.undiciConfig() }
    subscribe(UNDICI_CREATE, this.#onCreate)
    subscribe(UNDICI_CONNECTED, this.#onConnected)
  }

  stop(): void {
    unsubscribe(UNDICI_CREATE, this.#onCreate)
    unsubscribe(UNDICI_CONNECTED, this.#onConnected)
  }

  /**
   * Makes OpenTelemetry's instrumentation of undici skip LLM calls: such a call has one span, ours, and gets no trace headers.
   * @param before hooks that the app configured
   */
  undiciConfig(before: UndiciConfig = {}): UndiciConfig {
    return {
      // It may run before or after our own subscriber.
      ignoreRequestHook: request =>
        before.ignoreRequestHook?.(request) === true ||
        (!isTracingSuppressed(context.active()) && this.#follows(request)),
      requestHook: (span, request) => {
        before.requestHook?.(span, request)
        if (this.calls.mayBe(request.method, request.path)) this.calls.traced(request, span)
      },
    }
  }

  #mayBe({ method, path, upgrade }: UndiciRequest): boolean {
    return this.calls.mayBe(method, path) || this.calls.mayBeSocket(method, path, upgrade)
  }

  /** Whether the request is an LLM call. */
  #follows(request: UndiciRequest): boolean {
    try {
      return this.#mayBe(request) && this.#undici().followRequest(this.calls, request)
    } catch (error) {
      this.calls.trouble(error)
      return false
    }
  }

  #undici(): typeof import('./undici-request') {
    try {
      const chunk = loadChunk('llm-undici')
      this.states.undici = 'active'
      return chunk
    } catch (error) {
      this.states.undici = 'failed'
      throw error
    }
  }

  /**
   * Called when one of the targets is loaded or reloaded. Never throws.
   * @param namespace of the import that loads it, if it is an import
   */
  loads(target: string, namespace?: unknown): void {
    const client = target === 'http2' ? target : 'http'
    if (this.states[client] === 'failed') return
    try {
      if (client === 'http2') loadChunk('llm-http2').tapSessions(this.calls, namespace)
      else if (this.states.http === 'armed') loadChunk('llm-http').tapRequests(this.calls)
      this.states[client] = 'active'
    } catch (error) {
      this.states[client] = 'failed'
      this.calls.trouble(error)
    }
  }
}

// The hooks on node's own HTTP clients and on npm's undici: each is a chunk. Those on node's are read when the application
// first loads its module: the preload's hooks on `require` and `import` tell of that, and afnNodeSDK(), which has none, loads
// them at once. undici tells of each request on a diagnostics channel, and needs no hook on a module.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { context, type Span } from '@opentelemetry/api'
import { isTracingSuppressed } from '@opentelemetry/core'
import { loadChunk } from '../../../chunks'
import type { HttpCalls } from './calls'
import { leavesLlmCalls } from './stand-aside'
import type { UndiciRequest } from './undici-request'

const UNDICI_CREATE = 'undici:request:create'

/** What we use of its configuration. */
export interface UndiciConfig {
  ignoreRequestHook?(request: UndiciRequest): boolean
  requestHook?(span: Span, request: UndiciRequest): void
}

type State = 'armed' | 'active' | 'failed'

export class Mouths {
  readonly targets = ['http', 'https', 'http2']
  readonly states: { http: State; http2: State; undici: State } = { http: 'armed', http2: 'armed', undici: 'armed' }
  /** For OpenTelemetry's instrumentations, by their names. */
  readonly config

  readonly #onCreate = (message: unknown) => {
    try {
      this.#follows((message as { request: UndiciRequest }).request)
    } catch (error) {
      this.calls.trouble(error)
    }
  }

  constructor(private readonly calls: HttpCalls) {
    this.config = { http: leavesLlmCalls(calls), undici: this.undiciConfig() }
    subscribe(UNDICI_CREATE, this.#onCreate)
  }

  stop(): void {
    unsubscribe(UNDICI_CREATE, this.#onCreate)
  }

  /**
   * How OpenTelemetry's instrumentation of undici steps aside: an LLM call has one span, ours, and gets no trace headers.
   * @param before hooks that the application gave it
   */
  undiciConfig(before: UndiciConfig = {}): UndiciConfig {
    return {
      // It comes before or after our own subscriber.
      ignoreRequestHook: request => before.ignoreRequestHook?.(request) === true || this.#follows(request),
      requestHook: (span, request) => {
        before.requestHook?.(span, request)
        if (this.calls.mayBe(request.method, request.path)) this.calls.traced(request, span)
      },
    }
  }

  /** Whether the request is an LLM call. Node's own `fetch` comes here too, where its calls are suppressed: they have their span. */
  #follows(request: UndiciRequest): boolean {
    try {
      if (!this.calls.mayBe(request.method, request.path) || isTracingSuppressed(context.active())) return false
      return this.#undici().followRequest(this.calls, request)
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
   * One of the targets is loaded, or loaded again. Never throws.
   * @param namespace of the import that loads it, where it is an import
   */
  loads(target: string, namespace?: unknown): void {
    const mouth = target === 'http2' ? target : 'http'
    if (this.states[mouth] === 'failed') return
    try {
      if (mouth === 'http2') loadChunk('llm-http2').tapSessions(this.calls, namespace)
      else if (this.states.http === 'armed') loadChunk('llm-http').tapRequests(this.calls)
      this.states[mouth] = 'active'
    } catch (error) {
      this.states[mouth] = 'failed'
      this.calls.trouble(error)
    }
  }
}

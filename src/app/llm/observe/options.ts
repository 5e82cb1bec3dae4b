// Options of the tap, for fetch and the HTTP clients.
import type { Context, Span, SpanContext, Tracer } from '@opentelemetry/api'
import type { Chunks } from '../../chunks'
import type { EvaluationHook } from '../answered'
import type { ProtocolName, SocketProtocolName } from '../providers/paths'
import type { ParsedRequest, Protocol } from '../providers/protocol'
import type { Recorder } from '../record/recorder'
import type { Usage } from '../usage'
import type { Doc } from '../wire/json'

/** The code that observes calls, loaded with the first call. */
export type Observers = Chunks['llm-calls']

export interface LlmTapOptions {
  /** `off` creates no content attributes. Otherwise redaction happens later. */
  readonly captureContent: 'off' | 'redacted' | 'full'
  /**
   * The tap requests the usage of a stream if the app did not, and hides it from the app. `auto` does so only at hosts that are known to
   * support it. Default: `off`.
   */
  readonly includeUsage?: 'auto' | 'on' | 'off'
  /** Returns the recorder that writes calls to files, if the user enabled it; undefined if it could not be loaded. Must not throw. */
  readonly record?: (() => Recorder | undefined) | undefined
  readonly tracer: Tracer
  /** Chooses calls whose content is evaluated, independent of the capture setting. */
  readonly evaluation?: Pick<EvaluationHook, 'choose'> | undefined
  /** Receives the span that was active when a call started, and the call's own. */
  readonly began?: ((active: Span | undefined, ours: Span) => void) | undefined
  /** Receives the context of a failed call's span when a request repeats the call. */
  readonly repeats?: ((failed: SpanContext) => void) | undefined
  /** Receives a call's span right before it ends, and the usage that was written to it. */
  readonly ends?: ((ours: Span, counts: Usage) => void) | undefined
  /** The value of `traceparent` for a host that may receive it; undefined for any other. Unset if no host may. */
  readonly traceparent?: ((url: URL, ours: SpanContext) => string | undefined) | undefined
  /** Decides on each call before it is sent; set by the first `guard()`. */
  guard?: CallGuard | undefined
  /** Reports a failure of our own, for diagnostics. It has not reached the app. */
  onFailure(error: unknown, where: string): void
  /** Called once, before the first fetch that is not an LLM call, to instrument the HTTP client. */
  beforeOtherCall?(): void
}

export interface CallGuard {
  /** Undefined if a call may be sent at once. */
  open(call: GuardedCall): Admission | undefined
  /** Registers a call that can't be held, such as one on a WebSocket. @returns an observer of the call until its end, if one is needed */
  pass(call: GuardedCall, door: Door): Passing | undefined
  /** Whether messages on WebSockets and answers fetched later must be parsed. */
  readonly readsContent: boolean
  /** Receives the parsed content of a complete answer that was fetched by its id. */
  fetched(of: Pick<GuardedCall, 'protocol' | 'reader' | 'url'>, answer: unknown): void
}

export type Passing = Pick<Admission, 'answered' | 'ends'>

/** Transports on which calls can't be held. */
export type Door = 'websocket' | 'bidirectional'

/** A call that is about to be sent. */
export interface GuardedCall {
  readonly protocol: ProtocolName | SocketProtocolName
  /** Reads the body. */
  readonly reader: Protocol
  /** `gen_ai.provider.name` */
  readonly provider: string
  readonly url: URL
  readonly parsed: ParsedRequest
  /** The whole body; empty for a long message on a WebSocket, or a form that fetch serializes. */
  readonly body: string | Uint8Array
  /** For a message on a WebSocket: the parts that were parsed. */
  readonly document?: Doc | undefined
  readonly form?: FormData | undefined
  /** The app's active context. */
  readonly context: Context
}

export interface Admission {
  /** The error that the app gets instead of an answer; undefined if the call may be sent. Never rejects. */
  readonly decision: Promise<Error | undefined>
  /** Called when the call is sent. A call that ends before has no cost. */
  sent(): void
  /** Receives the parsed answer with its content before the call ends. Unset if the content is not needed. */
  readonly answered?: ((answer: unknown) => void) | undefined
  /** As `LlmTapOptions.ends`. */
  ends(ours: Span, counts: Usage): void
}

/** Reports a failure of our own. Never throws. */
export function fail(options: LlmTapOptions, error: unknown, where: string): void {
  try {
    options.onFailure(error, where)
  } catch {
    // the app's call continues, even if the report fails
  }
}

// The options of the tap, for fetch and for the HTTP clients alike.
import type { Context, Span, SpanContext, Tracer } from '@opentelemetry/api'
import type { Chunks } from '../../chunks'
import type { EvaluationHook } from '../answered'
import type { ProtocolName, SocketProtocolName } from '../providers/paths'
import type { ParsedRequest, Protocol } from '../providers/protocol'
import type { Recorder } from '../record/recorder'
import type { Usage } from '../usage'
import type { Doc } from '../wire/json'

/** What observes calls, loaded with the first. */
export type Observers = Chunks['llm-calls']

export interface LlmTapOptions {
  /** `off` builds no content attribute at all; redaction of the others comes downstream. */
  readonly captureContent: 'off' | 'redacted' | 'full'
  /**
   * The tap requests the counts of a stream where the application did not, and hides that from it. `auto` does so at hosts that
   * are known to support it. Default: `off`.
   */
  readonly includeUsage?: 'auto' | 'on' | 'off'
  /** Writes calls to files, where the user wants it; undefined where it could not be loaded. Must not throw. */
  readonly record?: (() => Recorder | undefined) | undefined
  readonly tracer: Tracer
  /** Wants the content of some calls, wherever content may go. */
  readonly evaluation?: Pick<EvaluationHook, 'choose'> | undefined
  /** Gets the span that was active when a call began, and the call's own. */
  readonly began?: ((active: Span | undefined, ours: Span) => void) | undefined
  /** Gets the span of a failed call, as its context names it, when a request repeats it. */
  readonly repeats?: ((failed: SpanContext) => void) | undefined
  /** Gets a call's own span right before it ends, and the counts that were written onto it. */
  readonly ends?: ((ours: Span, counts: Usage) => void) | undefined
  /** The value of `traceparent` for a call at a host that gets it; undefined at any other. Absent where none does. */
  readonly traceparent?: ((url: URL, ours: SpanContext) => string | undefined) | undefined
  /** Decides about each call before it is sent, from the first `guard()` on. */
  guard?: CallGuard | undefined
  /** A failure of ours, for diagnostics. It has not reached the application. */
  onFailure(error: unknown, where: string): void
  /** Called once, before the first fetch that is no LLM call: the time to instrument the HTTP client. */
  beforeOtherCall?(): void
}

export interface CallGuard {
  /** Undefined where a call may be sent at once. */
  open(call: GuardedCall): Admission | undefined
  /** A call that can't be held, such as one on a WebSocket. @returns who follows it to its end, if anybody does */
  pass(call: GuardedCall, door: Door): Passing | undefined
  /** Whether it looks into what is said on a WebSocket, and into answers that are fetched later. */
  readonly readsContent: boolean
  /** Gets what was read of a whole answer that was fetched by its id. */
  fetched(of: Pick<GuardedCall, 'protocol' | 'reader' | 'url'>, answer: unknown): void
}

export type Passing = Pick<Admission, 'answered' | 'ends'>

/** Where calls pass that can't be held. */
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
  /** All of it; empty where it is a long message on a WebSocket, or a form that fetch writes. */
  readonly body: string | Uint8Array
  /** Of a message on a WebSocket: what was read of it. */
  readonly document?: Doc | undefined
  readonly form?: FormData | undefined
  /** That the app calls in. */
  readonly context: Context
}

export interface Admission {
  /** What the app gets in place of an answer; undefined where the call may be sent. Never rejects. */
  readonly decision: Promise<Error | undefined>
  /** The call is sent. One that ends before has cost nothing. */
  sent(): void
  /** Gets what was read of a whole answer, with its content, before the call ends. Absent where nobody wants it. */
  readonly answered?: ((answer: unknown) => void) | undefined
  /** As `LlmTapOptions.ends`. */
  ends(ours: Span, counts: Usage): void
}

/** A failure of ours. Never throws. */
export function fail(options: LlmTapOptions, error: unknown, where: string): void {
  try {
    options.onFailure(error, where)
  } catch {
    // the application's call goes on, whatever reports are worth
  }
}

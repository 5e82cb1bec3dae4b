// Options of a call, set by the hook that sees its request.
import type { Context } from '@opentelemetry/api'
import type { TakeContent } from '../answered'
import type { HeaderOf, ParsedRequest, Protocol } from '../providers/protocol'
import type { Admission, LlmTapOptions } from './options'

export interface CallOptions extends Pick<LlmTapOptions, 'tracer' | 'began' | 'repeats' | 'ends' | 'record'> {
  /** Whether the span gets content attributes. */
  readonly content: boolean
  /** Also receives the content when the call ends. */
  readonly takeContent?: TakeContent | undefined
  /** Receives only the answer, whether the call is sampled or not. */
  readonly answered?: Admission['answered']
  readonly protocol: Protocol
  readonly url: URL
  readonly parent: Context
  /** Start time on the clock of `performance.now`, if it is earlier than now. */
  readonly since?: number | undefined
  /** Whether the application has aborted the request. */
  aborted(): boolean
  /** Reports a failure of our own. Must not throw. */
  trouble(error: unknown): void
}

export interface Readers {
  /** Whether a reader waits for the next bytes of the answer. */
  readonly waiting: boolean
  /** Whether a reader that read part of the answer has released it, and no other reader has taken it since. */
  readonly released?: boolean
}

/** What is known of the request when it is sent. */
export interface RequestInput {
  readonly header: HeaderOf
  readonly bytes?: string | Uint8Array | undefined
  /** The body that the application passed to fetch or undici. */
  readonly given?: unknown
  /** The part of the body that the protocol reads. */
  readonly body?: unknown
  readonly parsed?: ParsedRequest | undefined
}

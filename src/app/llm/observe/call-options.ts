// What a call is told when it begins, by whoever sees its request.
import type { Context } from '@opentelemetry/api'
import type { TakeContent } from '../answered'
import type { HeaderOf, ParsedRequest, Protocol } from '../providers/protocol'
import type { Admission, LlmTapOptions } from './options'

export interface CallOptions extends Pick<LlmTapOptions, 'tracer' | 'began' | 'repeats' | 'ends' | 'record'> {
  /** Whether content stands on the span. */
  readonly content: boolean
  /** Who gets it besides, at the end. */
  readonly takeContent?: TakeContent | undefined
  /** Who gets the answer alone, whether the call is sampled or not. */
  readonly answered?: Admission['answered']
  readonly protocol: Protocol
  readonly url: URL
  readonly parent: Context
  /** When it began, on the clock of `performance.now`, where that was before now. */
  readonly since?: number | undefined
  /** Whether the application has aborted the request. */
  aborted(): boolean
  /** A failure of our own. Must not throw. */
  trouble(error: unknown): void
}

export interface Readers {
  /** A reader waits for the next bytes of the answer. */
  readonly waiting: boolean
  /** Who read a part of the answer gave it back, and nobody has taken it since. */
  readonly released?: boolean
}

/** The request as far as it is known when it is sent. */
export interface RequestInput {
  readonly header: HeaderOf
  readonly bytes?: string | Uint8Array | undefined
  /** The body that the application passed to fetch or undici. */
  readonly given?: unknown
  /** The body as far as the protocol reads it. */
  readonly body?: unknown
  readonly parsed?: ParsedRequest | undefined
}

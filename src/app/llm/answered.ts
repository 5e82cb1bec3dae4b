// What a call was asked and what it answered, for who judges it in this process. It is on no span and leaves with none.
import type { SpanContext } from '@opentelemetry/api'
import type { Message } from './messages'
import type { Input, Protocol } from './providers/protocol'
import type { LlmSpan } from './spans/span'

export interface Content extends Input {
  readonly output: Message[]
}

/** Takes what was read of one call at its end. The protocol makes content of it, later or never. */
export type TakeContent = (
  of: SpanContext,
  protocol: Pick<Protocol, 'input' | 'output'>,
  request: unknown,
  answer: unknown,
) => void

/** Filled where there are evaluators; empty where there are none, so that nothing is read for them. */
export interface EvaluationHook {
  /** Asked before a call is sent. @returns who takes its content; undefined where nobody wants it */
  choose?: (() => TakeContent | undefined) | undefined
  /** A span on its way out: named, priced and counted, not redacted. Never throws. */
  ended?: ((span: LlmSpan & { readonly context: SpanContext; readonly merged: readonly string[] }) => void) | undefined
  /** Resolves when all that waits is judged, or when no judge is to be waited for. Never rejects. */
  flush?: (() => Promise<void>) | undefined
  /** The process ends: what still waits for a model is left out, also in the flush that follows. Never throws. */
  end?: (() => void) | undefined
}

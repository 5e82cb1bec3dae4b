// The content of a call and its answer, for evaluators in this process. It is never put on a span or exported.
import type { SpanContext } from '@opentelemetry/api'
import type { Message } from './messages'
import type { Input, Protocol } from './providers/protocol'
import type { LlmSpan } from './spans/span'

export interface Content extends Input {
  readonly output: Message[]
}

/** Receives the parsed content of a call when the call ends. The protocol converts it to messages only if needed. */
export type TakeContent = (
  of: SpanContext,
  protocol: Pick<Protocol, 'input' | 'output'>,
  request: unknown,
  answer: unknown,
) => void

/** The methods are set if there are evaluators. Otherwise the hook is empty, so that no content is parsed for evaluation. */
export interface EvaluationHook {
  /** Called before a request is sent. @returns the receiver of its content; undefined if no evaluator wants it */
  choose?: (() => TakeContent | undefined) | undefined
  /** Called with each finished span after it is named, priced and counted, but before redaction. Never throws. */
  ended?: ((span: LlmSpan & { readonly context: SpanContext; readonly merged: readonly string[] }) => void) | undefined
  /** Resolves once all waiting calls are evaluated, or if no evaluator has to be waited for. Never rejects. */
  flush?: (() => Promise<void>) | undefined
  /** Called when the process exits: evaluations that still wait for a model are dropped, also in the final flush. Never throws. */
  end?: (() => void) | undefined
}

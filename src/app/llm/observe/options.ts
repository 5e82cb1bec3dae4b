// The options of the tap, for fetch and for the HTTP clients alike.
import type { Span, SpanContext, Tracer } from '@opentelemetry/api'
import type { Chunks } from '../../chunks'
import type { Usage } from '../usage'

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
  readonly tracer: Tracer
  /** Gets the span that was active when a call began, and the call's own. */
  readonly began?: ((active: Span | undefined, ours: Span) => void) | undefined
  /** Gets the span of a failed call, as its context names it, when a request repeats it. */
  readonly repeats?: ((failed: SpanContext) => void) | undefined
  /** Gets a call's own span right before it ends, and the counts that were written onto it. */
  readonly ends?: ((ours: Span, counts: Usage) => void) | undefined
  /** A failure of ours, for diagnostics. It has not reached the application. */
  onFailure(error: unknown, where: string): void
  /** Called once, before the first fetch that is no LLM call: the time to instrument the HTTP client. */
  beforeOtherCall?(): void
}

/** A failure of ours. Never throws. */
export function fail(options: LlmTapOptions, error: unknown, where: string): void {
  try {
    options.onFailure(error, where)
  } catch {
    // the application's call goes on, whatever reports are worth
  }
}

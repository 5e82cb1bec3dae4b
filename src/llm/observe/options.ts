// The options of the tap, for fetch and for the HTTP clients alike.
import type { Span, SpanContext, Tracer } from '@opentelemetry/api'

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
  began?(active: Span | undefined, ours: Span): void
  /** Gets the span of a failed call, as its context names it, when a request repeats it. */
  repeats?(failed: SpanContext): void
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

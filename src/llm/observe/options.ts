// What whoever starts the tap has to say, for fetch and for the HTTP clients alike.
import type { Span, Tracer } from '@opentelemetry/api'

export interface LlmTapOptions {
  /** `off` builds no content attribute at all; redaction of the others comes downstream. */
  readonly captureContent: 'off' | 'redacted' | 'full'
  /**
   * Streams whose counts the application did not ask for are asked for them; it does not see that. `auto` asks hosts that are
   * known to understand. Default: `off`.
   */
  readonly includeUsage?: 'auto' | 'on' | 'off'
  readonly tracer: Tracer
  /** Told the span that was active when a call began, and the call's own. */
  began?(active: Span | undefined, ours: Span): void
  /** Told the span of a failed call when a request repeats it. */
  repeats?(failed: Span): void
  /** A failure of ours, for diagnostics. It has not reached the application. */
  onFailure(error: unknown, where: string): void
  /** Told once, before the first fetch that is no LLM call: the time to instrument the HTTP client. */
  beforeOtherCall?(): void
}

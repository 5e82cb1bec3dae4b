// What is recorded, from its request on.
import type { Recording } from './recording'
import type { Redact } from './redact-answer'

/** What passes of something that is recorded. */
export interface Taped {
  end(how: { readonly by: 'server' | 'consumer' | 'error'; readonly error?: unknown }): void
  /** What is written of it, if anything. Yields between two parts of the work. */
  recording(content: Recording['content'], redact: Redact): Generator<void, Recording | undefined>
}

/** A request as its observer has it. */
export interface Asked {
  /** POST, where there is none. */
  readonly method?: string | undefined
  readonly url: URL
  header(name: string): string | null | undefined
  readonly bytes?: string | Uint8Array | undefined
  /** The body that the app passed to fetch or undici. */
  readonly given?: unknown
}

// An item that is recorded, from its request on.
import type { Recording } from './recording'
import type { Redact } from './redact-answer'

/** Records a call or a session. */
export interface Taped {
  end(how: { readonly by: 'server' | 'consumer' | 'error'; readonly error?: unknown }): void
  /** Creates the recording, if there is one. Yields between parts of the work. */
  recording(content: Recording['content'], redact: Redact): Generator<void, Recording | undefined>
}

/** The request as its observer sees it. */
export interface Asked {
  /** Default: POST. */
  readonly method?: string | undefined
  readonly url: URL
  header(name: string): string | null | undefined
  readonly bytes?: string | Uint8Array | undefined
  /** The body that the app passed to fetch or undici. */
  readonly given?: unknown
}

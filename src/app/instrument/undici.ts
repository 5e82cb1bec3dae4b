// Chunk `instrument-undici`: OpenTelemetry's, with its subscribers guarded. Node reports what a subscriber of a diagnostics
// channel throws as an uncaught exception, so that a failure in one would end the app.
import { UndiciInstrumentation as Upstream } from '@opentelemetry/instrumentation-undici'

type Subscriber = (message: unknown, name: string | symbol) => void

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  getConfig(): { readonly onFailure?: (error: unknown) => void }
  subscribeToChannel(channel: string, onMessage: Subscriber): void
}

export class UndiciInstrumentation extends (Upstream as unknown as typeof Internals) {
  override subscribeToChannel(channel: string, onMessage: Subscriber): void {
    super.subscribeToChannel(channel, (message, name) => {
      try {
        onMessage(message, name)
      } catch (error) {
        this.getConfig().onFailure?.(error)
      }
    })
  }
}

// Loggers for an app whose own SDK may come later, as `LateTracerProvider` has tracers: who got one early would else write its log
// records to a provider that has ended.
import { type Logger, type LoggerProvider, logs } from '@opentelemetry/api'

/** Of the SDK's class, which apps know behind the API's type. */
interface Ends {
  forceFlush?(): Promise<void>
  shutdown?(): Promise<void>
}

export class LateLoggerProvider implements LoggerProvider, Ends {
  #own: (LoggerProvider & Ends) | undefined

  constructor(own: LoggerProvider & Ends) {
    this.#own = own
  }

  /** From now on log records go to who is registered, as they would without us. */
  release(): void {
    this.#own = undefined
  }

  async forceFlush(): Promise<void> {
    await this.#own?.forceFlush?.()
  }

  async shutdown(): Promise<void> {
    await this.#own?.shutdown?.()
  }

  getLogger(...scope: Parameters<LoggerProvider['getLogger']>): Logger {
    let provider: LoggerProvider | undefined
    let logger: Logger | undefined
    const current = (): Logger => {
      const now = this.#own ?? logs.getLoggerProvider()
      if (logger === undefined || provider !== now) {
        provider = now
        logger = now.getLogger(...scope)
      }
      return logger
    }
    return {
      emit: record => current().emit(record),
      // an SDK of another version may have none
      enabled: options => current().enabled?.(options) ?? true,
    }
  }
}

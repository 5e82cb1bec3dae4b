// A provider of loggers as OpenTelemetry's global, through the API of whoever starts it. Loggers have two globals: the API's since 1.10,
// and that of `@opentelemetry/api-logs`, which SDKs and libraries before 3.0 use.
import type { LoggerProvider, logs } from '@opentelemetry/api'
import { logs as older } from '@opentelemetry/api-logs'

/** What both have, but for what `setGlobalLoggerProvider()` gives back. */
interface GlobalLogs extends Pick<typeof logs, 'getLoggerProvider' | 'disable'> {
  setGlobalLoggerProvider(provider: LoggerProvider): unknown
}

export class GlobalLoggers {
  readonly #ours: LoggerProvider
  readonly #globals: readonly GlobalLogs[]
  /** Ours, or who came first. */
  readonly #before: readonly LoggerProvider[]

  /** @param newer absent in an API before 1.10 */
  constructor(ours: LoggerProvider, newer: GlobalLogs | undefined) {
    this.#ours = ours
    this.#globals = [...(newer ? [newer] : []), older as GlobalLogs]
    this.#before = this.#globals.map(global => this.#register(global))
  }

  /** After the start of NodeSDK. @returns whether all log records come to ours */
  settle(): boolean {
    const now = this.#globals.map((global, at) => {
      if (global.getLoggerProvider() === this.#before[at]) return this.#before[at]
      // the preload's made room, and NodeSDK has put one there that has no processor
      global.disable()
      return this.#register(global)
    })
    return now.every(provider => provider === this.#ours)
  }

  disable(): void {
    for (const global of this.#globals) if (global.getLoggerProvider() === this.#ours) global.disable()
  }

  #register(global: GlobalLogs): LoggerProvider {
    global.setGlobalLoggerProvider(this.#ours)
    return global.getLoggerProvider()
  }
}

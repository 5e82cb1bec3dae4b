// Records an uncaught exception as a log record. Where that ends the process at once, it leaves by the spool.
// docs/decisions/0070
import { context, logs, SeverityNumber } from '@opentelemetry/api'
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions'
import { slot } from '../runtime'
import { aroundEmit } from './emit'

/**
 * Sees the exception and changes nothing: the app's own handlers and the exit code stay what they are.
 * @param isRunning whether the global logger provider is ours
 * @param onCrash the process ends now, unless the app handles the exception
 */
export function recordCrashes(version: string, isRunning: () => boolean, onCrash: () => void): void {
  aroundEmit({
    uncaughtExceptionMonitor([error, origin], pass) {
      try {
        onCrash()
        if (isRunning()) {
          const from = slot().uncaught?.(error) ?? context.active()
          context.with(from, () => record(error, String(origin), version))
        }
      } catch {
        // the process is about to end with the app's own error; that one is to be seen
      }
      return pass()
    },
  })
}

function record(error: unknown, origin: string, version: string): void {
  const thrown: Partial<Error> = error instanceof Error ? error : { message: String(error) }
  logs.getLogger('@afn/otel', version).emit({
    eventName: 'exception',
    severityNumber: SeverityNumber.FATAL,
    severityText: 'FATAL',
    body: origin,
    attributes: {
      [ATTR_EXCEPTION_TYPE]: thrown.name ?? typeof error,
      [ATTR_EXCEPTION_MESSAGE]: thrown.message ?? '',
      [ATTR_EXCEPTION_STACKTRACE]: thrown.stack ?? '',
    },
  })
}

// OpenTelemetry's API as every bundle has it, in the place of `@opentelemetry/api` (a substitution of the build): the code of 1.9 with
// what 1.10 has added. A copy finds providers that were registered through its own minor version or a later one, so that one of 1.10
// would find nothing in an app whose SDK registers through 1.9 (decision 122).
import type { logs as api, LoggerProvider } from '@opentelemetry/api'
import { logs as before } from '@opentelemetry/api-logs'

export { createNoopLogger, SeverityNumber } from '@opentelemetry/api-logs'
export * from 'opentelemetry-api-1.9'

const registered = () =>
  (globalThis as { [key: symbol]: { logs?: LoggerProvider } | undefined })[Symbol.for('opentelemetry.js.api.1')]?.logs

/** Loggers have two globals: the API's since 1.10, and that of `@opentelemetry/api-logs`, where SDKs before 3.0 register theirs. */
export const logs: Pick<typeof api, 'getLogger' | 'getLoggerProvider'> = {
  getLoggerProvider: () => registered() ?? (before.getLoggerProvider() as LoggerProvider),
  getLogger: (...scope) => logs.getLoggerProvider().getLogger(...scope),
}

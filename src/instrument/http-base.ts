// Stands in for @opentelemetry/instrumentation inside the chunk `instrument-http` (by a plugin of the build).
export * from '@opentelemetry/instrumentation'
export { safeExecuteInTheMiddle } from './execute'

/**
 * `@afn/otel/fetch`: LLM calls in runtimes that have `fetch` and none of Node's modules (Workers, edge functions, Deno, Bun, service workers).
 */
export type { ExecutionContext } from './event'
export { type Bindings, type Handlers, instrument } from './handler'
export type { AsyncStorageClass, OtelOptions, Protocols, RedactorOptions, SpanRedactor } from './options'
export { createOtel, type Otel } from './otel'

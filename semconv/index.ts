/**
 * `@afn/otel/semconv`: the names that this distribution emits, as constants. Imports nothing, so it is safe in a browser
 * bundle. Every file beside this one is generated from `registry/`.
 */
export * from './attributes'
export * from './events'
export * from './metrics'
export * from './types'

/** `@afn/otel/next`: Next.js, and the way of a page's telemetry for any framework. */
export { feedbackTarget } from './feedback-target'
export { onRequestError, register, traceparentMetadata } from './instrumentation'
export { observabilityMiddleware } from './middleware'
export { type OtlpHandlerOptions, otlpHandler } from './otlp-handler'
export { type HealthRouteOptions, healthRoute, otlpRoute } from './route'

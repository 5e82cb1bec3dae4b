/**
 * `@afn/otel/browser`: sessions, errors, Web Vitals, interactions and requests of a page as OTLP, redacted before they leave.
 * `initializeMonitor()` starts all of it; who wants a part imports it from `@afn/otel/browser/core`.
 */
export { captureError, recordCustomEvent } from './capture'
export { flush } from './delivery'
export { type Feedback, recordFeedback } from './feedback'
export { initializeMonitor, initializeSessionTracking } from './initialize'
export { monitor } from './monitor'
export type { MonitorOptions } from './options'
export type { Attributes, AttributeValue, SpanContext } from './otlp'
export { type Span, type SpanOptions, startSpan, withSpan } from './span'
export { setConsent, setUserId } from './start'

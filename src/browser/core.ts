/**
 * `@afn/otel/browser/core`: the features of `@afn/otel/browser` one by one, for those who choose:
 * `startMonitor({}, [errors, offlineQueue])`. Nothing in it is lazy, and a bundler leaves out what isn't named.
 */
export { captureError, recordCustomEvent } from './capture'
export { flush } from './delivery'
export { allNavigations as navigations } from './features/all-navigations'
export { beacon } from './features/beacon'
export { compression } from './features/compression'
export { errors } from './features/errors'
export { fingerprints } from './features/fingerprints'
export { clicks, scrollDepth, submits } from './features/interactions'
export { cspReports, resourceErrors } from './features/load-errors'
export { offlineQueue } from './features/offline-queue'
export { fetchSpans, xhrSpans } from './features/requests'
export { sessionEvents } from './features/session-events'
export { streams } from './features/streams'
export { longFrames, navigationTiming, resourceTiming } from './features/timing'
export { webVitals } from './features/web-vitals'
export { monitor } from './monitor'
export type { Feature, MonitorOptions } from './options'
export type { Attributes, AttributeValue, SpanContext } from './otlp'
export { type Span, type SpanOptions, startSpan, withSpan } from './span'
export { setConsent, setUserId, startMonitor } from './start'

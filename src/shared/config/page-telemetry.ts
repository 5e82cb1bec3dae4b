// Which requests bring the telemetry of pages. Traced, each would be a trace of its own, of several spans.

/** Where `@afn/otel/browser` sends to, on any base: `/api/otel/v1/logs`. */
const PLACE = /\/otel\/v1\/(?:logs|traces)$/

/** @param path of the request, with or without its query */
export const isPageTelemetry = (method: unknown, path: unknown): boolean =>
  method === 'POST' && typeof path === 'string' && PLACE.test(path.split('?', 1)[0]!)

/** For the app's `instrumentation.ts`: `export { onRequestError, register } from '@afn/otel/next'`. */
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api'

/** Starts the distribution in the Node runtime; in the edge runtime there is none to start. */
export async function register(): Promise<void> {
  const { env } = process
  if (env.NEXT_RUNTIME === 'edge') return
  // Next.js would put a span of its own around each call of fetch, which has one of ours
  env.NEXT_OTEL_FETCH_DISABLED ??= '1'
  // not by the bundler: the preload reads its files from the package
  const name = '@afn/otel'
  await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ name)
}

interface RequestInfo {
  readonly path: string
  readonly method: string
}
interface ErrorContext {
  readonly routerKind: string
  readonly routePath: string
  readonly routeType: string
  readonly renderSource?: string
  readonly revalidateReason?: string
}

/** Records what a route, a page or a server action threw, in the span that runs, or in one of its own. */
export function onRequestError(error: unknown, request: RequestInfo, context: ErrorContext): void {
  const active = trace.getActiveSpan()
  const span =
    active?.isRecording() === true
      ? active
      : trace.getTracer('@afn/otel/next').startSpan(`${request.method} ${context.routePath}`)
  span.setAttributes({
    'http.request.method': request.method,
    'http.route': context.routePath,
    'next.router_kind': context.routerKind,
    'next.route_type': context.routeType,
    ...(context.renderSource && { 'next.render_source': context.renderSource }),
  })
  span.recordException(error instanceof Error ? error : String(error))
  span.setStatus({ code: SpanStatusCode.ERROR })
  if (span !== active) span.end()
}

/**
 * The trace of the request that renders the page, for `generateMetadata`: `{ other: traceparentMetadata() }` becomes
 * `<meta name="traceparent">`, and the browser's records of the load join it.
 */
export function traceparentMetadata(): Record<string, string> {
  const active = trace.getActiveSpan()?.spanContext()
  if (!active?.spanId) return {}
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return { traceparent: carrier.traceparent ?? `00-${active.traceId}-${active.spanId}-0${active.traceFlags & 1}` }
}

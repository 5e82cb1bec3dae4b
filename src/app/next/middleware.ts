/**
 * For `middleware.ts` or `proxy.ts`, in the edge and the Node runtime: a request without a trace gets one, which the page
 * learns by `Server-Timing`.
 */
import { isSpanContextValid, trace } from '@opentelemetry/api'

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

const hex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), byte => byte.toString(16).padStart(2, '0')).join('')

/** The trace that the request came with; or the one that Next.js has begun for it, which the edge runtime can't see; or a new one. */
function traceparentOf(request: Request): string {
  const traceparent = request.headers.get('traceparent') ?? ''
  if (TRACEPARENT.test(traceparent)) return traceparent
  const active = trace.getActiveSpan()?.spanContext()
  const { traceId, spanId } = active && isSpanContextValid(active) ? active : { traceId: hex(16), spanId: hex(8) }
  return `00-${traceId}-${spanId}-01`
}

/**
 * Goes on with the request, as `NextResponse.next()` does, under a `traceparent`.
 * @returns a response of Next.js' kind, to which you may add headers
 */
export function observabilityMiddleware(request: Request): Response {
  const traceparent = traceparentOf(request)
  const headers = new Headers({
    'x-middleware-next': '1',
    'server-timing': `traceparent;desc="${traceparent}"`,
  })
  // how NextResponse.next({ request: { headers } }) says which headers the request goes on with
  const names: string[] = []
  const passOn = new Headers(request.headers)
  passOn.set('traceparent', traceparent)
  passOn.forEach((value, name) => {
    names.push(name)
    headers.set(`x-middleware-request-${name}`, value)
  })
  headers.set('x-middleware-override-headers', names.join())
  return new Response(null, { headers })
}

/**
 * For `middleware.ts` or `proxy.ts`, in the edge and the Node runtime: a request without a trace gets one, which the page
 * learns by `Server-Timing`. Imports nothing.
 */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

const hex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), byte => byte.toString(16).padStart(2, '0')).join('')

/**
 * Goes on with the request, as `NextResponse.next()` does, under a `traceparent`.
 * @returns a response of Next.js' kind, to which you may add headers
 */
export function observabilityMiddleware(request: Request): Response {
  const given = request.headers.get('traceparent') ?? ''
  const traceparent = TRACEPARENT.test(given) ? given : `00-${hex(16)}-${hex(8)}-01`
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

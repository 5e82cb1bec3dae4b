// Answers CORS requests: may a page of another origin send telemetry here? https://fetch.spec.whatwg.org/#http-cors-protocol
import type { IncomingMessage } from 'node:http'

/** A preflight request; it carries no token. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] === 'POST'

/** The headers for a request from an allowed origin. */
export function corsHeaders(request: IncomingMessage): Record<string, string> {
  const { headers } = request
  const allowed = { 'access-control-allow-origin': headers.origin ?? '', vary: 'origin' }
  if (!isPreflight(request)) return allowed
  return {
    ...allowed,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type',
    'access-control-max-age': '600',
    // lets a public page reach this machine
    ...(headers['access-control-request-private-network'] && { 'access-control-allow-private-network': 'true' }),
  }
}

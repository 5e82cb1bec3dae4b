// What both sides of HTTP say of a request, as OpenTelemetry's instrumentation 0.301 says it: it exports none of its functions.
import type { IncomingMessage } from 'node:http'
import type { Attributes } from '@opentelemetry/api'
import { ATTR_HTTP_REQUEST_METHOD, HTTP_REQUEST_METHOD_VALUE_OTHER } from '@opentelemetry/semantic-conventions'

/** What a server's span is made of: a request of HTTP/1, or the head of a stream of HTTP/2. */
export type ServedRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'httpVersion'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress' | 'remotePort'>
}

export type Scheme = 'http' | 'https'

/** Of RFC 9110, RFC 5789 and draft-ietf-httpbis-safe-method-w-body. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])

/** `http.request.method`. */
export function knownMethod(method: string | undefined | null): string {
  const upper = (method ?? 'GET').toUpperCase()
  return METHODS.has(upper) ? upper : HTTP_REQUEST_METHOD_VALUE_OTHER
}

/** What the name of a span begins with: `HTTP` for what is no known method, since anybody can make one up. */
export const methodName = ({ [ATTR_HTTP_REQUEST_METHOD]: method }: Attributes): string =>
  method === HTTP_REQUEST_METHOD_VALUE_OTHER ? 'HTTP' : String(method)

/** Parameters of a query whose values are signatures or keys. */
const SECRETS = [
  'sig',
  'Signature',
  'AWSAccessKeyId',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
]

/** Whether a query, without its `?`, has one of them. */
export const SECRET_QUERY = new RegExp(`(?:^|&)(?:${SECRETS.join('|')})=`)

/** The query with every secret masked, written out anew. */
export function maskedQuery(query: string | URLSearchParams): string {
  const parameters = new URLSearchParams(query)
  for (const name of SECRETS) if (parameters.has(name)) parameters.set(name, 'REDACTED')
  return parameters.toString()
}

export type Header = string | number | readonly string[] | undefined

/**
 * Attributes of the headers that the settings name: `http.request.header.NAME`, a list of its values.
 * @param names of headers, in any case
 */
export function headerCapture(side: 'request' | 'response', names: readonly string[]) {
  const keys = [...new Set(names.map(name => name.toLowerCase()))].map(name => [name, `http.${side}.header.${name}`])
  return (headerOf: (name: string) => Header): Attributes => {
    const attributes: Attributes = {}
    for (const [name, key] of keys as [string, string][]) {
      const value = headerOf(name)
      if (value !== undefined) attributes[key] = (Array.isArray(value) ? value : [value]) as string[]
    }
    return attributes
  }
}

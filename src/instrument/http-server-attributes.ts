// What a server's span says of a request. Most requests have a plain path, a plain query and a Host header that was seen before: of
// these it is read directly. All others are for OpenTelemetry's function, which parses URLs, and which the first request for
// each Host goes through, so that both say the same.
import type { IncomingMessage } from 'node:http'
import { type Attributes, diag } from '@opentelemetry/api'
import { getIncomingRequestAttributes } from '@opentelemetry/instrumentation-http/build/src/utils'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'

export type Scheme = 'http' | 'https'

/** What the Host header of a request says. */
interface Place {
  readonly address: string
  readonly port: number | undefined
}

/** Who asks can write any Host. */
const mostPlaces = 64
const places = { http: new Map<string, Place>(), https: new Map<string, Place>() }

const plainMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
/** What the URL standard leaves as it is, once segments of dots are ruled out. */
const PLAIN_PATH = /^\/[\w~:@!$&()*+,;=./-]*$/
const DOTS = /\/\.|^\/\//
/** What comes out of URLSearchParams as it went in. */
const PLAIN_QUERY = /^[\w.*+-]+=[\w.*+-]*(?:&[\w.*+-]+=[\w.*+-]*)*$/
/** OpenTelemetry masks the values of these. */
const MASKED = /(?:^|&)(?:sig|Signature|AWSAccessKeyId|X-Goog-Signature)=/
const logger = diag.createComponentLogger({ namespace: '@opentelemetry/instrumentation-http' })

export function serverAttributes(request: IncomingMessage, scheme: Scheme): Attributes {
  const { headers } = request
  const place = headers.host === undefined ? undefined : places[scheme].get(headers.host)
  const read = place && plainAttributes(request, scheme, place)
  if (read) return read
  const attributes = getIncomingRequestAttributes(
    request,
    { component: scheme, enableSyntheticSourceDetection: false },
    logger,
  )
  if (!place && headers.host !== undefined && !isForwarded(request)) remember(scheme, headers.host, attributes)
  return attributes
}

function remember(scheme: Scheme, host: string, attributes: Attributes): void {
  const { [ATTR_SERVER_ADDRESS]: address, [ATTR_SERVER_PORT]: port, [ATTR_URL_PATH]: path } = attributes
  // without a path the Host is none that a URL can have
  if (typeof address !== 'string' || path === undefined) return
  if (places[scheme].size >= mostPlaces) places[scheme].clear()
  places[scheme].set(host, { address, port: typeof port === 'number' ? port : undefined })
}

function isForwarded({ headers }: IncomingMessage): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers.forwarded !== undefined ||
    headers['x-forwarded-host'] !== undefined
  )
}

/** @returns undefined where something is not plain */
function plainAttributes(request: IncomingMessage, scheme: Scheme, place: Place): Attributes | undefined {
  const { method, url, headers, socket, httpVersion } = request
  if (method === undefined || url === undefined || !plainMethods.has(method) || isForwarded(request)) return undefined
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  if (!PLAIN_PATH.test(path) || DOTS.test(path)) return undefined
  const query = mark < 0 ? '' : url.slice(mark + 1)
  if (query !== '' && (!PLAIN_QUERY.test(query) || MASKED.test(query))) return undefined
  const { remoteAddress, remotePort } = socket
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_SERVER_ADDRESS]: place.address,
    [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
    [ATTR_URL_PATH]: path,
  }
  // of a connection that is gone there is none
  if (remoteAddress !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = remoteAddress
    if (remoteAddress !== '') attributes[ATTR_CLIENT_ADDRESS] = remoteAddress
  }
  if (remotePort !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = remotePort
  if (headers['user-agent'] !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = headers['user-agent']
  if (query !== '') attributes[ATTR_URL_QUERY] = query
  if (place.port !== undefined) attributes[ATTR_SERVER_PORT] = place.port
  return attributes
}

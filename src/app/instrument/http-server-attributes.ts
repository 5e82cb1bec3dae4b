// What a server's span says of a request. Most requests have a plain path, a plain query and a Host header that was seen before: of
// these it is read directly. All others are parsed, and so is the first request for each Host, so that both say the same.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
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
import { clientAddress, serverPlace } from './forwarded'
import { knownMethod, maskedQuery, type Scheme, SECRET_QUERY, type ServedRequest } from './http-attributes'

/** What the Host header of a request says. */
interface HostAndPort {
  readonly address: string
  readonly port: number | undefined
}

/** Who asks can write any Host. */
const mostPlaces = 64
const places = { http: new Map<string, HostAndPort>(), https: new Map<string, HostAndPort>() }

const plainMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
/** What the URL standard leaves as it is, once segments of dots are ruled out. */
const PLAIN_PATH = /^\/[\w~:@!$&()*+,;=./-]*$/
const DOTS = /\/\.|^\/\//
/** What comes out of URLSearchParams as it went in. */
const PLAIN_QUERY = /^[\w.*+-]+=[\w.*+-]*(?:&[\w.*+-]+=[\w.*+-]*)*$/

export function serverAttributes(request: ServedRequest, scheme: Scheme): Attributes {
  const { headers } = request
  const place = headers.host === undefined ? undefined : places[scheme].get(headers.host)
  const read = place && plainAttributes(request, scheme, place)
  if (read) return read
  const attributes = parsedAttributes(request, scheme)
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

function isForwarded({ headers }: ServedRequest): boolean {
  return (
    headers['x-forwarded-for'] !== undefined ||
    headers.forwarded !== undefined ||
    headers['x-forwarded-host'] !== undefined
  )
}

/** @returns undefined where something is not plain */
function plainAttributes(request: ServedRequest, scheme: Scheme, place: HostAndPort): Attributes | undefined {
  const { method, url, headers, socket, httpVersion } = request
  if (method === undefined || url === undefined || !plainMethods.has(method) || isForwarded(request)) return undefined
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  if (!PLAIN_PATH.test(path) || DOTS.test(path)) return undefined
  const query = mark < 0 ? '' : url.slice(mark + 1)
  if (query !== '' && (!PLAIN_QUERY.test(query) || SECRET_QUERY.test(query))) return undefined
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

function parsedAttributes(request: ServedRequest, scheme: Scheme): Attributes {
  const { method, headers, socket, httpVersion } = request
  const known = knownMethod(method)
  const { pathname, search } = urlOf(request, scheme) ?? {}
  const server = serverPlace(headers, scheme)
  const client = clientAddress(headers) ?? (socket.remoteAddress || undefined)
  return {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_SERVER_ADDRESS]: server?.host,
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
    [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
    [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
    [ATTR_USER_AGENT_ORIGINAL]: headers['user-agent'],
    ...(pathname !== undefined && { [ATTR_URL_PATH]: pathname }),
    ...(search && { [ATTR_URL_QUERY]: maskedQuery(search.slice(1)) }),
    ...(client !== undefined && { [ATTR_CLIENT_ADDRESS]: client }),
    ...(server?.port !== undefined && { [ATTR_SERVER_PORT]: Number(server.port) }),
    ...(method !== known && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method }),
  }
}

/** @returns undefined where Host and path make none */
function urlOf({ url = '/', headers }: ServedRequest, scheme: Scheme): URL | undefined {
  try {
    return new URL(url, `${scheme}://${headers.host || 'localhost'}`)
  } catch {
    return undefined
  }
}

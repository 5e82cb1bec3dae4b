// What a request that is sent asks for, read from the arguments of `request()` as Node reads them, and what its span says of that.
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions'
import { knownMethod, maskedQuery, type Scheme } from './http-attributes'

/** @returns undefined for arguments that Node refuses */
export function readRequest([first, second]: readonly unknown[], scheme: Scheme): RequestOptions | undefined {
  const options = optionsOf(first, typeof second === 'object' ? second : undefined, scheme)
  if (!options) return undefined
  const { agent, defaultPort = agent ? (agent as RequestOptions).defaultPort : undefined } = options
  if (!options.port && defaultPort !== (scheme === 'https' ? 443 : 80)) options.port = defaultPort
  return options
}

function optionsOf(first: unknown, more: object | null | undefined, scheme: Scheme): RequestOptions | undefined {
  if (typeof first === 'string') return first ? { ...ofText(first), ...more } : undefined
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return undefined
  // Node takes what the app has put on the object
  if (isUrl(first)) return { ...ofUrl(new URL(first.href)), ...first, ...more }
  const options: RequestOptions = { ...(first as RequestOptions) }
  if (scheme === 'https') options.protocol ||= 'https:'
  return { protocol: options.host ? 'http:' : undefined, ...options }
}

/** As Node tells URLs from options: the class can be another library's. */
export function isUrl(value: unknown): value is URL {
  const { href, protocol, auth, path } = (value ?? {}) as Record<string, unknown>
  return Boolean(href && protocol) && auth === undefined && path === undefined
}

function ofText(text: string): RequestOptions {
  try {
    const url = new URL(text)
    return { ...ofUrl(url), host: url.host }
  } catch {
    return { path: text }
  }
}

function ofUrl({ protocol, hostname, pathname, search, port, username, password }: URL): RequestOptions {
  return {
    protocol,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    path: `${pathname}${search}`,
    ...(port !== '' && { port: Number(port) }),
    ...((username || password) && { auth: `${username}:${password}` }),
  }
}

export function requestAttributes(options: RequestOptions, scheme: Scheme): Attributes {
  const { method = 'GET', headers } = options
  const { hostname, port } = placeOf(options)
  const known = knownMethod(method)
  return {
    [ATTR_HTTP_REQUEST_METHOD]: known,
    [ATTR_SERVER_ADDRESS]: hostname,
    [ATTR_SERVER_PORT]: Number(port),
    [ATTR_URL_FULL]: fullUrl(options, scheme),
    [ATTR_USER_AGENT_ORIGINAL]: (headers as Record<string, string> | undefined)?.['user-agent'],
    ...(method !== known && { [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: method }),
  }
}

function placeOf({ hostname, host, port, protocol }: RequestOptions): { hostname: string; port: string | number } {
  const [, ofHost = 'localhost', portOfHost] = text(host)?.match(/^([^:/ ]+)(?::(\d{1,5}))?/) ?? []
  const known = typeof port === 'string' || typeof port === 'number' ? port : undefined
  return { hostname: text(hostname) ?? ofHost, port: known || portOfHost || (protocol === 'https:' ? '443' : '80') }
}

function fullUrl(options: RequestOptions, scheme: Scheme): string {
  const { protocol = `${scheme}:`, port, headers, auth } = options
  const ofHeaders = (headers as Record<string, unknown> | undefined)?.host
  let host = text(options.host) ?? text(options.hostname) ?? text(ofHeaders) ?? 'localhost'
  if (!host.includes(':') && port && !['80', '443'].includes(String(port))) host += `:${port}`
  return `${protocol || `${scheme}:`}//${auth ? 'REDACTED:REDACTED@' : ''}${host}${maskedPath(options.path || '/')}`
}

function maskedPath(path: string): string {
  if (typeof path !== 'string' || !path.includes('?')) return path
  try {
    const { pathname, searchParams } = new URL(path, 'http://localhost')
    return `${pathname}?${maskedQuery(searchParams)}`
  } catch {
    return path
  }
}

/** Apps give other things than texts as well. */
const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined)

export function responseAttributes({ statusCode, socket, httpVersion }: IncomingMessage): Attributes {
  return {
    ...(statusCode != null && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode }),
    ...(socket && {
      [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress,
      [ATTR_NETWORK_PEER_PORT]: socket.remotePort,
      [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion,
    }),
  }
}

/** What the series of a request's duration has of its answer. */
export function responseSeries({ statusCode, socket, httpVersion }: IncomingMessage): Attributes {
  return {
    ...(socket && httpVersion && { [ATTR_NETWORK_PROTOCOL_VERSION]: httpVersion }),
    ...(statusCode && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode }),
    ...(statusCode && statusCode >= 400 && statusCode < 600 && { [ATTR_ERROR_TYPE]: String(statusCode) }),
  }
}

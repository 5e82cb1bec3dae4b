// Decides which requests are answered: no page of another site may use this server through its user's browser. The check comes before
// anything else in a request is read.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { isBrowser, isLoopback, nameOfHost } from '../shared/otlp/host'

export { isLoopback }

export interface AccessPolicy {
  /** The address to which the server binds, as the user wrote it. */
  readonly host: string
  /** Required from each request, as a bearer token or as the password of basic authentication. */
  readonly token?: string | undefined
  /** Origins of web pages that may send here, such as `https://app.example`. */
  readonly origins?: readonly string[]
}

export interface RequestOrigin {
  readonly headers: IncomingHttpHeaders
  /** Without the query string. */
  readonly path: string
  /** The local address of the socket, which the client reached. */
  readonly localAddress: string | undefined
}

export interface Refusal {
  readonly status: 401 | 403
  readonly message: string
}

/** @returns why the request is not answered, or undefined when it is */
export function refusalOf(request: RequestOrigin, access: AccessPolicy): Refusal | undefined {
  const { headers } = request
  const host = headers.host ?? ''
  // After DNS rebinding, a page sends its own host name.
  if (!isOurs(nameOfHost(host), request, access)) {
    return { status: 403, message: `host "${host}" is not allowed; use localhost, or start the server with --host` }
  }
  if (isForeign(request, access)) {
    const from = headers.origin ?? 'another site'
    return { status: 403, message: `origin ${from} is not allowed; --allow-origin lets it send telemetry` }
  }
  if (access.token !== undefined && !brings(headers.authorization, access.token)) {
    return {
      status: 401,
      message: 'send the token of AFN_LOCAL_TOKEN as a bearer token, or as the password of any user',
    }
  }
  return undefined
}

export const isAllowedOrigin = (origin: string | undefined, { origins = [] }: AccessPolicy): boolean =>
  origin !== undefined && origins.includes(origin)

/**
 * The host names by which containers reach their host. Anyone who controls a user's DNS can point a page at these names, so only programs
 * and clients with a token may use them.
 */
const hostOfContainers = ['host.docker.internal', 'host.containers.internal']

function isOurs(name: string, request: RequestOrigin, access: AccessPolicy): boolean {
  if (isLoopback(name) || name === access.host.toLowerCase()) return true
  if (hostOfContainers.includes(name)) return access.token !== undefined || !isBrowser(request)
  return isIP(name) > 0 && name === request.localAddress?.replace(/^::ffff:/, '')
}

/**
 * Whether the request comes from a foreign page that is not allowed. Any site may link to our page, but not to other paths, because a link
 * there would start a download or a search.
 */
function isForeign({ headers, path }: RequestOrigin, access: AccessPolicy): boolean {
  const { origin, host } = headers
  if (isAllowedOrigin(origin, access)) return false
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) return true
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return path !== '/' || headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

function brings(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? []
  const basic = () =>
    Buffer.from(credentials, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '')
  return sameText(scheme.toLowerCase() === 'basic' ? basic() : credentials, token)
}

/** Compares in constant time, so that the duration reveals nothing about the token. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

// Who is answered: no page of another site may use this server through its user's browser. Each request is
// looked at before anything else of it is read.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { isBrowser, isLoopback, nameOfHost } from '../shared/otlp/host'

export { isLoopback }

export interface AccessPolicy {
  /** What the server binds to, as the user wrote it. */
  readonly host: string
  /** Each request has to bring it, as a bearer token or as the password of basic authentication. */
  readonly token?: string | undefined
  /** Origins of web pages that may send here, such as `https://app.example`. */
  readonly origins?: readonly string[]
}

export interface RequestOrigin {
  readonly headers: IncomingHttpHeaders
  /** Without its query. */
  readonly path: string
  /** Of the socket: the address that the client reached. */
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
  // A page whose name was rebound to our address sends that name.
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
 * What containers call the machine that they run on. Who answers DNS for a user can give these names to a page, so only programs
 * may use them, and who brings a token.
 */
const hostOfContainers = ['host.docker.internal', 'host.containers.internal']

function isOurs(name: string, request: RequestOrigin, access: AccessPolicy): boolean {
  if (isLoopback(name) || name === access.host.toLowerCase()) return true
  if (hostOfContainers.includes(name)) return access.token !== undefined || !isBrowser(request)
  return isIP(name) > 0 && name === request.localAddress?.replace(/^::ffff:/, '')
}

/**
 * Of a page that is neither ours nor allowed. Links may lead from anywhere to the page alone: they read nothing, and elsewhere they
 * would download or search.
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

/** In a time that tells nothing of the token. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

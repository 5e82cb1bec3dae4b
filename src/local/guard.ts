// Who is answered: no page of another site may use this server through its user's browser. Called by receiver.ts and
// api/app.ts with each request, before anything else of it is looked at.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

export interface Door {
  /** What the server was told to bind to, as the user wrote it. */
  readonly host: string
  /** Each request has to bring it, as a bearer token or as the password of basic authentication. */
  readonly token?: string | undefined
  /** Origins of web pages that may send here, such as `https://app.example`. */
  readonly origins?: readonly string[]
}

export interface Visitor {
  readonly headers: IncomingHttpHeaders
  /** Of the socket: the address that the client reached. */
  readonly localAddress: string | undefined
}

export interface Refusal {
  readonly status: 401 | 403
  readonly message: string
}

/** @returns why the request is not answered, or undefined when it is */
export function refusalOf(visitor: Visitor, door: Door): Refusal | undefined {
  const { headers } = visitor
  const host = headers.host ?? ''
  // A page whose name was rebound to our address sends that name.
  if (!isOurs(nameIn(host), visitor, door)) {
    return { status: 403, message: `this server is not called "${host}"; ask for localhost, or start it with --host` }
  }
  if (isForeign(headers, door)) {
    const from = headers.origin ?? 'another site'
    return { status: 403, message: `a page of ${from} may not use this server; --allow-origin lets it send telemetry` }
  }
  if (door.token !== undefined && !brings(headers.authorization, door.token)) {
    return {
      status: 401,
      message: 'send the token of AFN_LOCAL_TOKEN as a bearer token, or as the password of any user',
    }
  }
  return undefined
}

export const isAllowedOrigin = (origin: string | undefined, { origins = [] }: Door): boolean =>
  origin !== undefined && origins.includes(origin)

export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))

/** What containers call the machine that they run on. Nobody can own these names: `.internal` is never delegated. */
const hostOfContainers = ['host.docker.internal', 'host.containers.internal']

function isOurs(name: string, { localAddress }: Visitor, door: Door): boolean {
  if (isLoopback(name) || hostOfContainers.includes(name) || name === door.host.toLowerCase()) return true
  return isIP(name) > 0 && name === localAddress?.replace(/^::ffff:/, '')
}

/** Of `[::1]:3200`, `::1`. */
function nameIn(host: string): string {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(host) ?? []
  return (bracketed ?? plain ?? '').toLowerCase()
}

/** Of a page that is neither ours nor allowed. Links may lead here from anywhere: they read nothing. */
function isForeign(headers: IncomingHttpHeaders, door: Door): boolean {
  const { origin, host } = headers
  if (isAllowedOrigin(origin, door)) return false
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) return true
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

function brings(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', given = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? []
  const basic = () =>
    Buffer.from(given, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '')
  return sameText(scheme.toLowerCase() === 'basic' ? basic() : given, token)
}

/** In a time that tells nothing of the token. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

// What a request over HTTP says of who sent it, and by which name it addressed this machine. A page can have its name rebound to our
// address; it can't take away what its browser adds.
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

export const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))

/** Whether the name is an address, or one of this machine: no DNS server can give it to others. */
export const isFixed = (name: string): boolean => isLoopback(name) || isIP(name) > 0

/** Each browser sends `accept-language`; `sec-fetch-*` it sends to some addresses only. */
export const isBrowser = ({ headers }: { readonly headers: IncomingHttpHeaders }): boolean =>
  headers['accept-language'] !== undefined || headers['sec-fetch-site'] !== undefined || headers.origin !== undefined

/** Of `[::1]:3200`, `::1`. */
export function nameOfHost(host: string): string {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(host) ?? []
  return (bracketed ?? plain ?? '').toLowerCase()
}

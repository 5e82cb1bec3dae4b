// Whom a request came from and whom it was for, when proxies stood between: `Forwarded` (RFC 7239), then `X-Forwarded-*`, then Host.
import type { IncomingHttpHeaders } from 'node:http'
import { parse } from 'forwarded-parse'

export interface ServerPlace {
  readonly host: string | undefined
  readonly port?: string | undefined
}

/** `server.address` and `server.port` of the HTTP conventions. @param scheme of our own server, for the port of its Host */
export function serverPlace(headers: IncomingHttpHeaders, scheme: string): ServerPlace | undefined {
  const entry = forwarded(headers).find(({ host }) => host)
  if (entry?.host) return placeOf(entry.host, entry.proto)
  const host = first(headers['x-forwarded-host'])
  if (host !== undefined) return placeOf(host, first(headers['x-forwarded-proto']))
  return headers.host ? placeOf(headers.host, scheme) : undefined
}

/** `client.address`, as the first proxy saw it. */
export function clientAddress(headers: IncomingHttpHeaders): string | undefined {
  const address = forwarded(headers).find(entry => entry.for)?.for
  if (address) return withoutPort(address)
  const clients = first(headers['x-forwarded-for'])
  return clients ? withoutPort((clients.split(',')[0] as string).trim()) : undefined
}

function forwarded({ forwarded: header }: IncomingHttpHeaders): ReturnType<typeof parse> {
  if (!header) return []
  try {
    return parse(header)
  } catch {
    return []
  }
}

const first = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

function placeOf(text: string, scheme: string | undefined): ServerPlace {
  const parts = text.split(':')
  const [host] = parts
  const port = defaultPorts[scheme ?? '']
  if (parts.length === 1) return port ? { host, port } : { host }
  if (parts.length === 2) return { host, port: parts[1] }
  // an address of IPv6, in brackets where a port can follow
  if (host?.startsWith('[')) {
    if (text.endsWith(']')) return port ? { host: text, port } : { host: text }
    if (parts.at(-2)?.endsWith(']')) return { host: parts.slice(0, -1).join(':'), port: parts.at(-1) }
  }
  return { host: text }
}

function withoutPort(address: string): string {
  try {
    const { hostname } = new URL(`http://${address}`)
    return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  } catch {
    return address
  }
}

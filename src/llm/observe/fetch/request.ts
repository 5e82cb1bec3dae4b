// Finds out whether a call of fetch is an LLM call, without touching what the application passed. Called for every fetch
// in the process, so what is none of ours has to leave after a few comparisons.
import type { Protocol, RequestFacts } from '../../providers/protocol'
import { type Fields, readJson } from '../wire/json'
import { MAX_STRING } from '../wire/response'

export interface Candidate {
  readonly protocol: Protocol
  readonly url: string
  readonly request: Request | undefined
}

/** By method and path alone. */
export function candidate(
  protocols: readonly Protocol[],
  input: unknown,
  init: RequestInit | undefined,
): Candidate | undefined {
  const request = typeof input === 'object' && input instanceof Request ? input : undefined
  const method = init?.method ?? request?.method
  if (method !== 'POST' && method !== 'post') return undefined
  const url = typeof input === 'string' ? input : (request?.url ?? (input instanceof URL ? input.href : undefined))
  if (!url) return undefined
  const path = pathOf(url)
  const protocol = protocols.find(known => known.path(path))
  return protocol && { protocol, url, request }
}

/** The path without query and fragment; parsing every URL would cost a microsecond a fetch. */
function pathOf(url: string): string {
  let end = url.indexOf('?')
  if (end < 0) end = url.indexOf('#')
  return end < 0 ? url : url.slice(0, end)
}

/** The body where it can be read on the spot. */
export function readableBody(body: unknown): string | Uint8Array | undefined {
  if (typeof body === 'string') return body
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  return body instanceof ArrayBuffer ? new Uint8Array(body) : undefined
}

/** What the protocol reads of a body that can be read on the spot; of a form its short texts. */
export function documentOf(body: unknown, fields: Fields): unknown {
  if (body instanceof FormData) {
    const texts = Object.keys(fields).map(name => [name, body.get(name)])
    return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'))
  }
  const bytes = readableBody(body)
  return bytes === undefined ? undefined : readJson(bytes, fields, MAX_STRING)
}

export function facts(url: URL, headers: RequestInit['headers']): RequestFacts {
  return { url, header: name => headerOf(headers, name) }
}

/** Never by way of `new Headers()`, which uses an iterator up that the application passed. */
function headerOf(headers: RequestInit['headers'], name: string): string | null {
  if (!headers) return null
  if (headers instanceof Headers) return headers.get(name)
  const pairs = Array.isArray(headers) ? (headers as unknown[][]) : Object.entries(headers)
  const found = pairs.find(pair => String(pair?.[0]).toLowerCase() === name)?.[1]
  return found === undefined ? null : String(found)
}

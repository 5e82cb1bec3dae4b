// Finds out whether a call of fetch is an LLM call, without touching what the application passed. Called for every fetch
// in the process, so what is none of ours has to leave after a few comparisons.
import type { Protocol, RequestFacts } from '../protocols/protocol'

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

export function facts(url: URL, headers: RequestInit['headers']): RequestFacts {
  return { url, header: name => new Headers(headers).get(name) }
}

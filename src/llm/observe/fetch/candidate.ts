// Finds out whether a call of fetch may be an LLM call, without touching what the application passed. Called for every fetch in
// the process, so what is none of ours has to leave after a few comparisons.
import { type ProtocolName, protocolAt } from '../../providers/paths'

export interface Candidate {
  readonly protocol: ProtocolName
  readonly url: string
  readonly request: Request | undefined
}

/** By method and path alone. */
export function candidate(input: unknown, init: RequestInit | undefined): Candidate | undefined {
  const request = typeof input === 'object' && input instanceof Request ? input : undefined
  const method = init?.method ?? request?.method
  if (method !== 'POST' && method !== 'post') return undefined
  const url = typeof input === 'string' ? input : (request?.url ?? (input instanceof URL ? input.href : undefined))
  if (!url) return undefined
  // parsing every URL would cost a microsecond a fetch
  const end = url.search(/[?#]/)
  const protocol = protocolAt(end < 0 ? url : url.slice(0, end))
  return protocol && { protocol, url, request }
}

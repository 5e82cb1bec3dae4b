// Finds out whether a call of fetch may be an LLM call, without touching what the application passed. Called for every fetch in
// the process, so what is none of ours has to leave after a few comparisons.
import { mayComeLater, type ProtocolName, protocolAt } from '../../providers/paths'

export interface Candidate {
  /** Undefined where only an answer is of interest, which was requested before. */
  readonly protocol: ProtocolName | undefined
  readonly url: string
  readonly request: Request | undefined
}

/** By method and path alone. */
export function candidate(input: unknown, init: RequestInit | undefined): Candidate | undefined {
  const request = typeof input === 'object' && input instanceof Request ? input : undefined
  const named = init?.method ?? request?.method
  const isPost = named === 'POST' || named === 'post'
  if (!isPost && named !== undefined && named !== 'GET' && named !== 'get') return undefined
  const url = typeof input === 'string' ? input : (request?.url ?? (input instanceof URL ? input.href : undefined))
  if (!url) return undefined
  const protocol = isPost ? protocolAt(pathOf(url)) : undefined
  return protocol || mayComeLater(isPost ? 'POST' : 'GET', url) ? { protocol, url, request } : undefined
}

/** Parsing every URL would cost a microsecond a fetch. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}

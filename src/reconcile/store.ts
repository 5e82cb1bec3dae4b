// One tier of traces in Tempo, as reconciling sees it: which traces it has, with how many spans, a trace as a whole, and
// spans that are added. Called by reconcile.ts.
// https://grafana.com/docs/tempo/latest/api_docs/
import { type Backend, BackendError, getJson, reasonOf } from '../queries/http'
import { secondsOf, type Window } from '../queries/window'
import type { TraceTier } from '../tiers'
import { hexIds, type TraceDocument } from './document'

/** Traces of one answer. A window that has more is halved. */
const MOST_FOUND = 5_000

export interface Store {
  /** Number of matching spans by trace id. */
  list(query: string, window: Window): Promise<Map<string, number>>
  /** Every span of the trace that the tier has. */
  trace(id: string): Promise<TraceDocument>
  /** Adds spans to it. */
  push(document: TraceDocument): Promise<void>
}

/**
 * @param otlp base URL of Tempo's own OTLP/HTTP receiver
 * @throws BackendError from each call when Tempo is not there or refuses
 */
export function storeOf(tier: TraceTier, backend: Backend, otlp: Backend): Store {
  const headers = { 'x-scope-orgid': `afn-${tier}` }

  async function list(query: string, window: Window, into = new Map<string, number>()): Promise<Map<string, number>> {
    const { start, end } = window
    const parameters = { q: query, start: `${start}`, end: `${end}`, limit: `${MOST_FOUND}`, spss: '1' }
    const { traces = [] } = (await getJson(backend, 'api/search', parameters, headers)) as Found
    if (traces.length >= MOST_FOUND && secondsOf(window) > 1) {
      const middle = Math.floor((start + end) / 2)
      await list(query, { start, end: middle }, into)
      return list(query, { start: middle, end }, into)
    }
    for (const { traceID, spanSets = [], spanSet } of traces) {
      const sets = spanSets.length > 0 ? spanSets : spanSet ? [spanSet] : []
      into.set(
        traceID.padStart(32, '0'),
        sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
      )
    }
    return into
  }

  return {
    list: (query, window) => list(query, window),
    async trace(id) {
      const { trace = {} } = (await getJson(backend, `api/v2/traces/${id}`, {}, headers)) as { trace?: TraceDocument }
      return hexIds(trace)
    },
    push: document => post(otlp, document, headers),
  }
}

interface Found {
  readonly traces?: readonly {
    readonly traceID: string
    readonly spanSet?: SpanSet
    readonly spanSets?: readonly SpanSet[]
  }[]
}

interface SpanSet {
  readonly matched?: number
}

async function post(
  { name, url, setBy }: Backend,
  body: TraceDocument,
  headers: Record<string, string>,
): Promise<void> {
  let response: Response
  try {
    response = await fetch(`${url.replace(/\/+$/, '')}/v1/traces`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    })
  } catch (error) {
    throw new BackendError(
      `${name} takes no OTLP at ${url} (${reasonOf(error)}); open the port of its receiver, or set ${setBy}`,
    )
  }
  const said = await response.text()
  if (!response.ok)
    throw new BackendError(`${name} at ${url} refuses spans with ${response.status}: ${said.slice(0, 500)}`)
}

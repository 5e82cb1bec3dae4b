// `GET /api/search`: what src/local/traceql finds, and if asked, beside each trace what Tempo has no place for. Called by index.ts and
// own/tail.ts.
import { type FoundTrace, type SearchAnswer, search } from '../../traceql/search'
import type { TraceFacts } from '../answers'
import { facts } from '../facts'
import type { Parts } from '../parts'
import type { SearchRequest } from './search-request'

interface Asked extends SearchRequest {
  /** A condition on `spans s` that whole traces meet. */
  readonly restriction?: string | undefined
}

interface Told extends FoundTrace {
  readonly afn?: TraceFacts
}

/** Those who asked by tags and durations are told no spans, as in Tempo. @throws TraceqlError */
export async function searchAnswer(parts: Parts, request: Asked): Promise<SearchAnswer> {
  const { query, tellsFacts, wantsSpans, window, restriction, after, limit, spans } = request
  const beside = tellsFacts && { beside: facts(parts) }
  const found = await search(parts.store, query, { window, restriction, after, limit, spans, ...beside })
  const told = found.traces.map((trace): Told => ({ ...trace, traceID: trace.traceID.replace(/^0+(?=.)/, '') }))
  return { ...found, traces: wantsSpans ? told : told.map(withoutSpans) }
}

function withoutSpans({ spanSet: _, spanSets: __, serviceStats: ___, ...head }: Told): FoundTrace {
  return head as Told
}

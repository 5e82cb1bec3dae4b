// `GET /api/search`: the traces that src/backend/traceql finds and, on request, facts that Tempo has no field for.
import { type SearchAnswer, search } from '../../traceql/search'
import type { FoundTrace } from '../../traceql/trace-metadata'
import type { TraceFacts } from '../answers'
import type { Parts } from '../parts'
import { factColumns } from '../trace-facts'
import type { SearchRequest } from './search-request'

interface RestrictedRequest extends SearchRequest {
  /** A condition on `spans s` that holds for all or no spans of a trace. */
  readonly restriction?: string | undefined
}

interface TraceWithFacts extends FoundTrace {
  readonly afn?: TraceFacts
}

/** As in Tempo, the answer to a search by tags and durations has no spans. @throws TraceqlError */
export async function searchAnswer(parts: Parts, request: RestrictedRequest): Promise<SearchAnswer> {
  const { query, wantsFacts, words = [], wantsSpans, window, restriction, after, order, limit, spans } = request
  const extra = wantsFacts && { extra: factColumns(parts, words) }
  const found = await search(parts.store, query, { window, restriction, after, order, limit, spans, ...extra })
  const traces = found.traces.map(
    (trace): TraceWithFacts => ({ ...trace, traceID: trace.traceID.replace(/^0+(?=.)/, '') }),
  )
  return { ...found, traces: wantsSpans ? traces : traces.map(withoutSpans) }
}

function withoutSpans({ spanSet: _, spanSets: __, serviceStats: ___, ...head }: TraceWithFacts): FoundTrace {
  return head as TraceWithFacts
}

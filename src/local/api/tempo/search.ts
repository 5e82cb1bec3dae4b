// `GET /api/search`. Called by index.ts.
import { traceIdHex } from '../../store/columns'
import type { FoundTrace, SearchAnswer } from '../answers'
import { factsOf } from '../facts'
import type { Parts } from '../parts'
import type { SearchRequest } from './search-request'

export async function searchAnswer(parts: Parts, request: SearchRequest): Promise<SearchAnswer> {
  const traces = await newest(parts, request)
  const facts = await factsOf(
    parts,
    traces.map(({ traceID }) => traceID),
  )
  return {
    traces: traces.map(trace => {
      const afn = facts.get(trace.traceID)
      return { ...trace, traceID: trace.traceID.replace(/^0+(?=.)/, ''), ...(afn && { afn }) }
    }),
  }
}

async function newest({ store }: Parts, { window, limit, spans }: SearchRequest): Promise<FoundTrace[]> {
  const rows = await store.query(`
    SELECT ${traceIdHex('s.trace_id')} AS id, min(s.start_ns) AS first, max(s.start_ns + s.duration_ns) AS last,
      arg_min(s.name, s.start_ns) FILTER (s.parent_id = 0) AS root,
      arg_min(r.service_name, s.start_ns) FILTER (s.parent_id = 0) AS service, count(*) AS matched,
      list({id: lpad(lower(hex(s.span_id)), 16, '0'), start: s.start_ns, duration: s.duration_ns} ORDER BY s.start_ns)[1:${spans}] AS spans
    FROM spans s JOIN resources r ON r.id = s.resource
    GROUP BY s.trace_id ${window ? `HAVING last >= ${window.fromNs} AND first <= ${window.toNs}` : ''}
    ORDER BY first DESC LIMIT ${limit}`)
  return rows.map(row => {
    const set = {
      matched: Number(row.matched),
      spans: (row.spans as { id: string; start: bigint; duration: bigint }[]).map(({ id, start, duration }) => ({
        spanID: id,
        startTimeUnixNano: String(start),
        durationNanos: String(duration),
      })),
    }
    return {
      traceID: row.id as string,
      rootServiceName: (row.service as string | null) ?? '<root span not yet received>',
      ...(row.root !== null && { rootTraceName: row.root as string }),
      startTimeUnixNano: String(row.first),
      durationMs: Math.floor(Number((row.last as bigint) - (row.first as bigint)) / 1e6),
      spanSet: set,
      spanSets: [set],
    }
  })
}

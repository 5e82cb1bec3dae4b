// Links into Grafana's Explore.
import type { TimeRange } from './window'

/**
 * Where Grafana shows a trace, or what a search finds.
 * @param base Grafana's address, such as http://localhost:3001
 * @param uid of the data source; `afn-otel generate` gives it the name of Tempo's tenant
 * @param query id of a trace, or TraceQL
 */
export function exploreLink(base: string, uid: string, query: string, { start, end }: TimeRange): string {
  const datasource = { type: 'tempo', uid }
  const panes = {
    trace: {
      datasource: uid,
      queries: [{ refId: 'A', datasource, queryType: 'traceql', query }],
      range: { from: String(start * 1_000), to: String(end * 1_000) },
    },
  }
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes), orgId: '1' })
  return `${base.replace(/\/+$/, '')}/explore?${parameters}`
}

// The map: services, agents, models, tools and databases, and the calls between them, as a drawing and as a table.
import { useState } from 'preact/hooks'
import type { MapAnswer, MapEdge, MapNode } from '../../api/map-answers'
import { url } from '../data/client'
import { count, durationMs, percent } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { ListTable } from '../parts/list-table'
import { MarkedText } from '../parts/marked-text'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { href, rangeOf } from '../route'
import { edgeQuery, nodeQuery } from '../traceql/map-query'
import type { ViewProps } from '.'
import { edgeName, MapDrawing } from './map/map-drawing'

/** Nodes at first, and at most. */
const FIRST = 40
const MOST = 200

export function MapView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const [limit, setLimit] = useState(FIRST)
  const { data, error, loading } = useAnswer<MapAnswer>(url('api/afn/map', { ...range, limit }), round)
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  const { nodes, edges, all } = data
  if (nodes.length === 0)
    return (
      <Empty title={t('map.none')}>
        <Newcomer />
      </Empty>
    )
  const traces = (q: string) => href(['traces'], { ...rangeOf(route), q })
  const linkOf = (node: MapNode) => traces(nodeQuery(node))
  const linkOfEdge = ({ from, to }: MapEdge) => traces(edgeQuery(from === null ? null : nodes[from]!, nodes[to]!))
  return (
    <div class="scroll padded map-view">
      <p role="status">
        {t('map.shown', { nodes: count(nodes.length), edges: count(edges.length) })}{' '}
        {all.nodes > nodes.length && t('map.more_nodes', { n: count(all.nodes - nodes.length) })}{' '}
        {all.edges > edges.length && t('map.more_edges', { n: count(all.edges - edges.length) })}{' '}
        {all.nodes > nodes.length && limit < MOST && (
          <button type="button" disabled={loading} onClick={() => setLimit(MOST)}>
            {t('cut.more')}
          </button>
        )}
      </p>
      <MapDrawing map={data} linkOf={linkOf} linkOfEdge={linkOfEdge} />
      <ListTable
        label={t('map.edges')}
        rows={edges}
        keyOf={({ from, to }) => `${from} ${to}`}
        link={linkOfEdge}
        columns={[
          {
            title: t('map.edge'),
            main: true,
            cell: edge => <MarkedText short text={edgeName(t, nodes, edge)} />,
          },
          { title: t('map.count'), number: true, cell: ({ calls }) => count(calls) },
          { title: t('column.errors'), number: true, cell: ({ errors }) => count(errors) },
          {
            title: t('map.error_rate'),
            number: true,
            cell: ({ errors, calls }) => (
              <span class={errors > 0 ? 'bad' : 'quiet'}>{errors > 0 ? percent(errors, calls) : '0 %'}</span>
            ),
          },
          { title: 'p95', number: true, cell: ({ p95Ms }) => durationMs(p95Ms) },
        ]}
      />
      <p class="quiet">{t('map.how')}</p>
    </div>
  )
}

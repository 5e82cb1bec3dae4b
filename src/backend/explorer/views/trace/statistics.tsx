// The spans of a trace by name, with what they took and cost. A click on a head sorts; the address keeps the order.
import { useMemo, useState } from 'preact/hooks'
import { count, duration, percent } from '../../data/format'
import { totalOf } from '../../data/llm'
import {
  type SpanStatistics,
  STATISTICS_COLUMNS,
  type StatisticsColumn,
  sortStatistics,
  statisticsOf,
} from '../../data/span-statistics'
import type { Tree } from '../../data/tree'
import { useText } from '../../i18n'
import { Service } from '../../parts/badges'
import { Cost } from '../../parts/cost'
import { Cut } from '../../parts/load-more'
import { MarkedText } from '../../parts/marked-text'
import { changed, go, type Route } from '../../route'

const FIRST = 200

export interface StatisticsProps {
  readonly tree: Tree
  readonly route: Route
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
}

export function Statistics({ tree, route, colours }: StatisticsProps) {
  const t = useText()
  const [limit, setLimit] = useState(FIRST)
  const [sort, direction] = (route.params.get('sort') ?? '').split('.')
  const column = STATISTICS_COLUMNS.find(name => name === sort) ?? 'self'
  const isAscending = direction === 'asc'
  const statistics = useMemo(() => statisticsOf(tree), [tree])
  const rows = useMemo(() => sortStatistics(statistics, column, isAscending), [statistics, column, isAscending])
  const usage = useMemo(() => totalOf([...tree.nodes.values()].map(({ span }) => span)), [tree])
  const self = statistics.reduce((sum, row) => sum + row.self, 0n)
  const shown = rows.slice(0, limit)
  return (
    <div class="scroll">
      <table class="plain-table statistics" aria-label={t('trace.tab_statistics')}>
        <thead>
          <tr>
            {STATISTICS_COLUMNS.map(name => (
              <Heading key={name} name={name} route={route} up={name === column ? isAscending : undefined} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <Row key={JSON.stringify([row.service, row.name])} row={row} self={self} route={route} colours={colours} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('totals.all')}</th>
            <td class="number">{count(tree.nodes.size)}</td>
            <td />
            <td class="number">{duration(self)}</td>
            <td />
            <td />
            <td class="number">{count(statistics.reduce((sum, { errors }) => sum + errors, 0))}</td>
            <td class="number">{usage.calls > 0 && count(usage.tokens)}</td>
            <td class="number">{usage.calls > 0 && <Cost {...usage} />}</td>
          </tr>
        </tfoot>
      </table>
      <Cut n={shown.length} complete={shown.length === rows.length} onMore={() => setLimit(rows.length)} />
    </div>
  )
}

function Heading({ name, route, up }: { name: StatisticsColumn; route: Route; up: boolean | undefined }) {
  const t = useText()
  const next = `${name}${up === false ? '.asc' : ''}`
  return (
    <th
      scope="col"
      class={name === 'name' ? undefined : 'number'}
      aria-sort={up === undefined ? 'none' : up ? 'ascending' : 'descending'}
    >
      <button type="button" class="plain" onClick={() => go(changed(route, { sort: next }), 'replace')}>
        {t(`statistics.${name}`)}
        {up !== undefined && (up ? ' ↑' : ' ↓')}
      </button>
    </th>
  )
}

interface RowProps extends Omit<StatisticsProps, 'tree'> {
  readonly row: SpanStatistics
  /** Nanoseconds, of all spans. */
  readonly self: bigint
}

function Row({ row, self, route, colours }: RowProps) {
  const t = useText()
  const { calls, tokens, costUsd, unpriced } = row.usage
  const share = percent(Number(row.self), Number(self))
  return (
    <tr>
      <td>
        <a href={changed(route, { tab: undefined, sort: undefined, span: row.longest })} title={t('flame.longest')}>
          <MarkedText short text={row.name} />
        </a>{' '}
        <Service name={row.service} colour={colours.get(row.service)} />
      </td>
      <td class="number">{count(row.count)}</td>
      <td class="number">{duration(row.total)}</td>
      <td class="number duration" title={share}>
        <span
          class="bar"
          style={{ width: `${self > 0n ? (100 * Number(row.self)) / Number(self) : 0}%` }}
          aria-hidden="true"
        />
        {duration(row.self)}
      </td>
      <td class="number">{duration(row.p50)}</td>
      <td class="number">{duration(row.p95)}</td>
      <td class={row.errors > 0 ? 'number bad' : 'number quiet'}>{count(row.errors)}</td>
      <td class="number">{calls > 0 && (tokens > 0 ? count(tokens) : '–')}</td>
      <td class="number">{(costUsd !== null || unpriced > 0) && <Cost short {...row.usage} />}</td>
    </tr>
  )
}

// Traces as rows, only those in sight, sorted by any column among those that are loaded.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { FoundTrace } from '../../local/api/answers'
import { useText } from '../i18n'
import { go, href, type Route, rangeOf } from '../route'
import { COLUMNS, type Column, FOUND, foundText } from './trace-columns'
import { useRowKeys } from './use-row-keys'
import { useVirtual } from './use-virtual'

const ROW = 34

export interface TraceTableProps {
  readonly traces: readonly FoundTrace[]
  readonly route: Route
  readonly loading: boolean
  /** Called when the end of the rows comes into sight. */
  readonly onEnd: (() => void) | undefined
}

export function TraceTable({ traces, route, loading, onEnd }: TraceTableProps) {
  const t = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const [sort, setSort] = useState<Sort>()
  const rows = useMemo(() => sorted(traces, sort), [traces, sort])
  const { items, height, show } = useVirtual(scroller, rows.length, ROW)
  const longest = useMemo(() => traces.reduce((most, { durationMs = 0 }) => Math.max(most, durationMs), 1), [traces])
  const found = useMemo(() => traces.some(trace => foundText(trace) !== ''), [traces])
  const columns = found ? [...COLUMNS, FOUND] : COLUMNS

  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastShown >= rows.length - 20) onEnd?.()
  }, [lastShown, rows.length, loading])

  const q = route.params.get('q') ?? undefined
  const link = (trace: FoundTrace) => href(['trace', trace.traceID], { ...rangeOf(route), q })
  const at = useRowKeys(rows, link, show)
  const above = items[0]?.start ?? 0
  const below = height - (items.at(-1)?.end ?? 0)

  return (
    <div class="scroll" ref={scroller}>
      <table
        class={found ? 'traces-table with-found' : 'traces-table'}
        aria-rowcount={onEnd ? -1 : rows.length + 1}
        aria-label={t('view.traces')}
      >
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width ? { width: `${width}px` } : {}} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(column => (
              <Heading key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr class="spacer" style={{ height: `${above}px` }} />}
          {items.map(({ index }) => {
            const trace = rows[index]!
            const context = { t, link: link(trace), longest }
            return (
              <tr
                key={trace.traceID}
                class={index === at ? 'selected' : undefined}
                aria-rowindex={index + 2}
                onClick={event => isLink(event.target) || go(context.link)}
              >
                {columns.map(({ key, number, cell }) => (
                  <td key={key} class={number ? 'number' : undefined}>
                    {cell(trace, context)}
                  </td>
                ))}
              </tr>
            )
          })}
          {below > 0 && <tr class="spacer" style={{ height: `${below}px` }} />}
        </tbody>
      </table>
    </div>
  )
}

/** The browser follows it itself, in a new tab if that is what the reader does. */
function isLink(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a') !== null
}

type Sort = { readonly column: Column; readonly up: boolean } | undefined

function Heading({ column, sort, onSort }: { column: Column; sort: Sort; onSort(sort: Sort): void }) {
  const t = useText()
  const up = sort?.column === column ? sort.up : undefined
  return (
    <th
      scope="col"
      class={column.number ? 'number' : undefined}
      aria-sort={up === undefined ? 'none' : up ? 'ascending' : 'descending'}
    >
      <button type="button" class="plain" onClick={() => onSort(nextSort(up, column))}>
        {t(column.key)}
        {up !== undefined && (up ? ' ↑' : ' ↓')}
      </button>
    </th>
  )
}

/** Largest first, smallest first, as they came. */
function nextSort(up: boolean | undefined, column: Column): Sort {
  if (up === undefined) return { column, up: false }
  return up ? undefined : { column, up: true }
}

function sorted(traces: readonly FoundTrace[], sort: Sort): readonly FoundTrace[] {
  if (!sort) return traces
  const sign = sort.up ? 1 : -1
  return traces
    .map(trace => ({ trace, by: sort.column.value(trace) }))
    .sort((a, b) => (a.by < b.by ? -sign : a.by > b.by ? sign : 0))
    .map(({ trace }) => trace)
}

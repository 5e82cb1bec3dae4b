// Traces as rows, only those in sight. A click on a head has the server sort all that the query finds.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { FoundTrace, TraceSort } from '../../../api/answers'
import { compare } from '../../data/bigints'
import { useText } from '../../i18n'
import { toggled } from '../../parts/toggled'
import { useRowKeys } from '../../parts/use-row-keys'
import { useVirtual } from '../../parts/use-virtual'
import { changed, go, href, type Route, rangeOf } from '../../route'
import { COLUMNS, FOUND, foundText, orderIn, type TraceColumn, USER } from './trace-columns'

const ROW = 28
/** Windows that are narrower have no room for a column that grows. */
const NARROW = 600
const MOST_PICKED = 2

export interface TraceTableProps {
  readonly traces: readonly FoundTrace[]
  /** That the reader searched for. */
  readonly words: readonly string[]
  readonly route: Route
  readonly loading: boolean
  /** Whether they are shown as they come, and not sorted. */
  readonly live: boolean
  /** Pixels that they are scrolled at first. */
  readonly top: number
  /** Called with the same when the rows go. */
  onLeave(top: number): void
  /** Called when the end of the rows comes into sight. */
  onEnd(): void
}

export function TraceTable({ traces: rows, words, route, loading, live, top, onLeave, onEnd }: TraceTableProps) {
  const t = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const { items, height, show } = useVirtual(scroller, rows.length, ROW)
  const longest = useMemo(() => rows.reduce((most, { durationMs = 0 }) => Math.max(most, durationMs), 1), [rows])
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const found = useMemo(() => rows.some(trace => foundText(trace) !== ''), [rows])
  const hasUsers = useMemo(() => rows.some(({ afn }) => afn?.user), [rows])
  // where words stand is said beside the name of the trace
  const columns = [...COLUMNS, ...(hasUsers ? [USER] : []), ...(found && words.length === 0 ? [FOUND] : [])]
  const more = innerWidth < NARROW ? 0 : words.length > 0 ? 140 : 80
  const narrowest = columns.reduce((sum, { width }) => sum + width, more)

  const leave = useRef(onLeave)
  leave.current = onLeave
  useLayoutEffect(() => {
    const box = scroller.current!
    box.scrollTop = top
    return () => leave.current(box.scrollTop)
  }, [])

  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastShown >= rows.length - 20) onEnd()
  }, [lastShown, rows.length, loading])

  const q = route.params.get('q') ?? undefined
  const link = (trace: FoundTrace) => href(['trace', trace.traceID], { ...rangeOf(route), q })
  const at = useRowKeys(rows, ({ traceID }) => traceID, link, show)
  const above = items[0]?.start ?? 0
  const below = height - (items.at(-1)?.end ?? 0)

  return (
    <>
      {picked.size > 0 && <Picked ids={[...picked]} rows={rows} route={route} onClear={() => setPicked(new Set())} />}
      <div class="scroll" ref={scroller}>
        <table
          class="traces-table"
          style={{ minWidth: `${narrowest}px` }}
          aria-rowcount={-1}
          aria-label={t('view.traces')}
        >
          <colgroup>
            {columns.map(({ key, width, grows }) => (
              <col key={key} style={grows ? {} : { width: `${width}px` }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {columns.map(column => (
                <Heading key={column.key} column={column} route={route} live={live} />
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr class="spacer" style={{ height: `${above}px` }} />}
            {items.map(({ index }) => {
              const trace = rows[index]!
              const isPicked = picked.has(trace.traceID)
              const context = {
                t,
                words,
                link: link(trace),
                longest,
                picked: !isPicked && picked.size === MOST_PICKED ? undefined : isPicked,
                onPick: () => setPicked(toggled(picked, trace.traceID)),
              }
              return (
                <tr
                  key={trace.traceID}
                  class={index === at ? 'selected' : undefined}
                  aria-rowindex={index + 2}
                  onClick={event => isControl(event.target) || go(context.link)}
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
    </>
  )
}

interface PickedProps {
  readonly ids: readonly string[]
  readonly rows: readonly FoundTrace[]
  readonly route: Route
  onClear(): void
}

/** What to do with the traces that are chosen: the older of two is A. */
function Picked({ ids, rows, route, onClear }: PickedProps) {
  const t = useText()
  const startOf = (id: string) => BigInt(rows.find(({ traceID }) => traceID === id)?.startTimeUnixNano ?? 0)
  const inOrder = [...ids].sort((a, b) => compare(startOf(a), startOf(b)))
  return (
    <p class="picked" role="status">
      {ids.length < MOST_PICKED ? (
        t('compare.one_picked')
      ) : (
        <a href={href(['compare', ...inOrder], rangeOf(route))}>{t('compare.picked')}</a>
      )}
      <button type="button" class="link" onClick={onClear}>
        {t('compare.clear')}
      </button>
    </p>
  )
}

/** The browser does what it is for by itself, such as following a link in a new tab. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, input') !== null
}

function Heading({ column, route, live }: { column: TraceColumn; route: Route; live: boolean }) {
  const t = useText()
  const order = orderIn(route)
  const up = !live && order && order.by === column.sort ? order.isAscending : undefined
  const { key, number, sort } = column
  return (
    <th
      scope="col"
      class={number ? 'number' : undefined}
      aria-sort={up === undefined ? 'none' : up ? 'ascending' : 'descending'}
    >
      {sort && !live ? (
        <button type="button" class="plain" onClick={() => go(changed(route, { sort: nextSort(up, sort) }))}>
          {t(key)}
          {up !== undefined && (up ? ' ↑' : ' ↓')}
        </button>
      ) : (
        t(key)
      )}
    </th>
  )
}

/** Largest first, smallest first, newest first again. */
function nextSort(up: boolean | undefined, sort: TraceSort): string | undefined {
  if (up === undefined) return sort
  return up ? undefined : `${sort}.asc`
}

// A panel of a histogram over time; the largest counts below the pointer stand under it.
import { useMemo, useState } from 'preact/hooks'
import { colours } from '../../../../monitoring/dashboards/board'
import { bucketsOf } from '../../data/board/series'
import { localTime, percent } from '../../data/format'
import { usePreferences } from '../../i18n'
import { Canvas } from '../../parts/canvas'
import { zoomTo } from '../../range'
import type { BodyProps } from './panel-props'

/** Rows that are named below the chart. */
const NAMED = 4

export function Heatmap({ panel, found, times: { range, step }, format, route }: BodyProps) {
  const { t, language } = usePreferences()
  const [at, setAt] = useState<number | null>(null)
  const buckets = useMemo(() => bucketsOf(found), [found])
  const drawn = useMemo(() => ({}), [buckets, language])
  const { times, rows } = buckets
  if (rows.length === 0) return <p class="board-empty">{panel.empty ?? t('boards.nothing')}</p>
  // the windows of two steps overlap, so that their counts add up to no number of observations: shares are right
  const sums = rows
    .map(({ from, to, counts }) => ({
      name: `${format(from)} – ${format(to)}`,
      sum: at === null ? counts.reduce((sum, one) => sum + one, 0) : counts[at]!,
    }))
    .filter(({ sum }) => sum > 0)
    .toSorted((a, b) => b.sum - a.sum)
  const all = sums.reduce((total, { sum }) => total + sum, 0)
  return (
    <>
      <Canvas
        class="board-canvas"
        label={panel.title}
        drawn={drawn}
        draw={async host => {
          const { drawHeatmap } = await import('./draw-heatmap')
          const [onZoom, colour] = [(from: number, to: number) => zoomTo(route, from, to), colours.blue]
          return drawHeatmap(host, { ...buckets, range, language, step, colour, format, onZoom, onHover: setAt })
        }}
      />
      <p class="board-heat">
        <span class="quiet">{at === null ? t('boards.most') : localTime(times[at]! * 1000, language)}</span>
        {sums.slice(0, NAMED).map(({ name, sum }) => (
          <span key={name}>
            {name}: <b>{percent(sum, all)}</b>
          </span>
        ))}
      </p>
    </>
  )
}

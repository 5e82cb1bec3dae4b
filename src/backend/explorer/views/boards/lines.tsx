// A panel of lines over time, and below them what each is called, with its last value and its largest.
import { useMemo, useState } from 'preact/hooks'
import { colourOf, colours } from '../../../../monitoring/dashboards/board'
import { coloursOf } from '../../data/board/palette'
import { seriesOf } from '../../data/board/series'
import { isBinary } from '../../data/board/units'
import { localTime } from '../../data/format'
import { usePreferences } from '../../i18n'
import { Canvas } from '../../parts/canvas'
import { MarkedText } from '../../parts/marked-text'
import { Scrolled } from '../../parts/scrolled'
import { zoomTo } from '../../range'
import type { BodyProps } from './panel-props'

export function Lines({ panel, found, times: { range, step }, format, marks, route }: BodyProps) {
  const { t, language } = usePreferences()
  const [at, setAt] = useState<number | null>(null)
  const drawn = useMemo(() => onGrid(seriesOf(panel, found), range, step), [found])
  const names = drawn.series.map(({ name }) => name)
  const colour = useMemo(() => coloursOf(panel, names), [names.join('\n')])
  const picture = useMemo(() => ({}), [drawn, marks, language])
  const series = drawn.series.map((one, index) => ({ ...one, colour: colour[index]! }))
  return (
    <>
      <Canvas
        class="board-canvas"
        label={panel.title}
        drawn={picture}
        draw={async host => {
          const { drawLines } = await import('./draw-lines')
          return drawLines(host, {
            range,
            language,
            times: drawn.times,
            series,
            stacked: panel.stacked ?? false,
            min: panel.min,
            max: panel.max,
            steps: (panel.steps ?? []).flatMap(({ from, level }) =>
              from === undefined ? [] : [{ from, colour: colours[colourOf[level]] }],
            ),
            marks: marks.map(({ from, to, level }) => ({ from, to, colour: colours[colourOf[level]] })),
            format,
            isBinary: isBinary(panel.unit),
            onZoom: (from, to) => zoomTo(route, from, to),
            onHover: setAt,
          })
        }}
      />
      <Scrolled class="board-legend" label={t('boards.series_of', { title: panel.title })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{at === null ? t('boards.series') : localTime(drawn.times[at]! * 1000, language)}</th>
              <th scope="col" class="number">
                {at === null ? t('boards.last') : t('boards.value')}
              </th>
              <th scope="col" class="number">
                {t('boards.max')}
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map(({ name, colour, values, last, max }) => {
              const value = at === null ? last : (values[at] ?? null)
              return (
                <tr key={name}>
                  <th scope="row">
                    <span class="board-swatch" style={{ background: colour }} aria-hidden="true" />
                    <MarkedText short text={name} />
                  </th>
                  <td class="number">{value === null ? '–' : format(value)}</td>
                  <td class="number">{format(max)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scrolled>
    </>
  )
}

/** A value or a gap for each step, since Prometheus leaves out what is missing. */
function onGrid(series: ReturnType<typeof seriesOf>, range: { start: number; end: number }, step: number) {
  const first = Math.floor(range.start / step) * step
  const times = Array.from({ length: Math.floor((range.end - first) / step) + 1 }, (_, index) => first + index * step)
  return {
    times,
    series: series.map(({ name, points, last }) => {
      const values = new Map(points)
      const max = points.map(([, value]) => value).reduce((a, b) => Math.max(a, b))
      return { name, last, max, values: times.map(time => values.get(time) ?? null) }
    }),
  }
}

// Lines or stacked bars over time, and the values below the pointer.
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Colour } from '../data/colours'
import { count, localTime } from '../data/format'
import { usePreferences } from '../i18n'
import { runningStep, type TimeRange } from '../range'
import { Dot } from './badges'
import { Canvas } from './canvas'
import { MarkedText } from './marked-text'

export interface ChartProps {
  readonly label: string
  /** The times from its left end to its right one. */
  readonly range: TimeRange
  /** Seconds from one time to the next, where each time is a step: one that is not over yet is hatched. */
  readonly step?: number
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly series: readonly {
    readonly label: string
    readonly values: readonly (number | null)[]
    readonly colour: Colour
    /** What else the chart says of each value. */
    readonly notes?: readonly (string | undefined)[]
  }[]
  readonly stacked?: boolean
  /** Pixels. */
  readonly height?: number
  format?(value: number): string
  /** Called with the seconds that the reader drew a box around. */
  onZoom?(from: number, to: number): void
}

export function Chart(props: ChartProps) {
  const { label, range, step, times, series, height = 190, stacked = false, format = count, onZoom } = props
  const { t, language } = usePreferences()
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const [at, setAt] = useState<number | null>(null)
  const names = series.map(one => one.label).join('\n')
  const drawn = useMemo(() => ({}), [range, times, names, stacked, language])
  const running = step === undefined ? undefined : runningStep(range, step, Date.now() / 1000)
  const time = at === null ? undefined : times[at]
  return (
    <figure class="chart">
      <Canvas
        class="chart-canvas"
        height={height}
        label={label}
        drawn={drawn}
        draw={async host => {
          const { drawChart } = await import('./draw-chart')
          const zoomed = onZoom && ((from: number, to: number) => zoom.current?.(from, to))
          const drawing = { height, range, times, series, stacked, format, language, running }
          const options = { ...drawing, onZoom: zoomed, onHover: setAt }
          return drawChart(host, options)
        }}
      />
      <figcaption class="chart-at">
        {time !== undefined && <span>{localTime(time * 1000, language)}</span>}
        {series
          .map(({ label, values, colour, notes }) => ({
            label,
            colour,
            value: at === null ? null : values[at],
            note: at === null ? undefined : notes?.[at],
          }))
          .filter(({ value }) => at === null || value)
          .map(({ label, colour, value, note }) => (
            <span key={label} class="chart-value">
              <Dot colour={colour} />
              <MarkedText short text={label} /> {value && <b>{format(value)}</b>} {note}
            </span>
          ))}
        {running !== undefined && times.some(one => one >= running) && (
          <span class="chart-running">{t('chart.running')}</span>
        )}
      </figcaption>
    </figure>
  )
}

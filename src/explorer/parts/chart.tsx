// Lines or stacked areas over time, by uPlot, which comes as a chunk of its own. The
// same numbers stand in a table beside it, so to a screen reader the chart is a picture with a name.
import { useEffect, useRef, useState } from 'preact/hooks'
import { count, localTime } from '../data/format'
import { usePreferences } from '../i18n'
import type { Range } from '../range'
import { MarkedText } from './marked-text'
import type { Drawing } from './plot'
import { useDark } from './use-dark'

export interface ChartProps {
  readonly label: string
  /** What the chart is as wide as. */
  readonly range: Range
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly series: readonly {
    readonly label: string
    readonly values: readonly (number | null)[]
    /** Index of the palette, 0 to 7. */
    readonly colour: number
    /** What else a reader is told of each value. */
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
  const { label, range, times, series, height = 190, stacked = false, format = count, onZoom } = props
  const { language, theme } = usePreferences()
  const host = useRef<HTMLDivElement>(null)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const [at, setAt] = useState<number | null>(null)
  const dark = useDark()
  useEffect(() => {
    let drawing: Drawing | undefined
    let gone = false
    import('./draw-chart').then(({ drawChart }) => {
      if (!gone && host.current)
        drawing = drawChart(host.current, {
          height,
          range,
          times,
          series,
          stacked,
          format,
          language,
          onZoom: onZoom && ((from, to) => zoom.current?.(from, to)),
          onHover: setAt,
        })
    })
    return () => {
      gone = true
      drawing?.destroy()
    }
  }, [range, times, series.map(one => one.label).join('\n'), stacked, theme, dark, language])
  const time = at === null ? undefined : times[at]
  return (
    <figure class="chart">
      <div ref={host} class="chart-canvas" style={{ height: `${height}px` }} role="img" aria-label={label} />
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
          .slice(0, 8)
          .map(({ label, colour, value, note }) => (
            <span key={label} class="chart-value">
              <span class={`dot c${colour}`} aria-hidden="true" />
              <MarkedText short text={label} /> {value && <b>{format(value)}</b>} {note}
            </span>
          ))}
      </figcaption>
    </figure>
  )
}

// Draws lines or stacked bars. Loaded by chart.tsx when a chart is shown.
import uPlot from 'uplot'
import { paint } from '../data/colours'
import type { Language } from '../i18n'
import type { ChartProps } from './chart'
import { type Drawing, layers, plot, resolved } from './plot'

type Options = Required<Pick<ChartProps, 'height' | 'range' | 'times' | 'series' | 'stacked' | 'format'>> & {
  readonly language: Language
  readonly onZoom: ChartProps['onZoom']
  readonly running: number | undefined
  /** Index of the time below the pointer, or null. */
  onHover(index: number | null): void
}

/** From each step's beginning to the next one. */
const bars = uPlot.paths.bars!({ size: [0.92, 40], align: 1 })

export function drawChart(host: HTMLElement, options: Options): Drawing {
  const { times, series, stacked, format, ...others } = options
  const { order, rows } = layers(series, stacked)
  return plot(host, {
    ...others,
    data: [times, ...rows],
    y: { range: (min, max) => [Math.min(0, min), max > 0 ? max * 1.08 : 1], format },
    series: order.map(index => {
      const stroke = resolved(host, paint(series[index]!.colour))
      return {
        label: series[index]!.label,
        stroke,
        width: stacked ? 0 : 1.5,
        // between two steps with something to measure there was nothing
        spanGaps: true,
        points: { show: !stacked && times.length < 40, size: 4 },
        ...(stacked ? { fill: stroke, paths: bars } : series.length === 1 && { fill: translucent(stroke) }),
      }
    }),
  })
}

function translucent(colour: string): string {
  return colour.replace(/^rgb\((.+)\)$/, 'rgba($1, 0.15)')
}

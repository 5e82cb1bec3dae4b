// Draws with uPlot in the page's colours. Loaded by chart.tsx when a chart is shown.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { tickTime } from '../data/format'
import { stacked as stack } from '../data/series'
import type { Language } from '../i18n'
import type { ChartProps } from './chart'

export interface Drawing {
  destroy(): void
}

type Options = Required<Pick<ChartProps, 'height' | 'range' | 'times' | 'series' | 'stacked' | 'format'>> & {
  readonly language: Language
  readonly onZoom: ChartProps['onZoom']
  /** Index of the time below the pointer, or null. */
  onHover(index: number | null): void
}

/** From each step's beginning to the next one. */
const bars = uPlot.paths.bars!({ size: [0.92, 40], align: 1 })

export function drawChart(host: HTMLElement, options: Options): Drawing {
  const { height, range, times, series, stacked, format, language, onZoom, onHover } = options
  const values = stacked ? stack(series.map(one => one.values)) : series.map(one => [...one.values])
  // what is stacked on top is drawn first, so that each area covers the ones below it
  const order = stacked ? [...series.keys()].reverse() : [...series.keys()]
  const style = getComputedStyle(host)
  const colour = (name: string) => resolved(host, name)
  const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
  const chart = new uPlot(
    {
      width: host.clientWidth,
      height: height,
      padding: [10, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: onZoom !== undefined, y: false, setScale: false }, points: { size: 6 } },
      scales: {
        x: { range: [range.start, range.end] },
        y: { range: (_, min, max) => [Math.min(0, min), max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          gap: 4,
          font: `11px ${style.fontFamily}`,
          values: (_, ticks, __, ___, step) => ticks.map(tick => tickTime(tick, step, language)),
        },
        { ...axis, font: `11px ${style.fontFamily}`, size: 64, values: (_, ticks) => ticks.map(tick => format(tick)) },
      ],
      series: [
        {},
        ...order.map(index => {
          const stroke = colour(`--c${series[index]!.colour}`)
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
      ],
      hooks: {
        setCursor: [({ cursor }) => onHover(cursor.idx ?? null)],
        setSelect: [
          ({ select, posToVal, setSelect }) => {
            if (select.width < 4) return
            onZoom?.(posToVal(select.left, 'x'), posToVal(select.left + select.width, 'x'))
            setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          },
        ],
      },
    },
    [[...times], ...order.map(index => values[index]!)],
    host,
  )
  const watch = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: height }))
  watch.observe(host)
  return {
    destroy() {
      watch.disconnect()
      chart.destroy()
    },
  }
}

/** A canvas knows no custom properties and no light-dark(). */
function resolved(host: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function translucent(colour: string): string {
  return colour.replace(/^rgb\((.+)\)$/, 'rgba($1, 0.15)')
}

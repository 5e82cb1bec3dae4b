// A chart over time by uPlot in the page's colours: axes, pointer, and zoom. What is drawn in it, the series say.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { tickTime } from '../data/format'
import { stacked } from '../data/series'
import type { Language } from '../i18n'
import type { TimeRange } from '../range'

export interface Drawing {
  destroy(): void
}

export interface Plot {
  /** Pixels; without it as high as the host. */
  readonly height?: number | undefined
  readonly range: TimeRange
  readonly language: Language
  /** The times, and a row of values for each series. */
  readonly data: readonly (readonly (number | null)[])[]
  readonly series: readonly uPlot.Series[]
  readonly y: {
    readonly range: (min: number, max: number) => [number, number]
    readonly format: (value: number) => string
    /** Where the axis has its lines; by default on round numbers. */
    readonly splits?: readonly number[]
    /** Of which sizes the steps of the axis may be. */
    readonly steps?: readonly number[]
    readonly hasGrid?: boolean
  }
  readonly hooks?: uPlot.Hooks.Arrays
  /** Seconds: what is drawn from there on is hatched, since it is not over yet. */
  readonly running?: number | undefined
  /** Called with the seconds that the reader drew a box around. */
  readonly onZoom?: ((from: number, to: number) => void) | undefined
  /** Index of the time below the pointer, or null. */
  onHover(index: number | null): void
}

export function plot(host: HTMLElement, options: Plot): Drawing {
  const { height, range, data, series, y, language, hooks, running, onZoom, onHover } = options
  const font = `11px ${getComputedStyle(host).fontFamily}`
  const grid = { stroke: resolved(host, 'var(--line)'), width: 1 }
  const axis = { stroke: resolved(host, 'var(--quiet)'), grid, ticks: { show: false }, font }
  const sizeOf = () => ({ width: host.clientWidth, height: height ?? host.clientHeight })
  const chart = new uPlot(
    {
      ...sizeOf(),
      padding: [10, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: onZoom !== undefined, y: false, setScale: false }, points: { size: 6 } },
      scales: {
        x: { range: [range.start, range.end] },
        y: { range: (_, min, max) => y.range(min, max) },
      },
      axes: [
        {
          ...axis,
          size: 26,
          gap: 4,
          // a day and a time are longer than a time
          space: 84,
          values: (_, ticks, __, ___, step) => ticks.map((tick, at) => tickTime(tick, step, language, ticks[at - 1])),
        },
        {
          ...axis,
          // a low chart has more than its 0 on the axis
          space: (height ?? 190) < 120 ? 16 : 30,
          size: (_, values) => axisWidth(host, font, values ?? []),
          values: (_, ticks) => ticks.map(tick => y.format(tick)),
          ...(y.splits && { splits: () => [...y.splits!] }),
          ...(y.steps && { incrs: [...y.steps] }),
          ...(y.hasGrid === false && { grid: { show: false } }),
        },
      ],
      series: [{}, ...series],
      hooks: {
        ...hooks,
        ...(running !== undefined && {
          draw: [...(hooks?.draw ?? []), hatched(running, resolved(host, 'var(--surface)'))],
        }),
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
    data.map(row => [...row]) as unknown as uPlot.AlignedData,
    host,
  )
  const watch = new ResizeObserver(() => chart.setSize(sizeOf()))
  watch.observe(host)
  return {
    destroy() {
      watch.disconnect()
      chart.destroy()
    },
  }
}

/** Stripes over what was drawn from a time on, and over nothing else. */
function hatched(from: number, colour: string) {
  return ({ ctx, bbox, valToPos }: uPlot) => {
    const left = Math.max(bbox.left, valToPos(from, 'x', true))
    const right = bbox.left + bbox.width
    if (left >= right) return
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, bbox.top, right - left, bbox.height)
    ctx.clip()
    ctx.globalCompositeOperation = 'source-atop'
    ctx.strokeStyle = colour
    ctx.lineWidth = 2 * devicePixelRatio
    ctx.beginPath()
    for (let x = left - bbox.height; x < right; x += 6 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height)
      ctx.lineTo(x + bbox.height, bbox.top)
    }
    ctx.stroke()
    ctx.restore()
  }
}

interface Layers {
  /** Indexes of the series. */
  readonly order: readonly number[]
  /** Their values, in this order. */
  readonly rows: readonly (readonly (number | null)[])[]
}

/** The order in which series are drawn. What is stacked on top comes first, so that each area covers the ones below it. */
export function layers(series: readonly { readonly values: readonly (number | null)[] }[], isStacked: boolean): Layers {
  const values = series.map(one => one.values)
  const order = [...series.keys()]
  return isStacked ? { order: order.reverse(), rows: stacked(values).reverse() } : { order, rows: values }
}

/** As wide as its longest text. */
function axisWidth(host: HTMLElement, font: string, values: readonly string[]): number {
  const context = host.ownerDocument.createElement('canvas').getContext('2d')!
  context.font = font
  return Math.max(40, ...values.map(value => Math.ceil(context.measureText(value).width) + 14))
}

/** A canvas knows no custom properties and no light-dark(). */
export function resolved(host: HTMLElement, colour: string): string {
  const probe = document.createElement('span')
  probe.style.color = colour
  host.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

// Draws the lines of a panel, or areas upon each other, with the steps of the panel and the marks of the board.
import type uPlot from 'uplot'
import type { Language } from '../../i18n'
import { type Drawing, layers, plot, resolved } from '../../parts/plot'
import type { TimeRange } from '../../range'

export interface Lines {
  readonly range: TimeRange
  readonly language: Language
  /** Seconds since 1970, one a step: a line ends where a value is missing. */
  readonly times: readonly number[]
  readonly series: readonly {
    readonly name: string
    readonly colour: string
    readonly values: readonly (number | null)[]
  }[]
  readonly stacked: boolean
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly steps: readonly { readonly from: number; readonly colour: string }[]
  readonly marks: readonly { readonly from: number; readonly to: number; readonly colour: string }[]
  readonly format: (value: number) => string
  /** The values are bytes or bits in steps of 1,024: the axis has round ones. */
  readonly isBinary: boolean
  onZoom(from: number, to: number): void
  onHover(index: number | null): void
}

export function drawLines(host: HTMLElement, lines: Lines): Drawing {
  const { range, language, times, series, stacked, min, max, steps, marks, onZoom, onHover } = lines
  const { order, rows } = layers(series, stacked)
  return plot(host, {
    range,
    language,
    data: [times, ...rows],
    y: {
      range: (least, most) => edges(Math.min(0, least), Math.max(0, most), min, max),
      format: value => shorter(lines.format(value)),
      ...(lines.isBinary && { steps: Array.from({ length: 60 }, (_, power) => 2 ** power) }),
    },
    series: order.map(index => {
      const stroke = resolved(host, series[index]!.colour)
      return {
        label: series[index]!.name,
        stroke,
        width: 1.5,
        spanGaps: false,
        ...(stacked && { fill: stroke }),
        // a value between two gaps has no line
        points: { show: true, size: 4, fill: stroke, filter: lonely },
      }
    }),
    hooks: {
      drawClear: [chart => drawMarks(chart, marks)],
      draw: [chart => drawSteps(chart, steps)],
    },
    onZoom,
    onHover,
  })
}

function edges(least: number, most: number, min?: number, max?: number): [number, number] {
  const top = max ?? (most > 0 ? most * 1.08 : 0)
  const bottom = min ?? (least < 0 ? least * 1.08 : 0)
  return [bottom, top > bottom ? top : bottom + 1]
}

/** Round numbers need no zeros behind the point. */
const shorter = (text: string): string => text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '')

function lonely({ data }: uPlot, index: number): number[] {
  const row = data[index] as (number | null)[]
  const isGap = (at: number) => (row[at] ?? null) === null
  return [...row.keys()].filter(at => !isGap(at) && isGap(at - 1) && isGap(at + 1))
}

function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: Lines['marks']): void {
  const clamped = (time: number) => Math.min(Math.max(valToPos(time, 'x', true), bbox.left), bbox.left + bbox.width)
  ctx.save()
  for (const { from, to, colour } of marks) {
    const [left, right] = [clamped(from), clamped(to)]
    ctx.fillStyle = colour
    ctx.globalAlpha = 0.12
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.globalAlpha = 0.9
    ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height)
  }
  ctx.restore()
}

/** Dashed, as Grafana has them. */
function drawSteps({ ctx, bbox, valToPos, scales }: uPlot, steps: Lines['steps']): void {
  const { min, max } = scales.y!
  ctx.save()
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio])
  for (const { from, colour } of steps) {
    if (from < min! || from > max!) continue
    const y = valToPos(from, 'y', true)
    ctx.strokeStyle = colour
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.restore()
}

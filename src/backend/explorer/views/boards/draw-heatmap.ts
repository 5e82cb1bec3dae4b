// Draws the buckets of a histogram over time: a row for each bucket, the darker the more fell into it.
import type uPlot from 'uplot'
import type { Buckets } from '../../data/board/series'
import type { Language } from '../../i18n'
import { type Drawing, plot } from '../../parts/plot'
import type { TimeRange } from '../../range'

export interface Heatmap extends Buckets {
  readonly range: TimeRange
  readonly language: Language
  /** Seconds from one time to the next. */
  readonly step: number
  readonly colour: string
  readonly format: (edge: number) => string
  onZoom(from: number, to: number): void
  onHover(index: number | null): void
}

/** Pixels of a label of the axis, and of what stands below the rows. */
const LABEL = 16
const BELOW = 40

export function drawHeatmap(host: HTMLElement, heatmap: Heatmap): Drawing {
  const { range, language, times, rows, format, onZoom, onHover } = heatmap
  // a label for each row may have no room
  const every = Math.max(1, Math.ceil((rows.length * LABEL) / Math.max(1, host.clientHeight - BELOW)))
  return plot(host, {
    range,
    language,
    // the pointer needs a series to find a time
    data: [times, times.map(() => 0)],
    series: [{ stroke: 'transparent', points: { show: false } }],
    y: {
      range: () => [0, rows.length],
      format: edge => format(edge === 0 ? rows[0]!.from : rows[edge - 1]!.to),
      splits: Array.from({ length: rows.length + 1 }, (_, edge) => edge).filter(edge => edge % every === 0),
      hasGrid: false,
    },
    hooks: { draw: [chart => drawCells(chart, heatmap)] },
    onZoom,
    onHover,
  })
}

function drawCells({ ctx, bbox, valToPos }: uPlot, { times, rows, step, colour }: Heatmap): void {
  const most = Math.max(...rows.flatMap(({ counts }) => counts))
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = colour
  const gap = devicePixelRatio
  for (const [row, { counts }] of rows.entries()) {
    const [bottom, top] = [valToPos(row, 'y', true), valToPos(row + 1, 'y', true)]
    for (const [at, count] of counts.entries()) {
      if (count <= 0) continue
      // a point counts what came in the step before it
      const [left, right] = [valToPos(times[at]! - step, 'x', true), valToPos(times[at]!, 'x', true)]
      ctx.globalAlpha = 0.12 + 0.88 * Math.sqrt(count / most)
      ctx.fillRect(left, top, Math.max(1, right - left - gap), Math.max(1, bottom - top - gap))
    }
  }
  ctx.restore()
}

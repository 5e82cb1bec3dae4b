// Draws the bins of a heatmap: the darker, the more spans; those that failed in red, from the left of each bin.
import type { HeatmapAnswer } from '../../../api/heatmap-answer'

export function drawCells(canvas: HTMLCanvasElement, { rows, steps }: HeatmapAnswer): void {
  const context = canvas.getContext('2d')!
  const { clientWidth, clientHeight } = canvas
  const scale = devicePixelRatio
  canvas.width = clientWidth * scale
  canvas.height = clientHeight * scale
  const style = getComputedStyle(canvas)
  const [others, failed] = [style.getPropertyValue('--c0'), style.getPropertyValue('--bad')]
  const most = rows.reduce((all, row) => row.spans.reduce((a, b) => Math.max(a, b), all), 1)
  const [width, height] = [canvas.width / steps, canvas.height / rows.length]
  const gap = Math.min(scale, width / 4)
  for (const [row, counts] of rows.entries()) {
    const top = canvas.height - (row + 1) * height
    for (const [step, spans] of counts.spans.entries()) {
      if (spans === 0) continue
      context.globalAlpha = 0.2 + 0.8 * Math.sqrt(spans / most)
      const left = step * width
      const red = (Math.max(1, width - gap) * counts.failed[step]!) / spans
      context.fillStyle = failed
      context.fillRect(left, top, red, height - gap)
      context.fillStyle = others
      context.fillRect(left + red, top, Math.max(1, width - gap) - red, height - gap)
    }
  }
}

// The whole trace in a strip: drag over a part of it to see that part, click to see all again. Drawn
// on a canvas, since a trace may have a hundred thousand spans.
import { useEffect, useRef, useState } from 'preact/hooks'
import { COLOURS, paint } from '../../data/colours'
import { rowsOf, type Tree } from '../../data/tree'
import { everything, fractionOf, timeAt, type VisibleRange } from '../../data/window'
import { usePreferences } from '../../i18n'

const HEIGHT = 44

export interface MinimapProps {
  readonly tree: Tree
  readonly window: VisibleRange
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
  onWindow(window: VisibleRange): void
}

export function Minimap({ tree, window, colours, onWindow }: MinimapProps) {
  const { t, theme } = usePreferences()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  useEffect(() => {
    const element = canvas.current!
    const draw = () => drawSpans(element, tree, colours)
    const watch = new ResizeObserver(draw)
    watch.observe(element)
    const media = matchMedia('(prefers-color-scheme: dark)')
    media.addEventListener('change', draw)
    return () => {
      watch.disconnect()
      media.removeEventListener('change', draw)
    }
  }, [tree, theme, colours])
  const all = everything(tree)
  const whole = window.from === all.from && window.to === all.to
  const fraction = (event: PointerEvent) => {
    const { left, width } = canvas.current!.getBoundingClientRect()
    return Math.max(0, Math.min(1, (event.clientX - left) / width))
  }
  const shown = drag ?? { from: fractionOf(window.from, all), to: fractionOf(window.to, all) }
  const [left, right] = [Math.min(shown.from, shown.to), Math.max(shown.from, shown.to)]
  return (
    <div
      class="minimap"
      title={t('minimap.how')}
      aria-hidden="true"
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: fraction(event), to: fraction(event) })
      }}
      onPointerMove={event => drag && setDrag({ ...drag, to: fraction(event) })}
      onPointerUp={() => {
        if (!drag) return
        setDrag(undefined)
        onWindow(right - left < 0.005 ? all : { from: timeAt(left, all), to: timeAt(right, all) + 1n })
      }}
    >
      <canvas ref={canvas} />
      {(drag || !whole) && (
        <>
          <span class="minimap-off" style={{ left: 0, width: `${100 * left}%` }} />
          <span class="minimap-off" style={{ left: `${100 * right}%`, right: 0 }} />
        </>
      )}
    </div>
  )
}

function drawSpans(canvas: HTMLCanvasElement, tree: Tree, ofService: ReadonlyMap<string, number>): void {
  const scale = devicePixelRatio
  const width = canvas.clientWidth
  canvas.width = width * scale
  canvas.height = HEIGHT * scale
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  const rows = rowsOf(tree, new Set())
  const all = everything(tree)
  const line = Math.max(1, Math.min(4, HEIGHT / rows.length - 1))
  const style = getComputedStyle(canvas)
  const probe = document.createElement('span')
  canvas.parentElement!.append(probe)
  const colours = Array.from({ length: COLOURS }, (_, index) => {
    probe.style.color = paint(index)
    return getComputedStyle(probe).color
  })
  probe.remove()
  for (const [index, { span }] of rows.entries()) {
    const left = fractionOf(span.start, all) * width
    const right = fractionOf(span.end, all) * width
    context.fillStyle = span.status === 'error' ? style.color : colours[ofService.get(span.service) ?? 0]!
    context.fillRect(left, (index / rows.length) * (HEIGHT - line), Math.max(1, right - left), line)
  }
}

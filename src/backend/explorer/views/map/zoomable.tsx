// A drawing that is as large as it is, seen whole at first: it is made smaller until it fits. From there it is zoomed by buttons, or by a wheel or a
// pinch with Ctrl as in a map, and moved by dragging or scrolling.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useText } from '../../i18n'

const STEP = 1.4
/** Pixels that a click may move. */
const CLICK = 4
const [LEAST, MOST] = [0.05, 2]

export interface ZoomableProps {
  /** Pixels of the drawing. */
  readonly width: number
  readonly height: number
  readonly children: ComponentChildren
}

export function Zoomable({ width, height, children }: ZoomableProps) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  /** The scale at which all of it is seen. */
  const [fit, setFit] = useState(1)
  /** Undefined: it fits. */
  const [chosen, setChosen] = useState<number>()
  const scale = chosen ?? fit
  useLayoutEffect(() => {
    const element = box.current!
    const measure = () => {
      const most = Number.parseFloat(getComputedStyle(element).maxHeight)
      setFit(Math.max(LEAST, Math.min(1, element.clientWidth / width, most / height)))
    }
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    measure()
    return () => watch.disconnect()
  }, [width, height])

  /** What is at this point of the box stays there. */
  const zoom = (by: number, at?: { x: number; y: number }) => {
    const element = box.current!
    const { x, y } = at ?? { x: element.clientWidth / 2, y: element.clientHeight / 2 }
    const next = Math.max(LEAST, Math.min(MOST, scale * by))
    const [left, top] = [(element.scrollLeft + x) / scale, (element.scrollTop + y) / scale]
    setChosen(next)
    requestAnimationFrame(() => element.scrollTo(left * next - x, top * next - y))
  }
  const drag = useRef<{ x: number; y: number; isMoved: boolean } | undefined>(undefined)
  const wasMoved = useRef(false)
  return (
    <div class="zoomable">
      <p class="zoomable-buttons">
        <button type="button" onClick={() => zoom(STEP)} disabled={scale >= MOST}>
          {t('zoom.in')}
        </button>
        <button type="button" onClick={() => zoom(1 / STEP)} disabled={scale <= LEAST}>
          {t('zoom.out')}
        </button>
        <button type="button" onClick={() => setChosen(undefined)} disabled={chosen === undefined}>
          {t('zoom.fit')}
        </button>
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons do the same by keyboard, and arrows scroll */}
      <div
        ref={box}
        class="zoomable-box"
        onWheel={event => {
          if (!event.ctrlKey) return
          event.preventDefault()
          const { left, top } = box.current!.getBoundingClientRect()
          zoom(event.deltaY < 0 ? STEP : 1 / STEP, { x: event.clientX - left, y: event.clientY - top })
        }}
        onPointerDown={event => {
          // a finger scrolls by itself
          if (event.pointerType === 'mouse') drag.current = { x: event.clientX, y: event.clientY, isMoved: false }
        }}
        onPointerMove={event => {
          const from = drag.current
          if (!from) return
          const [x, y] = [from.x - event.clientX, from.y - event.clientY]
          if (!from.isMoved && Math.hypot(x, y) < CLICK) return
          if (!from.isMoved) event.currentTarget.setPointerCapture(event.pointerId)
          box.current!.scrollBy(x, y)
          drag.current = { x: event.clientX, y: event.clientY, isMoved: true }
        }}
        onPointerUp={() => {
          wasMoved.current = drag.current?.isMoved === true
          drag.current = undefined
        }}
        onClickCapture={event => {
          // a link at which a drag began is not meant
          if (wasMoved.current) event.preventDefault()
          wasMoved.current = false
        }}
        onDragStart={event => event.preventDefault()}
      >
        <div style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
          <div
            class="zoomable-sheet"
            style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}
          >
            {children}
          </div>
        </div>
      </div>
    </div>
  )
}

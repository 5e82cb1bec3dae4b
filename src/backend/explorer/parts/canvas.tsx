// Where a chart is drawn, by a chunk that is loaded when there is one. The same numbers stand in a table next to it, so to a screen reader
// the chart is a picture with a name.
import { useEffect, useRef } from 'preact/hooks'
import { usePreferences } from '../i18n'
import type { Drawing } from './plot'
import { useDark } from './use-dark'

export interface CanvasProps {
  readonly class: string
  /** Pixels; by default as high as the style sheet says. */
  readonly height?: number
  /** Of the picture, to a screen reader. */
  readonly label: string
  /** Another object is drawn anew. */
  readonly drawn: unknown
  draw(host: HTMLElement): Promise<Drawing>
}

export function Canvas({ class: name, height, label, drawn, draw }: CanvasProps) {
  const { theme } = usePreferences()
  const dark = useDark()
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let drawing: Drawing | undefined
    let isGone = false
    // the chunk may come after the reader has left
    draw(host.current!).then(made => {
      if (isGone) made.destroy()
      else drawing = made
    })
    return () => {
      isGone = true
      drawing?.destroy()
    }
  }, [drawn, theme, dark])
  const style = height === undefined ? undefined : { height: `${height}px` }
  return <div ref={host} class={name} style={style} role="img" aria-label={label} />
}

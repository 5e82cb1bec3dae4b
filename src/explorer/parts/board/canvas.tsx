// Where a chart of a board is drawn, by a chunk that is loaded when there is one.
import { useEffect, useRef } from 'preact/hooks'
import { usePreferences } from '../../i18n'
import type { Drawing } from '../plot'
import { useDark } from '../use-dark'

export interface CanvasProps {
  /** Of the picture, to a screen reader; its values stand in a table beside it. */
  readonly label: string
  /** Another object is drawn anew. */
  readonly drawn: unknown
  draw(host: HTMLElement): Promise<Drawing>
}

export function Canvas({ label, drawn, draw }: CanvasProps) {
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
  return <div ref={host} class="board-canvas" role="img" aria-label={label} />
}

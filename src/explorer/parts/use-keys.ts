// Keys of a view, while nobody types. Called by the shell and the views.
import { useEffect } from 'preact/hooks'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** @param keys by `KeyboardEvent.key`; read anew on each render */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event)) return
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
      if (!act) return
      event.preventDefault()
      act(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

/** The composed path leads into the editor's shadow. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0]
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return event.key !== 'Escape'
  // a button or a link does what Enter says by itself
  return event.key === 'Enter' && /^(A|BUTTON|SUMMARY)$/.test(target.tagName)
}

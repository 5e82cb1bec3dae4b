// Keys of a view, while nobody types. Called by the shell and the views.
import { useLayoutEffect, useRef } from 'preact/hooks'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** @param keys by `KeyboardEvent.key`; those of the last render, so that fast typing never meets an old state */
export function useKeys(keys: Keys): void {
  const current = useRef(keys)
  current.current = keys
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      // an open dialog has the keys
      if (document.querySelector('dialog[open]')) return
      if (isTyping(event) || !Object.hasOwn(current.current, event.key)) return
      event.preventDefault()
      current.current[event.key]!(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** The composed path leads into the editor's shadow. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0]
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return event.key !== 'Escape'
  // a button or a link does what Enter says by itself
  return event.key === 'Enter' && /^(A|BUTTON|SUMMARY)$/.test(target.tagName)
}

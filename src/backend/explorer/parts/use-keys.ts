// Keys of a view, while nobody types.
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
      const box = boxOf(event)
      // Escape leaves what one types in, and not the view too
      if (box && event.key === 'Escape') box.blur()
      if (box || isOwn(event) || !Object.hasOwn(current.current, event.key)) return
      event.preventDefault()
      current.current[event.key]!(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** What is being typed in; the composed path leads into the editor's shadow. */
function boxOf(event: KeyboardEvent): HTMLElement | undefined {
  const target = event.composedPath()[0]
  if (!(target instanceof HTMLElement)) return undefined
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ? target : undefined
}

/** A button or a link does what Enter says by itself. */
function isOwn({ key, target }: KeyboardEvent): boolean {
  return key === 'Enter' && target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(target.tagName)
}

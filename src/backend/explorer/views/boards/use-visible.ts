// Whether an element is in sight, or nearly, as a hook.
import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export function useVisible(element: RefObject<HTMLElement | null>): boolean {
  const [isVisible, setVisible] = useState(false)
  useEffect(() => {
    const watch = new IntersectionObserver(entries => setVisible(entries.at(-1)!.isIntersecting), {
      // what is scrolled to is there already
      rootMargin: '200px',
    })
    watch.observe(element.current!)
    return () => watch.disconnect()
  }, [])
  return isVisible
}

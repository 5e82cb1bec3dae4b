// A part of a panel that scrolls where there is more than has room, also by a keyboard.
import type { ComponentChildren } from 'preact'

interface ScrolledProps {
  readonly label: string
  readonly class?: string
  readonly children: ComponentChildren
}

export function Scrolled({ label, class: name = 'board-scroll', children }: ScrolledProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to reach what scrolls
    // biome-ignore lint/a11y/useSemanticElements: two panels may have one title, and sections are landmarks, which have to differ
    <div class={name} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  )
}

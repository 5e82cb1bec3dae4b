// A box that narrows what is listed as one types. Called where attributes, queries and spans are looked for.
import type { RefObject } from 'preact'

export interface SearchBoxProps {
  readonly text: string
  /** Shown in the empty box, and told to screen readers. */
  readonly label: string
  readonly box?: RefObject<HTMLInputElement | null>
  onText(text: string): void
  onEnter?(): void
}

export function SearchBox({ text, label, box, onText, onEnter }: SearchBoxProps) {
  return (
    <input
      {...(box && { ref: box })}
      type="search"
      class="search-box"
      value={text}
      placeholder={label}
      aria-label={label}
      onInput={event => onText(event.currentTarget.value)}
      onKeyDown={event => event.key === 'Enter' && onEnter?.()}
    />
  )
}

// Looks for a text in the spans of a trace. Called by the waterfall.
import type { RefObject } from 'preact'
import { useText } from '../i18n'

export interface FindBoxProps {
  readonly box: RefObject<HTMLInputElement | null>
  readonly text: string
  /** How many spans have it. */
  readonly found: number
  onText(text: string): void
  onNext(): void
}

export function FindBox({ box, text, found, onText, onNext }: FindBoxProps) {
  const t = useText()
  return (
    <>
      <input
        ref={box}
        type="search"
        value={text}
        placeholder={t('waterfall.find')}
        aria-label={t('waterfall.find')}
        onInput={event => onText(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Enter' && onNext()}
      />
      <span class="waterfall-found" role="status">
        {text !== '' && t('waterfall.found', { n: found })}
      </span>
    </>
  )
}

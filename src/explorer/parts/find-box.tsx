// Looks for a text in the spans of a trace.
import type { RefObject } from 'preact'
import { useText } from '../i18n'
import { SearchBox } from './search-box'

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
      <SearchBox box={box} text={text} label={t('waterfall.find')} onText={onText} onEnter={onNext} />
      <span class="waterfall-found" role="status">
        {text !== '' && t('waterfall.found', { n: found })}
      </span>
    </>
  )
}

// Looks for a text in the spans of a trace.
import type { RefObject } from 'preact'
import { useText } from '../../i18n'
import { SearchBox } from '../../parts/search-box'

export interface FindBoxProps {
  readonly box: RefObject<HTMLInputElement | null>
  readonly text: string
  /** How many spans have it. */
  readonly found: number
  /** Which of them is chosen, from 1; 0 for none. */
  readonly at: number
  onText(text: string): void
  /** @param step 1 for the next one, -1 for the one before */
  onMove(step: number): void
}

export function FindBox({ box, text, found, at, onText, onMove }: FindBoxProps) {
  const t = useText()
  return (
    <>
      <SearchBox box={box} text={text} label={t('waterfall.find')} onText={onText} onEnter={() => onMove(1)} />
      <span class="waterfall-found" role="status">
        {text !== '' && t('waterfall.found', { n: found })}
        {at > 0 && ` · ${at}`}
      </span>
      {found > 0 &&
        ([-1, 1] as const).map(step => {
          const label = t(step < 0 ? 'waterfall.find_before' : 'waterfall.find_next')
          return (
            <button key={step} type="button" class="icon" title={label} aria-label={label} onClick={() => onMove(step)}>
              {step < 0 ? '↑' : '↓'}
            </button>
          )
        })}
    </>
  )
}

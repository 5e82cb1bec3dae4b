// A button that copies a text. Called beside ids, values and commands.
import { useState } from 'preact/hooks'
import { useText } from '../i18n'

export function Copy({ text }: { text: string }) {
  const t = useText()
  const [done, setDone] = useState(false)
  const copy = async (event: Event) => {
    event.stopPropagation()
    await navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => undefined,
    )
    setTimeout(() => setDone(false), 1_500)
  }
  return (
    <button type="button" class="icon" aria-label={t('copy.label')} title={t('copy.label')} onClick={copy}>
      {done ? '✓' : <TwoSheets />}
    </button>
  )
}

/** Drawn, since few fonts have a character for it. */
function TwoSheets() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" aria-hidden="true">
      <rect x="1.5" y="1.5" width="8" height="8" rx="1" />
      <path d="M4.5 12.5h7a1 1 0 0 0 1-1v-7" />
    </svg>
  )
}

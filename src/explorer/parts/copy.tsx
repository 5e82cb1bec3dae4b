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
      {done ? '✓' : '⧉'}
    </button>
  )
}

// The keys, in a dialog.
import { useEffect, useRef } from 'preact/hooks'
import { type TextKey, useText } from '../i18n'
import { VIEWS } from '../views'

const KEYS: readonly (readonly [string, TextKey])[] = [
  ['/', 'help.search'],
  ['j k ↑ ↓', 'help.move'],
  ['Enter', 'help.open'],
  ['← →', 'help.fold'],
  ['Esc', 'help.back'],
  ['R', 'help.again'],
  ['+ − 0', 'help.zoom'],
  ['Ctrl Space', 'help.complete'],
  ['Alt ↑ ↓', 'help.history'],
  ['?', 'help.help'],
]

export function Help({ onClose }: { onClose(): void }) {
  const t = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">{t('help.title')}</h2>
      <dl class="keys">
        {KEYS.map(([keys, text]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
        {VIEWS.map(({ name, key }) => (
          <div key={name}>
            <dt>
              <kbd>g</kbd>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`view.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        {t('help.close')}
      </button>
    </dialog>
  )
}

// "Save view" in the header: the address under a name.
import { useState } from 'preact/hooks'
import { saveView } from '../data/saved-views'
import { useText } from '../i18n'
import { changed, href, type Route, rangeOf } from '../route'

export function SaveView({ route, title }: { route: Route; title: string }) {
  const t = useText()
  const [state, setState] = useState<'closed' | 'open' | 'saved'>('closed')
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get('name'))
    saveView({ name, hash: changed(route, {}) })
    setState('saved')
  }
  return (
    <>
      <button
        type="button"
        aria-expanded={state === 'open'}
        onClick={() => setState(state === 'open' ? 'closed' : 'open')}
      >
        {t('saved.this')}
      </button>
      {state === 'open' && (
        <form class="save-view" onSubmit={save}>
          <input
            name="name"
            aria-label={t('saved.name')}
            defaultValue={[title, route.params.get('q')].filter(Boolean).join(' ').slice(0, 80)}
            maxLength={100}
            autocomplete="off"
            required
          />
          <button type="submit" class="primary">
            {t('saved.save')}
          </button>
        </form>
      )}
      {state === 'saved' && (
        <span role="status">
          <a href={href(['saved'], rangeOf(route))}>{t('saved.done')}</a>
        </span>
      )}
    </>
  )
}

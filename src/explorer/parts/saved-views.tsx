// The views that the reader has saved, and a form that saves this one.
import { useState } from 'preact/hooks'
import { forgetView, savedViews, saveView } from '../data/saved-views'
import { useText } from '../i18n'
import { changed, type Route } from '../route'
import { MarkedText } from './marked-text'

export function SavedViews({ route }: { route: Route }) {
  const t = useText()
  const [views, setViews] = useState(savedViews)
  const [name, setName] = useState('')
  return (
    <div>
      <h2>{t('saved.title')}</h2>
      <form
        class="saved-form"
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() === '') return
          setViews(saveView({ name: name.trim(), hash: changed(route, {}) }))
          setName('')
        }}
      >
        <input
          value={name}
          maxLength={80}
          aria-label={t('saved.name')}
          placeholder={t('saved.name')}
          onInput={event => setName(event.currentTarget.value)}
        />
        <button type="submit" disabled={name.trim() === ''}>
          {t('saved.save')}
        </button>
      </form>
      {views.length === 0 && <p class="quiet">{t('saved.none')}</p>}
      <ul>
        {views.map(view => (
          <li key={view.name} class="saved-view">
            <a href={view.hash}>
              <MarkedText short text={view.name} />
            </a>
            <button
              type="button"
              class="link"
              aria-label={t('saved.forget_one', { name: view.name })}
              onClick={() => setViews(forgetView(view.name))}
            >
              {t('saved.forget')}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

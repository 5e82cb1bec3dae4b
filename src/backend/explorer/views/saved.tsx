// The views that the reader saved, and those that the address brings from somebody else.
import { useState } from 'preact/hooks'
import {
  exportHash,
  forgetView,
  readViews,
  renamed,
  type SavedView,
  savedViews,
  saveViews,
  withView,
} from '../data/saved-views'
import { useText } from '../i18n'
import { Copy } from '../parts/copy'
import { MarkedText } from '../parts/marked-text'
import { Empty } from '../parts/state'
import { changed, go, parseRoute } from '../route'
import { type ViewProps, viewOf } from '.'

export function SavedViewsView({ route }: ViewProps) {
  const t = useText()
  const [views, setViews] = useState(savedViews)
  const offered = readViews(route.params.get('views') ?? '')
  const keep = () => {
    setViews(saveViews(offered.reduce(withView, views)))
    go(changed(route, { views: undefined }), 'replace')
  }
  const page = location.href.split('#')[0]
  return (
    <div class="scroll padded saved">
      {offered.length > 0 && (
        <section aria-label={t('saved.offered')}>
          <h2>{t('saved.offered')}</h2>
          <ul>
            {offered.map(view => (
              <li key={view.name}>
                <Where view={view} />
              </li>
            ))}
          </ul>
          <button type="button" class="primary" onClick={keep}>
            {t('saved.keep_all', { n: offered.length })}
          </button>
        </section>
      )}
      {views.length === 0 && offered.length === 0 && (
        <Empty title={t('saved.nothing')}>
          <p>{t('saved.nothing_why')}</p>
        </Empty>
      )}
      {views.length > 0 && (
        <>
          <ul>
            {views.map(view => (
              <li key={view.name}>
                <Where view={view} />
                <Copy text={`${page}${view.hash}`} />
                <Rename view={view} onRename={to => setViews(saveViews(renamed(views, view.name, to)))} />
                <button
                  type="button"
                  aria-label={t('saved.forget_one', { name: view.name })}
                  onClick={() => setViews(forgetView(view.name))}
                >
                  {t('saved.forget')}
                </button>
              </li>
            ))}
          </ul>
          <p>
            <a href={exportHash(views)}>{t('saved.export')}</a> <Copy text={`${page}${exportHash(views)}`} />
          </p>
        </>
      )}
    </div>
  )
}

/** The link, and what is behind it. */
function Where({ view: { name, hash } }: { view: SavedView }) {
  const t = useText()
  const route = parseRoute(hash)
  const { params } = route
  const times = [params.get('from'), params.get('to')]
    .filter(Boolean)
    .map(seconds => new Date(Number(seconds) * 1_000).toISOString())
  const words = [t(`view.${viewOf(route).name}`), params.get('q'), params.get('range'), ...times, params.get('sort')]
  return (
    <span class="saved-where">
      <a href={hash}>
        <MarkedText short text={name} />
      </a>
      <span class="quiet">
        <MarkedText short text={words.filter(Boolean).join(' · ')} />
      </span>
    </span>
  )
}

function Rename({ view, onRename }: { view: SavedView; onRename(to: string): void }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  if (!open)
    return (
      <button type="button" aria-label={t('saved.rename_one', { name: view.name })} onClick={() => setOpen(true)}>
        {t('saved.rename')}
      </button>
    )
  const rename = (event: SubmitEvent) => {
    event.preventDefault()
    onRename(String(new FormData(event.currentTarget as HTMLFormElement).get('name')))
    setOpen(false)
  }
  return (
    <form onSubmit={rename}>
      <input
        name="name"
        aria-label={t('saved.name')}
        defaultValue={view.name}
        maxLength={100}
        autocomplete="off"
        required
      />
      <button type="submit">{t('saved.save')}</button>
    </form>
  )
}

// The bar above a view: its title, the time range, refresh.
import { dateTime } from '../data/format'
import { usePreferences } from '../i18n'
import { LAST, rangeName, type TimeRange } from '../range'
import { changed, go, type Route } from '../route'
import { viewOf } from '../views'
import { SaveView } from './save-view'

/** Seconds between two rounds, in each of which the page loads its data again; 0 for never. */
export const REFRESH = [0, 10, 60] as const

export interface HeaderProps {
  readonly route: Route
  readonly range: TimeRange
  readonly refresh: number
  again(): void
  onRefresh(seconds: number): void
}

export function Header({ route, range, refresh, again, onRefresh }: HeaderProps) {
  const { t, language } = usePreferences()
  const absolute = route.params.has('from') && route.params.has('to')
  const pick = (name: string) => {
    if (name === 'fixed') go(changed(route, { range: undefined, from: String(range.start), to: String(range.end) }))
    else go(changed(route, { range: name, from: undefined, to: undefined }))
  }
  return (
    <header class="header">
      <h1>{t(`view.${viewOf(route).name}`)}</h1>
      <div class="header-range">
        <label>
          <span class="hidden">{t('range.label')}</span>
          <select
            value={absolute ? 'fixed' : rangeName(route.params)}
            onChange={event => pick(event.currentTarget.value)}
          >
            {Object.keys(LAST).map(name => (
              <option key={name} value={name}>
                {t(`range.${name}` as 'range.1h')}
              </option>
            ))}
            <option value="fixed">{t('range.fixed')}</option>
          </select>
        </label>
        {absolute && (
          <span class="header-fixed">
            <LocalInput label={t('range.from')} seconds={range.start} onPick={from => go(changed(route, { from }))} />
            <span aria-hidden="true">–</span>
            <LocalInput label={t('range.to')} seconds={range.end} onPick={to => go(changed(route, { to }))} />
          </span>
        )}
        <label>
          <span class="hidden">{t('refresh.label')}</span>
          <select value={refresh} onChange={event => onRefresh(Number(event.currentTarget.value))}>
            {REFRESH.map(seconds => (
              <option key={seconds} value={seconds}>
                {t(seconds === 0 ? 'refresh.off' : `refresh.${seconds}`)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          onClick={again}
          title={`${t('range.again')} (R) · ${dateTime(range.start, language)} – ${dateTime(range.end, language)}`}
          aria-label={t('range.again')}
        >
          ↻
        </button>
        {viewOf(route).name !== 'saved' && (
          <SaveView key={changed(route, {})} route={route} title={t(`view.${viewOf(route).name}`)} />
        )}
      </div>
    </header>
  )
}

function LocalInput({ label, seconds, onPick }: { label: string; seconds: number; onPick(seconds: string): void }) {
  const date = new Date(seconds * 1000)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
  return (
    <input
      type="datetime-local"
      step="1"
      aria-label={label}
      value={local}
      onChange={event => {
        const picked = new Date(event.currentTarget.value).getTime()
        if (!Number.isNaN(picked)) onPick(String(Math.floor(picked / 1000)))
      }}
    />
  )
}

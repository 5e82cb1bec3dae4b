// The bar at the left: views, language, theme, help.
import { usePreferences } from '../i18n'
import { href, type Route, rangeOf } from '../route'
import { VIEWS } from '../views'

export function Navigation({ route, current, onHelp }: { route: Route; current: string; onHelp(): void }) {
  const { t, language, theme, change } = usePreferences()
  return (
    <nav class="nav" aria-label={t('shell.navigation')}>
      <a class="brand" href={href(['traces'], rangeOf(route))}>
        <span class="brand-mark" aria-hidden="true" />
        afn-otel
      </a>
      <ul>
        {VIEWS.map(({ name, key }) => (
          <li key={name}>
            <a
              href={href([name], rangeOf(route))}
              aria-current={current === name ? 'page' : undefined}
              title={`g ${key}`}
            >
              {t(`view.${name}`)}
            </a>
          </li>
        ))}
      </ul>
      <div class="nav-foot">
        <label>
          <span class="hidden">{t('shell.language')}</span>
          <select value={language} onChange={event => change({ language: event.currentTarget.value as 'en' | 'ja' })}>
            <option value="en" lang="en">
              English
            </option>
            <option value="ja" lang="ja">
              日本語
            </option>
          </select>
        </label>
        <label>
          <span class="hidden">{t('shell.theme')}</span>
          <select
            value={theme}
            onChange={event => change({ theme: event.currentTarget.value as 'auto' | 'light' | 'dark' })}
          >
            <option value="auto">{t('theme.auto')}</option>
            <option value="light">{t('theme.light')}</option>
            <option value="dark">{t('theme.dark')}</option>
          </select>
        </label>
        <button type="button" class="plain" onClick={onHelp}>
          <kbd>?</kbd> {t('help.title')}
        </button>
      </div>
    </nav>
  )
}

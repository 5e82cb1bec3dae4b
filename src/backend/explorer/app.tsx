// The shell: which view the address names, the navigation, the time range, language and theme.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Header, REFRESH } from './frame/header'
import { Help } from './frame/help'
import { Navigation } from './frame/navigation'
import { useRoute } from './frame/use-route'
import { type Language, type Preferences, PreferencesContext, translate } from './i18n'
import { store, stored } from './parts/browser-storage'
import { useKeys } from './parts/use-keys'
import { readRange } from './range'
import { go, href, rangeOf } from './route'
import { isKnown, VIEWS, viewOf } from './views'

export function App() {
  const preferences = usePreferencesOfReader()
  const route = useRoute()
  const [help, setHelp] = useState(false)
  const [round, setRound] = useState(0)
  const range = useMemo(() => readRange(route, Date.now()), [rangeText(route.params), round])
  const again = () => setRound(before => before + 1)
  const [refresh, setRefresh] = useRefresh(again)
  const { t } = preferences
  const view = viewOf(route)

  const [leading, setLeading] = useState(false)
  const shortcuts = Object.fromEntries(
    VIEWS.map(({ name, key }) => [key, () => leading && go(href([name], rangeOf(route)))]),
  )
  useKeys({
    ...(leading && shortcuts),
    g: () => {
      setLeading(true)
      setTimeout(() => setLeading(false), 1_500)
    },
    '?': () => setHelp(true),
    R: again,
  })
  useEffect(() => {
    document.title = `${t(`view.${view.name}`)} · afn-otel`
    scrollTo(0, 0)
  }, [view.name, preferences.language])

  return (
    <PreferencesContext value={preferences}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t('shell.skip')}
      </button>
      <Navigation route={route} current={view.nav} onHelp={() => setHelp(true)} />
      <div class="page">
        <Header route={route} range={range} again={again} refresh={refresh} onRefresh={setRefresh} />
        <main id="main" tabIndex={-1}>
          {route.path[0] !== '' && !isKnown(route) && (
            <p class="warnings" role="status">
              {t('shell.unknown', { place: route.path.join('/') })}
            </p>
          )}
          <view.View key={route.path.join('/')} route={route} range={range} round={round} again={again} />
        </main>
      </div>
      {help && <Help onClose={() => setHelp(false)} />}
    </PreferencesContext>
  )
}

/** Loads the data again in rounds, while the page is visible. @returns the seconds between two rounds, 0 for never, and what changes them */
function useRefresh(again: () => void): [number, (seconds: number) => void] {
  const [seconds, setSeconds] = useState<number>(() => REFRESH.find(one => String(one) === stored('refresh')) ?? 0)
  useEffect(() => {
    if (seconds === 0) return undefined
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), seconds * 1_000)
    return () => clearInterval(timer)
  }, [seconds])
  const change = (next: number) => {
    setSeconds(next)
    store('refresh', String(next))
  }
  return [seconds, change]
}

function rangeText(params: URLSearchParams): string {
  return ['range', 'from', 'to'].map(name => params.get(name)).join(' ')
}

function usePreferencesOfReader(): Preferences {
  const [language, setLanguage] = useState<Language>(
    () => languageOf(stored('language')) ?? languageOf(navigator.language.slice(0, 2)) ?? 'en',
  )
  const [theme, setTheme] = useState(() => themeOf(stored('theme')))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return useMemo(
    () => ({
      language,
      theme,
      t: translate(language),
      change(change) {
        if (change.language) {
          setLanguage(change.language)
          store('language', change.language)
        }
        if (change.theme) {
          setTheme(change.theme)
          store('theme', change.theme)
        }
      },
    }),
    [language, theme],
  )
}

function languageOf(text: string | null): Language | undefined {
  return text === 'en' || text === 'ja' ? text : undefined
}

function themeOf(text: string | null): Preferences['theme'] {
  return text === 'light' || text === 'dark' ? text : 'auto'
}

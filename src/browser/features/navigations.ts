/** Pages, also those that an app shows without loading one. */
import { guarded } from '../diagnose'
import { event } from '../record'
import { cleanUrl } from '../redact'

interface Navigation {
  addEventListener(type: 'currententrychange', see: (change: { navigationType: string | null }) => void): void
}

export function navigations(): void {
  let last = location.href
  const tell = guarded((type: string | null, sameDocument: boolean) => {
    const { href } = location
    // a replaced state with the same URL shows nothing new
    if (sameDocument && href === last) return
    const hashChange = sameDocument && href.split('#')[0] === last.split('#')[0]
    last = href
    event('browser.navigation', {
      'url.full': cleanUrl(href),
      'browser.navigation.same_document': sameDocument,
      'browser.navigation.hash_change': hashChange,
      'browser.navigation.type': type ?? undefined,
    })
  })
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  tell(entry?.type ?? null, false)

  const { navigation } = globalThis as { navigation?: Navigation }
  if (navigation) {
    navigation.addEventListener('currententrychange', ({ navigationType }) => tell(navigationType, true))
    return
  }
  for (const [name, type] of [
    ['pushState', 'push'],
    ['replaceState', 'replace'],
  ] as const) {
    const original = history[name]
    history[name] = function (this: History, ...given) {
      original.apply(this, given)
      tell(type, true)
    }
  }
  addEventListener('popstate', () => tell('traverse', true))
}

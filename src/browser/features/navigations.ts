/** Pages, also those that an app shows without loading one. */
import { guarded } from '../diagnose'
import { event } from '../record'
import { cleanUrl } from '../redact'
import { navigationEntry } from '../timeline'

interface Navigation {
  addEventListener(type: 'currententrychange', see: (change: { navigationType: string | null }) => void): void
}

let last: string

/** Tells of the page that is shown now. */
export const tellPage = /* @__PURE__ */ guarded((type: string | null, sameDocument: boolean) => {
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

/** By the Navigation API; without it `history.ts` finds the pages that are not loaded. */
export function navigations(): void {
  tellPage(navigationEntry().type ?? null, false)
  const { navigation } = globalThis as { navigation?: Navigation }
  navigation?.addEventListener('currententrychange', ({ navigationType }) => tellPage(navigationType, true))
}

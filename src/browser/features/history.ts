/** Pages that an app shows without loading one, in browsers without the Navigation API. */

/** @param tell is called with how the page came to be shown */
export function historyNavigations(tell: (type: string, sameDocument: boolean) => void): void {
  if ('navigation' in globalThis) return
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

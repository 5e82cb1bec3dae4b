/** Pages that an app shows without loading one, in browsers without the Navigation API. */

/** @param onNavigation is called with how the page came to be shown */
export function historyNavigations(onNavigation: (type: string, sameDocument: boolean) => void): void {
  if ('navigation' in globalThis) return
  for (const [name, type] of [
    ['pushState', 'push'],
    ['replaceState', 'replace'],
  ] as const) {
    const original = history[name]
    history[name] = function (this: History, ...args) {
      original.apply(this, args)
      onNavigation(type, true)
    }
  }
  addEventListener('popstate', () => onNavigation('traverse', true))
}

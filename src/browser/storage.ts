/** `localStorage`, which a setting or a sandbox may deny: reads nothing then. */

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

export const storedKeys = (): string[] => attempt(() => Object.keys(localStorage)) ?? []
export const read = (key: string): string | null | undefined => attempt(() => localStorage.getItem(key))
/** False when there is no room. */
export const write = (key: string, value: string): boolean =>
  !!attempt(() => {
    localStorage.setItem(key, value)
    return true
  })
export const remove = (key: string): void => attempt(() => localStorage.removeItem(key))

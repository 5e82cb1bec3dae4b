/** What the browser's own timeline has. */
import { guarded } from './diagnose'

/** Calls the function with each entry of the type, those of before included; never where the browser has none of it. */
export function onEntry<T extends PerformanceEntry>(type: string, see: (entry: T) => void): void {
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return
  const options = { type, buffered: true, durationThreshold: 40 }
  new PerformanceObserver(list => (list.getEntries() as T[]).forEach(guarded(see))).observe(options)
}

/** How the page was loaded. Safari has sometimes none. */
export const navigationEntry = (): Partial<PerformanceNavigationTiming> =>
  performance.getEntriesByType('navigation')[0] ?? {}

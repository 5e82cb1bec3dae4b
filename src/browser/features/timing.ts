/** How the page and its resources loaded, and the frames that took long: what the browser's own timeline says. */
import { way } from '../delivery'
import type { Attributes } from '../otlp'
import { pageTrace } from '../page-trace'
import { event, wallTime } from '../record'
import { cleanUrl } from '../redact'
import { snakeCased } from '../snake'
import { onEntry } from '../timeline'

/** What a navigation has beyond a resource. */
const NAVIGATION = /^(?:unload|dom[CI]|load|type|redirectC|activ)/

/** @param describe undefined when an entry has nothing to record */
function observe<T extends PerformanceEntry>(
  type: string,
  name: string,
  describe: (entry: T) => Attributes | undefined,
): void {
  const prefix = type === 'navigation' ? 'browser.resource_timing' : name
  /** Events a page, of each kind. */
  let left = 150
  onEntry<T>(type, entry => {
    const attributes = describe(entry)
    if (attributes && left-- > 0)
      event(
        name,
        { ...snakeCased(prefix, entry.toJSON(), NAVIGATION, name), ...attributes },
        9,
        type === 'navigation' ? pageTrace() : undefined,
        wallTime(entry.startTime),
      )
  })
}

/** Once, after the page was loaded; in the server's trace when the page names it. */
export function navigationTiming(): void {
  observe('navigation', 'browser.navigation_timing', ({ name }) => ({ 'url.full': cleanUrl(name) }))
}

/** Files; requests of `fetch` and XHR are spans. */
export function resourceTiming(): void {
  observe<PerformanceResourceTiming>('resource', 'browser.resource_timing', ({ name, initiatorType }) =>
    /^(?:fetch|xmlhttprequest|beacon)$/.test(initiatorType) || name.startsWith(way.endpoint)
      ? undefined
      : { 'url.full': cleanUrl(name) },
  )
}

interface LongFrame extends PerformanceEntry {
  readonly scripts: readonly { readonly duration: number; readonly sourceURL: string; toJSON(): object }[]
}

/** Frames of 100 ms and more in which scripts ran, with the one that took longest. */
export function longFrames(): void {
  observe<LongFrame>('long-animation-frame', 'browser.long_animation_frame', ({ duration, scripts }) => {
    // the browser's list begins at 50
    if (duration < 100) return undefined
    const [script] = [...scripts].sort((one, other) => other.duration - one.duration)
    return (
      script && {
        ...snakeCased('browser.long_animation_frame.script', script.toJSON()),
        'browser.long_animation_frame.script.source_url': cleanUrl(script.sourceURL),
      }
    )
  })
}

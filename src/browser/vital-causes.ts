/**
 * What caused a vital, by its entries and the browser's timeline: the attribution of `web-vitals/attribution`, as far as it is
 * numbers and texts. `targetOf` is to be called as the value changes, since elements may be gone later, `causeOf` for the report.
 * Times are milliseconds of `performance.now()`; what is 0 says nothing, and is not recorded.
 */
import type { CLSMetric, FCPMetric, INPMetric, LCPMetric, TTFBMetric } from 'web-vitals'
import { selectorOf } from './selector'
import { navigationEntry, onEntry } from './timeline'

interface Script {
  readonly startTime: number
  readonly duration: number
  readonly forcedStyleAndLayoutDuration: number
}

interface Frame extends PerformanceEntry {
  readonly styleAndLayoutStart: number
  readonly scripts: readonly Script[]
}

type Timed = PerformanceEventTiming & { readonly targetSelector?: string }

/** How far the document was loaded then; what is 0 has not been yet. */
function loadState(time = performance.now()): string {
  const { domInteractive, domContentLoadedEventStart, domComplete } = navigationEntry()
  const ends = {
    loading: domInteractive,
    'dom-interactive': domContentLoadedEventStart,
    'dom-content-loaded': domComplete,
  }
  return Object.entries(ends).find(([, end]) => end === 0 || time < end!)?.[0] ?? 'complete'
}

/** When the page was activated, which a prerendered one is late, and the first byte came after that. */
function start() {
  const { activationStart = 0, responseStart = 0 } = navigationEntry()
  return { activationStart, timeToFirstByte: Math.max(0, responseStart - activationStart) }
}

/** Of the largest shift, and of its parts the first that is an element. */
function largestShift({ entries }: CLSMetric) {
  const shift = [...entries].sort((one, other) => one.value - other.value).at(-1)
  const source = shift?.sources.find(({ node }) => node instanceof Element) ?? shift?.sources[0]
  return { shift, source }
}

export const targetOfCLS = (metric: CLSMetric) => ({
  largestShiftTarget: selectorOf(largestShift(metric).source?.node),
})

export function causeOfCLS(metric: CLSMetric) {
  const { shift, source } = largestShift(metric)
  return source && shift
    ? { largestShiftTime: shift.startTime, largestShiftValue: shift.value, loadState: loadState(shift.startTime) }
    : {}
}

/** Without an entry the page came back from the back/forward cache. */
export function causeOfFCP({ value, entries: [entry] }: FCPMetric) {
  const timeToFirstByte = entry ? start().timeToFirstByte : 0
  return { timeToFirstByte, firstByteToFCP: value - timeToFirstByte, loadState: loadState(entry?.startTime) }
}

export function targetOfLCP({ entries }: LCPMetric) {
  const entry = entries.at(-1)
  return { target: selectorOf(entry?.element) || (entry?.id && `#${entry.id}`) }
}

export function causeOfLCP({ value, entries }: LCPMetric) {
  const entry = entries.at(-1)
  if (!entry) return { elementRenderDelay: value }
  const { url, startTime } = entry
  const { activationStart, timeToFirstByte } = start()
  const requested = (file: PerformanceResourceTiming) => file.requestStart || file.startTime
  // the latest request that can have been painted
  const file = (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
    .filter(file => file.name === url && requested(file) <= startTime)
    .at(-1)
  const begin = Math.max(timeToFirstByte, file ? requested(file) - activationStart : 0)
  const end = Math.min(value, Math.max(begin, file ? file.responseEnd - activationStart : 0))
  return {
    url,
    timeToFirstByte,
    resourceLoadDelay: begin - timeToFirstByte,
    resourceLoadDuration: end - begin,
    elementRenderDelay: value - end,
  }
}

export function causeOfTTFB({ value, entries: [entry] }: TTFBMetric) {
  if (!(entry instanceof PerformanceNavigationTiming)) return {}
  const { workerStart, fetchStart, domainLookupStart, connectStart, connectEnd } = entry
  const { activationStart } = start()
  // the waiting for a service worker counts as the cache's
  const [waited, lookedUp, connecting, connected] = [
    workerStart || fetchStart,
    domainLookupStart,
    connectStart,
    connectEnd,
  ].map(time => Math.max(time - activationStart, 0)) as [number, number, number, number]
  return {
    waitingDuration: waited,
    cacheDuration: lookedUp - waited,
    dnsDuration: connecting - lookedUp,
    connectionDuration: connected - connecting,
    requestDuration: value - connected,
  }
}

const FRAME = 'long-animation-frame'

/** The last events and long frames, and those of the interaction that counts. */
let recent: PerformanceEntry[] = []
/** The first event of that interaction. */
let counts: Timed | undefined

const endOf = ({ startTime, duration }: Omit<Script, 'forcedStyleAndLayoutDuration'>) => startTime + duration

/** From now on events and long frames are there for `causeOfINP`. */
export function watchFrames(): void {
  const keep = (entry: PerformanceEntry) => {
    recent = [...recent, entry].filter(
      (entry, index, { length }) =>
        index >= length - 50 || (counts && endOf(entry) >= counts.startTime && entry.startTime <= endOf(counts)),
    )
  }
  for (const type of ['event', 'first-input', FRAME]) onEntry(type, keep)
}

export function targetOfINP({ entries }: INPMetric) {
  const events = entries as Timed[]
  counts = events[0]
  return {
    interactionTarget:
      selectorOf(events.find(event => event.target)?.target) ||
      events.find(event => event.targetSelector)?.targetSelector,
  }
}

export function causeOfINP({ value, entries: [first] }: INPMetric) {
  if (!first) return { presentationDelay: value, loadState: loadState() }
  const { startTime, name } = first
  // browsers round durations to 8 ms
  const events = recent.filter(
    entry => entry.entryType !== FRAME && Math.abs(endOf(entry) - endOf(first)) <= 8,
  ) as Timed[]
  events.push(first)
  const begin = Math.max(startTime, Math.min(...events.map(({ processingStart }) => processingStart)))
  const painted = Math.max(begin, endOf(first))
  const end = Math.min(painted, Math.max(...events.map(({ processingEnd }) => processingEnd)))
  return {
    interactionType: name.startsWith('key') ? 'keyboard' : 'pointer',
    interactionTime: startTime,
    nextPaintTime: painted,
    inputDelay: begin - startTime,
    processingDuration: end - begin,
    presentationDelay: painted - end,
    loadState: loadState(startTime),
    ...inFrames(startTime, end, painted),
  }
}

function inFrames(startTime: number, processed: number, painted: number) {
  const frames = recent.filter(
    entry => entry.entryType === FRAME && endOf(entry) >= startTime && entry.startTime <= processed,
  ) as Frame[]
  const last = frames.at(-1)
  if (!last) return {}
  let totalScriptDuration = 0
  let totalStyleAndLayoutDuration = 0
  for (const frame of frames) {
    totalStyleAndLayoutDuration += endOf(frame) - frame.styleAndLayoutStart
    for (const script of frame.scripts) {
      const ran = endOf(script) - Math.max(startTime, script.startTime)
      if (ran < 0) continue
      // nobody says when in the script it was
      const forced = script.duration ? (ran / script.duration) * script.forcedStyleAndLayoutDuration : 0
      totalScriptDuration += ran - forced
      totalStyleAndLayoutDuration += forced
    }
  }
  const totalPaintDuration = endOf(last) >= processed ? painted - endOf(last) : 0
  return {
    totalScriptDuration,
    totalStyleAndLayoutDuration,
    totalPaintDuration,
    totalUnattributedDuration:
      painted - startTime - totalScriptDuration - totalStyleAndLayoutDuration - totalPaintDuration,
  }
}

/** LCP, INP, CLS, FCP, TTFB and FID, with what caused them. Most of its weight is the library `web-vitals`. */
import { type MetricWithAttribution, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals/attribution'
import { guarded } from '../diagnose'
import type { Attributes } from '../otlp'
import { event } from '../record'
import { selectorOf } from '../selector'
import { snakeCased } from '../snake'

interface Vital extends Pick<MetricWithAttribution, 'value' | 'delta' | 'id' | 'rating'> {
  readonly name: string
  readonly navigationType?: string
}

const describe = (vital: Vital, attribution: object): Attributes => ({
  ...snakeCased('afn.web_vital', attribution),
  'browser.web_vital.name': vital.name.toLowerCase(),
  'browser.web_vital.value': vital.value,
  'browser.web_vital.delta': vital.delta,
  'browser.web_vital.id': vital.id,
  'browser.web_vital.rating': vital.rating,
  'browser.web_vital.navigation_type': vital.navigationType,
})

type OnVital = (attributes: Attributes) => void

/** First Input Delay, which web-vitals no longer has (https://web.dev/articles/fid): good to 100 ms, poor from 300 on. */
function onFID(onVital: OnVital): void {
  new PerformanceObserver(
    guarded((list: PerformanceObserverEntryList) => {
      const [entry] = list.getEntries() as PerformanceEventTiming[]
      if (!entry) return
      const value = entry.processingStart - entry.startTime
      const rating = value <= 100 ? 'good' : value <= 300 ? 'needs-improvement' : 'poor'
      onVital(
        describe(
          { name: 'FID', value, delta: value, id: `fid-${performance.timeOrigin}`, rating },
          { eventType: entry.name, eventTime: entry.startTime, target: selectorOf(entry.target as Element | null) },
        ),
      )
    }),
  ).observe({ type: 'first-input', buffered: true })
}

/** @param onVital is called with the attributes of each vital */
export function watchVitals(onVital: OnVital): void {
  const report = guarded((metric: MetricWithAttribution) => onVital(describe(metric, metric.attribution)))
  const options = { generateTarget: (element: Node | null) => selectorOf(element as Element | null) }
  for (const on of [onCLS, onINP, onLCP, onFCP, onTTFB]) (on as typeof onLCP)(report, options)
  onFID(onVital)
}

export function webVitals(): void {
  watchVitals(attributes => event('browser.web_vital', attributes))
}

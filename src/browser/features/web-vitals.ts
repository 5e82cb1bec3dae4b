/** LCP, INP, CLS, FCP, TTFB and FID, with what caused them. The library `web-vitals` measures all but FID. */
import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'
import { guarded } from '../diagnose'
import type { Attributes } from '../otlp'
import { event } from '../record'
import { selectorOf } from '../selector'
import { snakeCased } from '../snake'
import { onEntry } from '../timeline'
import {
  causeOfCLS,
  causeOfFCP,
  causeOfINP,
  causeOfLCP,
  causeOfTTFB,
  targetOfCLS,
  targetOfINP,
  targetOfLCP,
  watchFrames,
} from '../vital-causes'

interface Vital extends Pick<Metric, 'value' | 'delta' | 'id' | 'rating'> {
  readonly name: string
  readonly navigationType?: string
}

const describe = (vital: Vital, cause: object): Attributes => ({
  ...snakeCased('afn.web_vital', cause),
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
  onEntry<PerformanceEventTiming>('first-input', ({ name, startTime, processingStart, target }) => {
    const value = processingStart - startTime
    const rating = value <= 100 ? 'good' : value <= 300 ? 'needs-improvement' : 'poor'
    onVital(
      describe(
        { name: 'FID', value, delta: value, id: `fid-${performance.timeOrigin}`, rating },
        { eventType: name, eventTime: startTime, target: selectorOf(target) },
      ),
    )
  })
}

type On<M> = (report: (metric: M) => void, options?: { reportAllChanges: boolean }) => void

/** @param onVital is called with the attributes of each vital */
export function watchVitals(onVital: OnVital): void {
  function watch<M extends Metric>(on: On<M>, causeOf: (metric: M) => object, targetOf?: (metric: M) => object): void {
    let target = {}
    // before the report of the same change: what is registered first is called first
    if (targetOf)
      on(
        guarded((metric: M) => (target = targetOf(metric))),
        { reportAllChanges: true },
      )
    on(guarded((metric: M) => onVital(describe(metric, { ...causeOf(metric), ...target }))))
  }
  watchFrames()
  watch(onCLS, causeOfCLS, targetOfCLS)
  watch(onINP, causeOfINP, targetOfINP)
  watch(onLCP, causeOfLCP, targetOfLCP)
  watch(onFCP, causeOfFCP)
  watch(onTTFB, causeOfTTFB)
  onFID(onVital)
}

export function webVitals(): void {
  watchVitals(attributes => event('browser.web_vital', attributes))
}

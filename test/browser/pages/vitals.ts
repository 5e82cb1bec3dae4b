// The vitals of one page, ours and those of `web-vitals/attribution` beside them.
import { type MetricWithAttribution, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals/attribution'
import { watchVitals } from '../../../src/browser/features/web-vitals'
import { selectorOf } from '../../../src/browser/selector'
import { snakeCased } from '../../../src/browser/snake'

const ours: object[] = []
const theirs: object[] = []
watchVitals(attributes => ours.push(attributes))
for (const on of [onCLS, onINP, onLCP, onFCP, onTTFB] as (typeof onLCP)[])
  on(
    ({ name, value, delta, rating, attribution }: MetricWithAttribution) =>
      theirs.push({
        ...snakeCased('afn.web_vital', attribution),
        'browser.web_vital.name': name.toLowerCase(),
        'browser.web_vital.value': value,
        'browser.web_vital.delta': delta,
        'browser.web_vital.rating': rating,
      }),
    { generateTarget: selectorOf },
  )
const vitals = { ours, theirs, interacted: false }
new PerformanceObserver(() => requestIdleCallback(() => (vitals.interacted = true))).observe({ type: 'event' })
Object.assign(globalThis, { vitals })

// Whether a counter grew, in PromQL, where most counters do not exist before their first count.
import { ENVIRONMENT, TEAM } from '../../shared/otlp/origin-labels'

/** What tells one app from another, and whom it belongs to, of every series that comes by OTLP. */
export const app = ['job', 'service_name', TEAM, ENVIRONMENT]
/** Its `service.name`; `job` is namespace and name in one, and all that `target_info` has before Prometheus 3.1. */
export const appName = '{{ or $labels.service_name $labels.job }}'

/** The jobs of prometheus.yml whose counters are watched, and what tells how long ago each was started, in seconds. */
const uptime = {
  otelcol: 'otelcol_process_uptime{job="otelcol"}',
  tempo: 'time() - process_start_time_seconds{job="tempo"}',
  loki: 'time() - process_start_time_seconds{job="loki"}',
} as const

export type Scraped = keyof typeof uptime

/**
 * How much a counter grew; nothing where it did not. `increase()` alone sees nothing of a series that begins with its first count, as
 * most counters of the Collector and all that come by OTLP do. So a series that was not there before counts with its value, unless
 * Prometheus itself was not there: after a pause it would find old counts and take them for new ones.
 * @param selector of the counter
 * @param window such as `10m`, in minutes or hours
 * @param by labels that are kept
 * @param job whose presence tells that Prometheus was there: for what comes by OTLP, the Collector's
 */
export function grown(selector: string, window: string, by: readonly string[], job: Scraped): string {
  const seconds = Number(window.slice(0, -1)) * (window.endsWith('h') ? 3_600 : 60)
  return `sum by (${by.join(', ')}) (
  increase(${selector}[${window}]) > 0
  or (${selector} unless ${selector} offset ${window})
    and on () (max(up{job="${job}"} offset ${window}) or max(${uptime[job]} < ${seconds}))
) > 0`
}

/** The same of several counters, of which each series has at most one; the first that grew counts. */
export const anyGrown = (selectors: readonly string[], window: string, by: readonly string[], job: Scraped): string =>
  selectors.map(selector => grown(selector, window, by, job)).join('\nor ')

// The checks as metrics, so that alerts and probes see the same.
import { type Attributes, metrics } from '@opentelemetry/api'
import {
  ATTR_AFN_HEALTH_CHECK_COMPONENT,
  ATTR_AFN_HEALTH_CHECK_NAME,
  ATTR_AFN_HEALTH_CHECK_REQUIRED,
  ATTR_AFN_HEALTH_CHECK_STATE,
  METRIC_AFN_HEALTH_CHECK_DURATION,
  METRIC_AFN_HEALTH_CHECK_STATUS,
  METRIC_OPTIONS_AFN_HEALTH_CHECK_DURATION,
  METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS,
} from '../../../semconv'
import type { Check, Status } from './check'
import type { Health } from './health'

const statuses: readonly Status[] = ['pass', 'warn', 'fail']

const attributesOf = ({ name, component }: Check): Attributes => ({
  [ATTR_AFN_HEALTH_CHECK_NAME]: name,
  ...(component !== undefined && { [ATTR_AFN_HEALTH_CHECK_COMPONENT]: component }),
})

/** @returns to be called with each run of a check */
export function measure(
  health: () => Health,
  version: string | undefined,
): (check: Check, status: Status, durationMs: number) => void {
  const meter = metrics.getMeter('@afn/otel/health', version)
  const duration = meter.createHistogram(METRIC_AFN_HEALTH_CHECK_DURATION, METRIC_OPTIONS_AFN_HEALTH_CHECK_DURATION)
  // 1 for the status that a check has, 0 for the others, as the conventions have it for a status
  meter
    .createObservableUpDownCounter(METRIC_AFN_HEALTH_CHECK_STATUS, METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS)
    .addCallback(async result => {
      const { entries } = await health().look()
      for (const { check, result: last } of entries)
        for (const status of last ? statuses : [])
          result.observe(last?.status === status ? 1 : 0, {
            ...attributesOf(check),
            [ATTR_AFN_HEALTH_CHECK_REQUIRED]: check.required,
            [ATTR_AFN_HEALTH_CHECK_STATE]: status,
          })
    })
  return (check, status, durationMs) =>
    duration.record(durationMs / 1_000, { ...attributesOf(check), [ATTR_AFN_HEALTH_CHECK_STATE]: status })
}

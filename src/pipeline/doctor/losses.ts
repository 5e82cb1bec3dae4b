// What apps made and could not deliver, by what they counted themselves into Prometheus.
import { type Check, checksOf } from './check'
import { grownInADay } from './daily-growth'
import type { Vector } from './quality'

const counters = '{__name__=~"otel_sdk_(exporter_.+_exported|processor_.+_processed)_total",error_type!=""}'

/** For Prometheus; a series for each part of an SDK, cause and service that lost something within a day. */
export const lossesOfADay = `sum by (otel_component_type, error_type, job) (${grownInADay(counters)}) > 0`

/** Of the causes that have one; others are HTTP statuses and errors of the network, which say themselves what they are. */
const remedies: Readonly<Record<string, string>> = {
  queue_full:
    'the Collector was down or slow for longer than the queue lasts; AFN_SPOOL_DIR holds 256 MiB more, then raise OTEL_BSP_MAX_QUEUE_SIZE and OTEL_BLRP_MAX_QUEUE_SIZE',
  rejected: 'the Collector accepted only part of a request; see its log',
  timeout: 'the Collector did not answer in time',
  too_large: 'single records are larger than 8 MiB',
}

/** @param result undefined when there was no answer */
export function lossCheck(result: Vector | undefined): Check {
  const { holds, fails, skips } = checksOf('Prometheus')
  const name = 'lost telemetry'
  if (!result) return skips(name, 'the query failed')
  if (result.length === 0) return holds(name, 'no app reported a loss in the last day')
  const places = result.map(({ metric, value }) => {
    const { error_type: cause = '', job = 'unnamed', otel_component_type: component = '' } = metric
    const remedy = remedies[cause]
    return `${Math.ceil(Number(value[1]))} × ${cause} at ${component} of ${job}${remedy ? ` (${remedy})` : ''}`
  })
  return fails(name, `apps lost telemetry in the last day: ${places.join('; ')}`)
}

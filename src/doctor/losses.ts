// What apps made and could not deliver, by what they counted themselves into Prometheus.
import { type Check, checksOf } from './check'
import { grownInADay } from './day'
import type { Vector } from './quality'

const counters = '{__name__=~"otel_sdk_(exporter_.+_exported|processor_.+_processed)_total",error_type!=""}'

/** For Prometheus; a series for each part of an SDK, cause and service that lost something within a day. */
export const lossesOfADay = `sum by (otel_component_type, error_type, job) (${grownInADay(counters)}) > 0`

/** Of the causes that have one; others are HTTP statuses and errors of the network, which say themselves what they are. */
const remedies: Readonly<Record<string, string>> = {
  queue_full:
    'the Collector was away, or slow, for longer than the queue lasts; AFN_SPOOL_DIR has room for 256 MiB more, then OTEL_BSP_MAX_QUEUE_SIZE and OTEL_BLRP_MAX_QUEUE_SIZE',
  rejected: 'the Collector took a part of a request; its log says why',
  timeout: 'the Collector did not answer in time',
  too_large: 'single records are larger than 8 MiB',
}

/** @param result undefined when there was no answer */
export function lossCheck(result: Vector | undefined): Check {
  const { holds, fails, skips } = checksOf('Prometheus')
  const name = 'lost telemetry'
  if (!result) return skips(name, 'the question was not answered')
  if (result.length === 0) return holds(name, 'none that an app counted in the last day')
  const places = result.map(({ metric, value }) => {
    const { error_type: cause = '', job = 'unnamed', otel_component_type: component = '' } = metric
    const remedy = remedies[cause]
    return `${Math.ceil(Number(value[1]))} × ${cause} at ${component} of ${job}${remedy ? ` (${remedy})` : ''}`
  })
  return fails(name, `apps lost telemetry in the last day: ${places.join('; ')}`)
}

// Which rules of data quality spans and data points break, by what the Collector counted into Prometheus.
import { METRIC_AFN_DQ_VIOLATIONS } from '../../../semconv'
import { type Check, checksOf } from './check'
import { grownInADay } from './daily-growth'

/** The rules are those of src/pipeline/deployment/data-quality.ts. */
const remedies: Readonly<Record<string, string>> = {
  no_service_name: 'set OTEL_SERVICE_NAME in that app',
  no_model: 'the instrumentation there does not set gen_ai.request.model',
  no_usage: 'streams report tokens with AFN_INCLUDE_USAGE=on, or if the app sets stream_options.include_usage',
  unpriced_model: 'add the price to AFN_PRICES',
  negative_tokens: 'the token counts there are wrong',
  clock_skew: 'synchronize the clocks with NTP',
  point_time: 'data points more than 5 minutes ahead or 90 behind are dropped; synchronize the clocks with NTP',
  too_many_series:
    'the limit is 10,000 series per service, the rest is dropped; remove ids and times from the labels there',
  invalid_metric: 'a metric without a temporality or a name is dropped, as Prometheus would; update its producer',
  invalid_point: 'a histogram of a scale below -4 is dropped, as Prometheus would; update its producer',
  wrong_type: 'numbers are sent as strings there',
  pii_canary: 'the planted value got through: search for spans with afn.dq.canary',
}

const metric = `${METRIC_AFN_DQ_VIOLATIONS.replaceAll('.', '_')}_total`

/** For Prometheus; a series for each rule and service that broke it within a day. */
export const violationsOfADay = `sum by (rule, job) (${grownInADay(metric)}) > 0`

/** What Prometheus answers to an instant query. */
export type Vector = readonly {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}[]

/** @param result undefined when there was no answer */
export function qualityCheck(result: Vector | undefined): Check {
  const { holds, fails, skips } = checksOf('Prometheus')
  const name = 'data quality'
  if (!result) return skips(name, 'the query failed')
  if (result.length === 0) return holds(name, 'no violations in the last day')
  const rules = [...new Set(result.map(({ metric: { rule = '' } }) => rule))]
  const said = rules.map(rule => {
    const places = result
      .filter(({ metric }) => metric.rule === rule)
      .map(({ metric: { job = 'unnamed' }, value }) => `${Math.ceil(Number(value[1]))} × ${job}`)
    return `${rule} (${places.join(', ')})${remedies[rule] ? `: ${remedies[rule]}` : ''}`
  })
  return fails(name, `spans or data points violated rules in the last day; ${said.join('; ')}`)
}

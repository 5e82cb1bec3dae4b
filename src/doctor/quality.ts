// Which rules of data quality spans and data points break, by what the Collector counted into Prometheus.
import { METRIC_AFN_DQ_VIOLATIONS } from '../../semconv'
import { type Check, checksOf } from './check'
import { grownInADay } from './day'

/** The rules are those of src/pipeline/data-quality.ts. */
const remedies: Readonly<Record<string, string>> = {
  no_service_name: 'set OTEL_SERVICE_NAME there',
  no_model: 'what traces the call there writes no gen_ai.request.model',
  no_usage:
    'streams tell their tokens with AFN_INCLUDE_USAGE=on, or where the app asks by stream_options.include_usage',
  unpriced_model: 'give the price by AFN_PRICES',
  negative_tokens: 'what counts the tokens there is wrong',
  clock_skew: 'set the clocks by NTP',
  point_time: 'data points more than 5 minutes ahead or 90 behind are dropped; set the clocks by NTP',
  too_many_series:
    'a service has room for 10,000 series, and what is above is dropped; take ids and times out of the labels there',
  invalid_metric: 'a metric without a temporality or a name is dropped, as Prometheus would; update what makes it',
  invalid_point: 'a histogram of a scale below -4 is dropped, as Prometheus would; update what makes it',
  wrong_type: 'numbers are sent as text there',
  pii_canary: 'the planted value came through: look for the spans with afn.dq.canary',
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
  if (!result) return skips(name, 'the question was not answered')
  if (result.length === 0) return holds(name, 'no span or data point of the last day breaks a rule')
  const rules = [...new Set(result.map(({ metric: { rule = '' } }) => rule))]
  const said = rules.map(rule => {
    const places = result
      .filter(({ metric }) => metric.rule === rule)
      .map(({ metric: { job = 'unnamed' }, value }) => `${Math.ceil(Number(value[1]))} × ${job}`)
    return `${rule} (${places.join(', ')})${remedies[rule] ? `: ${remedies[rule]}` : ''}`
  })
  return fails(name, `spans or data points of the last day break rules; ${said.join('; ')}`)
}

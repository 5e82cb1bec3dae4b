// Data points that no Prometheus would take go out before they share a request with those of others, and are counted by sender. It refuses
// a request as a whole: one sender with a wrong clock would take the metrics of all.
import { type Resolution, resolutionSteps } from '../../shared/tiers'
import { note, type Section } from './yaml-comments'

const minute = 60_000_000_000
const hour = 60 * minute

/** Of each Prometheus: how much older than its newest sample one may be. */
export const outOfOrder = (resolution: Resolution): string => (resolution in resolutionSteps ? '3h' : '30m')

/** It takes what is ten minutes ahead of its clock, which is another than ours. */
const ahead = 5 * minute
/** What comes now waits up to an hour for its way to the low resolution, and others may be ahead meanwhile. */
const behind = 3 * hour - hour - 2 * ahead - 20 * minute

/** In OTTL, by what they are conditions of; each is a rule of data quality. A time from 2^63 on is one long ago. */
export const unusable = {
  metrics: {
    invalid_metric: [
      'metric.aggregation_temporality == AGGREGATION_TEMPORALITY_UNSPECIFIED',
      // nothing would be left of such a name
      'not IsMatch(metric.name, "[A-Za-z0-9]")',
    ],
  },
  datapoints: {
    invalid_point: ['datapoint.scale < -4'],
    point_time: [
      `datapoint.time_unix_nano > UnixNano(Now()) + ${ahead}`,
      `datapoint.time_unix_nano < UnixNano(Now()) - ${behind}`,
    ],
  },
} as const

const rules = Object.values(unusable).map(of => Object.entries(of))

export const [untyped, usable, named] = ['filter/untyped', 'filter/usable', 'transform/labels'] as const

export const windowProcessors = (): Section => ({
  [untyped]: note('The connector that counts points refuses a whole request if one metric has no type.', {
    error_mode: 'ignore',
    metric_conditions: ['metric.type == METRIC_DATA_TYPE_NONE'],
  }),
  [usable]: note(
    `Prometheus refuses a request as a whole. Data that it would refuse is counted (${rules.flatMap(of => of.map(([rule]) => rule)).join(', ')}) and dropped.`,
    {
      error_mode: 'ignore',
      metric_conditions: rules.map(of => ({ conditions: of.flatMap(([, conditions]) => conditions) })),
    },
  ),
  [named]: note('It also refuses a key that has no letter left once it is a label name.', {
    error_mode: 'ignore',
    metric_statements: ['resource', 'datapoint'].map(context => ({
      statements: [`delete_matching_keys(${context}.attributes, "^[^A-Za-z0-9]*$")`],
    })),
  }),
})

// What connectors count becomes what Prometheus can add up.
import { env } from './environment'
import { note, type Section } from './yaml-comments'

/** Between the connector and what adds up. */
export const dated = 'transform/dated'

export const datedNow = (): Section => ({
  [dated]: note('A count has the times of its spans, and delta_to_cumulative drops points older than the last one.', {
    error_mode: 'propagate',
    metric_statements: [
      {
        statements: [
          'set(datapoint.start_time, Now())',
          'set(datapoint.time, Now())',
          note(
            'Two Collectors each count a part of the same app.',
            `set(datapoint.attributes["collector.instance.id"], "${env('AFN_COLLECTOR_NAME')}")`,
          ),
        ],
      },
    ],
  }),
})

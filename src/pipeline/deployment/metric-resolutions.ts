// Metrics in up to three resolutions, each in a server that keeps it for its own time. Prometheus
// itself has one retention and thins nothing out.
import { type Resolution, resolutionSteps } from '../../shared/tiers'
import { agents } from './coding-agents'
import type { Legs } from './collector-sections'
import { dataQuality } from './data-quality'
import { prometheus } from './exporters'
import { named, untyped, usable, windowProcessors } from './metric-window'
import type { Plan } from './plan'
import { unmark } from './trust'
import { note, type Section } from './yaml-comments'

const levels = 'transform/levels'
const upAndDown = 'metric.type == METRIC_DATA_TYPE_SUM and metric.is_monotonic == false'

export function metricLegs(plan: Plan): Legs {
  const thinned = plan.metrics === 'three' ? (Object.keys(resolutionSteps) as (keyof typeof resolutionSteps)[]) : []
  const each = (entry: (resolution: keyof typeof resolutionSteps) => [string, unknown]): Section =>
    Object.fromEntries(thinned.map(entry))
  const server = (resolution: Resolution) => `otlp_http/prometheus-${resolution}`
  return {
    processors: {
      ...windowProcessors(),
      delta_to_cumulative: note('A single delta metric makes Prometheus refuse the whole request.', {
        max_stale: '1h',
        max_streams: 100_000,
      }),
      ...(thinned.length > 0 && {
        [levels]: note('The interval processor passes up-down sums through, and thins out gauges.', {
          error_mode: 'propagate',
          metric_statements: [
            {
              statements: [
                // the name of a gauge would end in _ratio
                `set(metric.unit, "") where ${upAndDown} and metric.unit == "1"`,
                `convert_sum_to_gauge() where ${upAndDown}`,
              ],
            },
          ],
        }),
      }),
      ...each(resolution => [`interval/${resolution}`, { interval: resolutionSteps[resolution] }]),
    },
    exporters: {
      [server('high')]: prometheus('high', plan),
      ...each(resolution => [server(resolution), prometheus(resolution, plan)]),
    },
    connectors: { 'forward/points': {}, ...(thinned.length > 0 && { 'forward/metrics': {} }) },
    pipelines: {
      'metrics/received': {
        receivers: ['otlp', 'otlp/trusted', 'span_metrics'],
        processors: [
          'memory_limiter',
          unmark,
          agents.metrics,
          untyped,
          'redaction/pii-metrics',
          'transform/pii-metrics',
          named,
        ],
        exporters: [dataQuality.points, 'forward/points'],
      },
      'metrics/in': {
        receivers: ['forward/points'],
        processors: [usable, 'delta_to_cumulative'],
        exporters: [server('high'), ...(thinned.length > 0 ? ['forward/metrics'] : [])],
      },
      ...each(resolution => [
        `metrics/${resolution}`,
        {
          receivers: ['forward/metrics'],
          processors: [levels, `interval/${resolution}`],
          exporters: [server(resolution)],
        },
      ]),
    },
  }
}

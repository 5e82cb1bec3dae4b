// What the Collector counted that should never happen. They are counts since its start: a restart clears them, and nothing else does.
import { type Check, checksOf } from '../check'
import type { Sample } from '../exposition'

interface Count {
  readonly name: string
  /** Of metrics; those of spans, metric points and log records have the signal at the end. */
  readonly metric: RegExp
  /** The label that says where it happened. */
  readonly by: string
  /** The values of the label that count; all, without. */
  readonly only?: string
  readonly means: string
  readonly remedy: string
}

const counts: readonly Count[] = [
  {
    name: 'refused',
    metric: /^otelcol_receiver_(?:refused|failed)_/,
    by: 'receiver',
    means: 'were refused on arrival',
    remedy: 'clients retry a few times; a queue is full or memory is low: check the queues and the stores',
  },
  {
    name: 'full disk',
    metric: /^otelcol_processor_disk_limiter_refused_/,
    by: 'processor',
    means: 'were refused, because the disk of the queues is full',
    remedy: 'clients retry: free space on the disk of AFN_QUEUE_DIR, or restore the store whose queue fills it',
  },
  {
    name: 'queue overflow',
    metric: /^otelcol_exporter_enqueue_failed_/,
    by: 'exporter',
    means: 'did not fit into the queue',
    remedy:
      'see the Collector\'s log: "sending queue is full" (its store was down for too long: restore it, or raise the queue size in pipeline.scale), "no space left on device" or "storage is full" (free space on the disk of AFN_QUEUE_DIR)',
  },
  {
    name: 'send failures',
    metric: /^otelcol_exporter_send_failed_/,
    by: 'exporter',
    means: 'were permanently rejected by the store, and are lost',
    remedy: 'the Collector\'s log has the responses ("Exporting failed. Dropping data.")',
  },
  {
    name: 'early drops',
    metric: /^otelcol_processor_tail_sampling_sampling_trace_dropped_too_early$/,
    by: 'processor',
    means: 'traces were dropped before the sampling decision: failed ones are missing in errors',
    remedy: 'raise AFN_NUM_TRACES (traces/s × AFN_DECISION_WAIT × 2), then run afn-otel reconcile',
  },
  {
    name: 'sampling errors',
    metric: /^otelcol_processor_tail_sampling_sampling_policy_evaluation_error$/,
    by: 'processor',
    means: 'sampling decisions failed',
    remedy: "the Collector's log names the policy",
  },
  {
    name: 'invalid spans',
    metric: /^otelcol_processor_filter_spans_filtered$/,
    by: 'filter',
    only: 'filter/invalid',
    means: 'spans without ids were dropped',
    remedy: 'another client than this SDK sends them',
  },
  {
    name: 'data quality',
    metric: /^otelcol_processor_incoming_items$/,
    by: 'processor',
    only: 'transform/data-quality',
    means: 'batches had spans that violate a rule',
    remedy: 'for the rule and service, query afn_dq_violations_total in Prometheus',
  },
]

/** @param since when they are counted from, in words */
export function countChecks(samples: ReadonlyMap<string, readonly Sample[]>, since: string): Check[] {
  const { holds, fails } = checksOf('Collector')
  return counts.map(({ name, metric, by, only, means, remedy }) => {
    const found = [...samples].flatMap(([key, values]) => (metric.test(key) ? values : []))
    const counted = new Map<string, number>()
    for (const { labels, value } of found) {
      const where = labels[by] ?? ''
      if (value > 0 && (only === undefined || where === only)) counted.set(where, (counted.get(where) ?? 0) + value)
    }
    if (counted.size === 0) return holds(name, `none ${since}`)
    const said = [...counted].map(([where, value]) => `${value} ${where && `at ${where} `}`.trim()).join(', ')
    return fails(name, `${said} ${means}, ${since}; ${remedy}`)
  })
}

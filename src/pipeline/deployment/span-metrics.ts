// The metrics of spans: how many there were, and how long they took.
import { ATTR_AFN_LLM_USAGE_ROLLUP } from '../../../semconv'
import { env } from './environment'
import { note, type Section } from './yaml-comments'

const bounds = { aggregation_cardinality_limit: 2000, series_expiration: '30m' }

/** Of a connector that counts in memory. */
export const byClock: Section = { ...bounds, metrics_flush_interval: env('AFN_SPANMETRICS_FLUSH') }
/** Of what adds up on disk. */
export const onDisk: Section = { ...bounds, interval: env('AFN_SPANMETRICS_FLUSH') }

export const spanMetrics = (told: Section): Section =>
  note(
    'Placed before any sampler, so that rates are correct, and after redaction, because exemplars and labels must be redacted.',
    {
      namespace: 'afn.span',
      histogram: {
        unit: 's',
        explicit: { buckets: ['50ms', '100ms', '250ms', '500ms', '1s', '2s', '5s', '10s', '30s', '60s', '120s'] },
      },
      dimensions: [
        { name: 'gen_ai.operation.name' },
        { name: 'gen_ai.provider.name' },
        { name: 'gen_ai.request.model' },
        { name: 'error.type' },
        // what repeats a call is told apart from calls
        { name: ATTR_AFN_LLM_USAGE_ROLLUP },
      ],
      exemplars: { enabled: true, max_per_data_point: 3 },
      ...told,
      resource_metrics_key_attributes: ['service.name', 'service.namespace', 'deployment.environment.name'],
    },
  )

// What a scrape holds, before OpenTelemetry's serializer writes it. test/prometheus compares it with Prometheus' own words.
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationType, type InstrumentType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { describe, expect, it } from 'vitest'
import { families } from '../../../src/app/delivery/prometheus/families'
import { labelName, metricName } from '../../../src/shared/otlp/prometheus-names'

it.each([
  ['gen_ai.client.inference.duration', 's', 'other', 'gen_ai_client_inference_duration_seconds'],
  ['afn.llm.cost', '{USD}', 'counter', 'afn_llm_cost_total'],
  ['afn.llm.evaluation.score', '1', 'gauge', 'afn_llm_evaluation_score_ratio'],
  ['requests', '1', 'counter', 'requests_total'],
  ['total.of.parts', '', 'counter', 'of_parts_total'],
  ['disk.io', 'By/s', 'gauge', 'disk_io_bytes_per_second'],
  ['rate', '{request}/s', 'gauge', 'rate_per_second'],
  ['size.bytes', 'By', 'gauge', 'size_bytes'],
  ['odd', 'parsec', 'gauge', 'odd_parsec'],
  ['2xx', '', 'other', '_2xx'],
  ['constructor', 'toString', 'other', 'constructor_toString'],
] as const)('%s in %j, a %s, is %s', (name, unit, kind, expected) => {
  expect(metricName(name, unit, kind)).toBe(expected)
})

it('has no name for what is made of nothing but signs', () => {
  expect(metricName('€.€', '', 'other')).toBeUndefined()
  expect(labelName('€')).toBeUndefined()
  expect(labelName('__name__')).toBeUndefined()
  expect([labelName('http.route'), labelName('1st'), labelName('_x')]).toEqual(['http_route', 'key_1st', 'key_x'])
})

class Reader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

describe('families', () => {
  async function scraped(
    record: (provider: MeterProvider) => void,
    aggregation?: (type: InstrumentType) => { type: AggregationType.EXPONENTIAL_HISTOGRAM },
  ) {
    const reader = new Reader(aggregation && { aggregationSelector: aggregation })
    const resource = resourceFromAttributes({ 'service.name': 'till', 'host.name': 'h' })
    const provider = new MeterProvider({ readers: [reader], resource })
    record(provider)
    const {
      resource: { attributes },
      scopeMetrics,
    } = families((await reader.collect()).resourceMetrics)
    return { attributes, metrics: scopeMetrics.flatMap(({ metrics }) => metrics) }
  }

  it('hold a series once, whichever scopes count it, with the labels of the service', async () => {
    const { attributes, metrics } = await scraped(provider => {
      for (const scope of ['a', 'b']) provider.getMeter(scope).createCounter('jobs').add(2, { 'job.kind': 'x' })
    })
    expect(attributes).toEqual({ service_name: 'till', host_name: 'h' })
    expect(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints])).toEqual([
      ['jobs_total', [expect.objectContaining({ value: 4, attributes: { service_name: 'till', job_kind: 'x' } })]],
    ])
  })

  it('keep what would break a scrape out of it', async () => {
    const { metrics } = await scraped(provider => {
      const meter = provider.getMeter('m')
      meter
        .createHistogram('wait')
        .record(1, { le: 'mine', __name__: 'other', 'service.name': 'own', 'a.b': 1, 'a-b': 2 })
    })
    expect(metrics[0]?.dataPoints[0]?.attributes).toEqual({ service_name: 'own', a_b: '2;1' })
  })

  it('leave out exponential histograms, which the text format does not have', async () => {
    const { metrics } = await scraped(
      provider => provider.getMeter('m').createHistogram('wait').record(1),
      () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }),
    )
    expect(metrics).toEqual([])
  })
})

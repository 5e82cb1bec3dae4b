// Boundaries of SLOs beside those of an instrument. The oracle is OpenTelemetry's own SDK: what it collects with and without.
import type { MetricOptions } from '@opentelemetry/api'
import {
  AggregationTemporality,
  AggregationType,
  type Histogram,
  InMemoryMetricExporter,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics'
import { describe, expect, it } from 'vitest'
import { withEdges } from '../../../src/app/sdk/histogram-edges'
import type { Edges } from '../../../src/monitoring/slo/edges'

const http = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const edges: Edges = name => (name === 'http.server.request.duration' ? [2] : name === 'wait' ? [2, 0.3] : [])
const none: Edges = () => []

/** Boundaries of the streams that come out, for one histogram of that name and advice with one measurement. */
async function collected(
  name: string,
  advised: unknown,
  {
    added = edges,
    views = [],
    exponential = false,
  }: { added?: Edges; views?: ViewOptions[]; exponential?: boolean } = {},
): Promise<unknown[]> {
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 2 ** 30,
    exportTimeoutMillis: 2 ** 30,
    ...(exponential && {}),
  })
  if (exponential)
    reader.selectAggregation = type => ({
      type: type === InstrumentType.HISTOGRAM ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT,
    })
  const provider = withEdges(new MeterProvider({ readers: [reader], views }), added)
  const options =
    advised === undefined ? undefined : ({ advice: { explicitBucketBoundaries: advised } } as MetricOptions)
  for (let i = 0; i < 3; i++) provider.getMeter('m').createHistogram(name, options).record(1)
  const { resourceMetrics, errors } = await reader.collect()
  expect(errors).toEqual([])
  await provider.shutdown()
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ dataPoints }) =>
      dataPoints.map(({ value }) => (value as Histogram).buckets?.boundaries ?? 'exponential'),
    )
}

describe('a threshold', () => {
  it('is one boundary more, in order, of what the instrument advises', async () => {
    const added = await collected('http.server.request.duration', http)
    expect(added).toEqual([[...http, 2].sort((a, b) => a - b)])
  })

  it('stands once where it is a boundary already', async () => {
    const own = [...http, 2].sort((a, b) => a - b)
    expect(await collected('http.server.request.duration', own)).toEqual([own])
  })

  it("is one boundary more of OpenTelemetry's own where the instrument advises none", async () => {
    const [own] = await collected('wait', undefined, { added: none })
    expect(await collected('wait', undefined)).toEqual([[...(own as number[]), 0.3, 2].sort((a, b) => a - b)])
  })

  it('changes no other instrument', async () => {
    expect(await collected('other', [1, 3])).toEqual([[1, 3]])
  })

  it('leaves the boundaries of a view of the app as they are, and makes no second stream', async () => {
    const views = [
      {
        instrumentName: 'wait',
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [4] } },
      } as ViewOptions,
    ]
    expect(await collected('wait', [1], { views })).toEqual([[4]])
  })

  it('leaves exponential histograms alone, which need no boundaries', async () => {
    expect(await collected('wait', [1], { exponential: true })).toEqual(['exponential'])
  })

  it.each(['far', 7, {}, null])('leaves advice that is no list, %j, to OpenTelemetry', async advised => {
    const outcome = (added: Edges) => collected('wait', advised, { added }).catch(error => String(error))
    const [without, withThem] = await Promise.all([outcome(none), outcome(edges)])
    if (advised === null) expect(withThem).toEqual([expect.arrayContaining([0.3, 2])])
    else expect(withThem).toEqual(without)
  })
})

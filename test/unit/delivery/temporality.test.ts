// What a call costs, as two exports tell it by each temporality (OTLP exporter specification, "Temporality preference").
import { AggregationTemporality, MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { IntervalReader } from '../../../src/app/delivery/interval-reader'
import { createCallMetrics } from '../../../src/app/llm/report/metrics/call-metrics'
import type { Settings } from '../../../src/shared/config/settings'
import { llmSpan, priced } from '../llm/llm-span'

const counter = 'afn.llm.cost'
const histogram = 'gen_ai.client.inference.duration'

async function exported(metricsTemporality: Settings['metricsTemporality']) {
  const exports: ResourceMetrics[] = []
  const settings = { metricsTemporality, metricInterval: 60_000, metricTimeout: 1_000 } as Settings
  const reader = new IntervalReader(settings, metrics => metrics, {
    async deliver({ batch }) {
      exports.push(structuredClone(batch))
      return 'over'
    },
    answers: async () => true,
    drop() {},
  })
  const provider = new MeterProvider({ readers: [reader] })
  const record = createCallMetrics({ meter: () => provider.getMeter('test') })
  for (const _ of [1, 2]) {
    record(llmSpan({ attributes: priced }))
    await provider.forceFlush()
  }
  await provider.shutdown()
  return (name: string) =>
    exports.slice(0, 2).map(({ scopeMetrics }) => {
      const metric = scopeMetrics.flatMap(({ metrics }) => metrics).find(({ descriptor }) => descriptor.name === name)!
      const values = metric.dataPoints.map(({ value }) => (typeof value === 'number' ? value : Number(value.count)))
      return [AggregationTemporality[metric.aggregationTemporality], values.reduce((sum, value) => sum + value, 0)]
    })
}

it.each<[Settings['metricsTemporality'], string, number, string, number]>([
  ['cumulative', 'CUMULATIVE', 0.00042, 'CUMULATIVE', 2],
  ['delta', 'DELTA', 0.00021, 'DELTA', 1],
  // what we add up ourselves is an observable counter, which this preference leaves cumulative
  ['lowmemory', 'CUMULATIVE', 0.00042, 'DELTA', 1],
])('%s', async (preference, sums, second, histograms, count) => {
  const of = await exported(preference)
  const [[, first], last] = of(counter) as [[string, number], [string, number]]
  expect(first).toBeCloseTo(0.00021, 12)
  expect(last).toEqual([sums, expect.closeTo(second, 12)])
  expect(of(histogram)[1]).toEqual([histograms, count])
})

// Against OpenTelemetry's own MeterProvider: what it collects is dated, its values stay as they are.
import type { HrTime } from '@opentelemetry/api'
import { hrTimeToMilliseconds } from '@opentelemetry/core'
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStartTimes } from '../../../src/app/delivery/start-times'
import { redactedReader } from '../../../src/app/sdk/user-readers'

class Reader extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality })
  }
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Start and end in milliseconds with the value, by name and label, as they leave at `at`. */
function pipeline(temporality = AggregationTemporality.CUMULATIVE) {
  const reader = new Reader(temporality)
  const meter = new MeterProvider({ readers: [reader] }).getMeter('app')
  const dated = createStartTimes()
  const ms = (time: HrTime) => hrTimeToMilliseconds(time)
  async function collect(at: number): Promise<Record<string, readonly unknown[]>> {
    vi.setSystemTime(at)
    const { scopeMetrics } = dated((await reader.collect()).resourceMetrics)
    const rows = scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, startTime, endTime, value }) => {
          const amount = typeof value === 'number' ? value : (value as { sum?: number }).sum
          return [`${descriptor.name} ${attributes.model ?? ''}`.trim(), [ms(startTime), ms(endTime), amount]] as const
        }),
      ),
    )
    return Object.fromEntries(rows)
  }
  return { meter, collect }
}

it('a series of the first export began when the reader did, however late it was measured', async () => {
  const { meter, collect } = pipeline()
  meter.createObservableCounter('observed').addCallback(result => result.observe(7))
  vi.setSystemTime(9_999)
  meter.createCounter('counted').add(5)
  meter.createHistogram('measured').record(2)
  expect(await collect(10_000)).toEqual({
    observed: [1_000, 10_000, 7],
    counted: [1_000, 10_000, 5],
    measured: [1_000, 10_000, 2],
  })
})

it('a later series began at the export before, which did not have it, and keeps that start', async () => {
  const { meter, collect } = pipeline()
  const counter = meter.createCounter('counted')
  counter.add(1, { model: 'a' })
  await collect(10_000)
  vi.setSystemTime(69_000)
  counter.add(2, { model: 'b' })
  counter.add(2, { model: 'a' })
  expect(await collect(70_000)).toEqual({ 'counted a': [1_000, 70_000, 3], 'counted b': [10_000, 70_000, 2] })
  counter.add(4, { model: 'b' })
  expect(await collect(130_000)).toEqual({ 'counted a': [1_000, 130_000, 3], 'counted b': [10_000, 130_000, 6] })
})

it('an export without a single series counts as the one before', async () => {
  const { meter, collect } = pipeline()
  await collect(60_000)
  meter.createCounter('counted').add(1)
  expect(await collect(120_000)).toEqual({ counted: [60_000, 120_000, 1] })
})

it('deltas follow each other without a gap', async () => {
  const { meter, collect } = pipeline(AggregationTemporality.DELTA)
  let total = 3
  meter.createObservableCounter('observed').addCallback(result => result.observe(total))
  expect(await collect(10_000)).toEqual({ observed: [1_000, 10_000, 3] })
  total = 5
  expect(await collect(20_000)).toEqual({ observed: [10_000, 20_000, 2] })
})

it('what goes up and down, and a gauge, has the start that it had', async () => {
  const { meter, collect } = pipeline()
  vi.setSystemTime(5_000)
  meter.createUpDownCounter('open').add(1)
  meter.createGauge('level').record(1)
  expect(await collect(10_000)).toEqual({ open: [5_000, 10_000, 1], level: [5_000, 10_000, 1] })
})

it("a reader of the app's own gets the same starts", async () => {
  const reader = new Reader(AggregationTemporality.CUMULATIVE)
  const meter = new MeterProvider({ readers: [redactedReader(reader, metrics => metrics)] }).getMeter('app')
  meter.createObservableCounter('observed').addCallback(result => result.observe(7))
  vi.setSystemTime(10_000)
  const [point] = (await reader.collect()).resourceMetrics.scopeMetrics[0]!.metrics[0]!.dataPoints
  expect([point!.startTime, point!.endTime].map(hrTimeToMilliseconds)).toEqual([1_000, 10_000])
})

// The oracles are what OpenTelemetry's SDK collects, and https://opentelemetry.io/docs/specs/semconv/runtime/.
import { metrics } from '@opentelemetry/api'
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { startRuntimeMetrics } from '../../../src/app/sdk/runtime'
import type { Settings } from '../../../src/shared/config/settings'

class Reader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

it('the spaces of the heap are sums, which add up to the heap, and no gauges', async () => {
  const reader = new Reader()
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  startRuntimeMetrics({} as Settings)
  const { resourceMetrics, errors } = await reader.collect()
  expect(errors).toEqual([])
  const found = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)
  const heap = found.filter(({ descriptor }) => descriptor.name.startsWith('v8js.memory.'))
  expect(heap.map(metric => [metric.descriptor.name, metric.dataPointType]).sort()).toEqual([
    ['v8js.memory.heap.space.available_size', DataPointType.SUM],
    ['v8js.memory.heap.space.physical_size', DataPointType.SUM],
    ['v8js.memory.heap.space.size', DataPointType.SUM],
    ['v8js.memory.heap.used', DataPointType.SUM],
  ])
  expect(heap.filter(metric => 'isMonotonic' in metric && metric.isMonotonic)).toEqual([])
  const used = heap.find(({ descriptor }) => descriptor.name === 'v8js.memory.heap.used')
  expect(used?.dataPoints.reduce((all, { value }) => all + Number(value), 0)).toBeGreaterThan(1_000_000)
  expect(found.map(({ descriptor }) => descriptor.name)).toContain('nodejs.eventloop.utilization')
})

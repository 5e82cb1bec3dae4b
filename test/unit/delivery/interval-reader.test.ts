// When metrics are collected and sent, with a clock of the test's own. The cases are upstream's, rewritten: opentelemetry-js,
// packages/sdk-metrics/test/export/PeriodicExportingMetricReader.test.ts ("periodic export", "forceFlush", "shutdown").
import { MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Settings } from '../../../src/config/settings'
import { IntervalReader } from '../../../src/delivery/interval-reader'
import { diagnostics } from '../../../src/diag/report'

type Deliver = (metrics: ResourceMetrics, flushing: AbortSignal) => Promise<void>

function readerOf(deliver: Deliver = async () => {}, metricInterval = 60_000) {
  const exports: number[] = []
  const settings = { metricsTemporality: 'cumulative', metricInterval, metricTimeout: 1_000 } as Settings
  const reader = new IntervalReader(settings, metrics => metrics, {
    async deliver({ batch, count }, flushing) {
      exports.push(counted(batch))
      expect(count).toBe(1)
      await deliver(batch, flushing)
    },
  })
  const provider = new MeterProvider({ readers: [reader] })
  const counter = provider.getMeter('test').createCounter('count')
  return { reader, provider, counter, exports }
}

function counted({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value as number
}

/** Holds an export until the test lets it go. */
function gate() {
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  return { gate, open }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('metrics are exported soon after the start, so that a process of seconds counts, and then at the interval', async () => {
  const { counter, exports } = readerOf()
  counter.add(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(exports).toEqual([1])
  counter.add(1)
  await vi.advanceTimersByTimeAsync(58_999)
  expect(exports).toEqual([1])
  await vi.advanceTimersByTimeAsync(1)
  expect(exports).toEqual([1, 2])
  await vi.advanceTimersByTimeAsync(120_000)
  expect(exports).toHaveLength(4)
})

it('metrics are not exported before something was recorded (should not export without populated scope metrics)', async () => {
  const { reader, exports } = readerOf()
  await vi.advanceTimersByTimeAsync(130_000)
  await reader.forceFlush()
  expect(exports).toEqual([])
})

it('metrics are exported on after an export that failed (should keep running on export errors)', async () => {
  const { counter, exports } = readerOf(() => Promise.reject(new Error('no')), 100)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(350)
  expect(exports).toEqual([1, 1, 1])
  expect(diagnostics().map(({ code }) => code)).toContain('AFN137')
})

it('an interval that falls into a running export is left out, and the next one carries its values', async () => {
  const { gate: held, open } = gate()
  const { counter, exports } = readerOf(() => held, 100)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(350)
  expect(exports).toEqual([1])
  counter.add(1)
  open()
  await vi.advanceTimersByTimeAsync(100)
  expect(exports).toEqual([1, 2])
})

it('a flush waits for a running export and collects once more (should initiate collect after ongoing export finishes)', async () => {
  const { gate: held, open } = gate()
  const { reader, counter, exports } = readerOf(() => held)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(1_000)
  counter.add(1)
  const flushed = vi.fn()
  void reader.forceFlush().then(flushed)
  await vi.advanceTimersByTimeAsync(0)
  expect([exports, flushed.mock.calls]).toEqual([[1], []])
  open()
  await vi.advanceTimersByTimeAsync(0)
  expect([exports, flushed.mock.calls.length]).toEqual([[1, 2], 1])
})

it('flushes at the same time share an export (concurrent forceFlush)', async () => {
  const { reader, counter, exports } = readerOf()
  counter.add(1)
  await Promise.all([reader.forceFlush(), reader.forceFlush(), reader.forceFlush()])
  expect(exports).toEqual([1])
})

it('a flush says so to the export, and the next interval does not', async () => {
  const aborted: boolean[] = []
  const { reader, counter } = readerOf(async (_, flushing) => void aborted.push(flushing.aborted), 100)
  counter.add(1)
  await reader.forceFlush()
  await vi.advanceTimersByTimeAsync(100)
  expect(aborted).toEqual([true, false])
})

it('a callback that never ends costs its own values alone (timeout of collect)', async () => {
  const { reader, provider, counter, exports } = readerOf()
  counter.add(1)
  provider
    .getMeter('slow')
    .createObservableGauge('never')
    .addCallback(() => new Promise(() => {}))
  const flushed = vi.fn()
  void reader.forceFlush().then(flushed)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([exports, flushed.mock.calls.length]).toEqual([[1], 1])
})

it('metrics are exported once more at shutdown, and never again (should not export after shutdown)', async () => {
  const { provider, counter, exports } = readerOf(undefined, 100)
  counter.add(1)
  await provider.shutdown()
  counter.add(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(exports).toEqual([1])
})

it('the interval of metrics keeps no process alive', async () => {
  vi.useRealTimers()
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  const { provider } = readerOf()
  expect(timers()).toBe(before)
  await provider.shutdown()
})

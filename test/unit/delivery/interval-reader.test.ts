// When metrics are collected and sent, with a clock of the test's own. The cases are upstream's, rewritten: opentelemetry-js,
// packages/sdk-metrics/test/export/PeriodicExportingMetricReader.test.ts ("periodic export", "forceFlush", "shutdown").
import { MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { IntervalReader } from '../../../src/app/delivery/interval-reader'
import type { Attempt, Outcome } from '../../../src/app/delivery/queue'
import type { Settings } from '../../../src/shared/config/settings'

type Deliver = (metrics: ResourceMetrics, attempt: Attempt) => Promise<Outcome>

function readerOf(deliver: Deliver = async () => 'over', metricInterval = 60_000, metricsTemporality = 'cumulative') {
  const exports: number[] = []
  const settings = { metricsTemporality, metricInterval, metricTimeout: 1_000 } as Settings
  const reader = new IntervalReader(settings, metrics => metrics, {
    async deliver({ batch, count }, attempt) {
      exports.push(counted(batch))
      expect(count).toBe(1)
      return deliver(batch, attempt)
    },
    answers: async () => false,
    drop() {},
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
  let open = (_: Outcome) => {}
  const gate = new Promise<Outcome>(resolve => {
    open = resolve
  })
  return { gate, open: () => open('over') }
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

it('intervals that fall into a running export are one export after it, with the last values', async () => {
  const { gate: held, open } = gate()
  const { counter, exports } = readerOf(() => held, 100)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(350)
  expect(exports).toEqual([1])
  counter.add(1)
  await vi.advanceTimersByTimeAsync(100)
  open()
  await vi.advanceTimersByTimeAsync(0)
  expect(exports).toEqual([1, 2])
})

it('sums since the start that nobody took are not sent after newer ones', async () => {
  let isAway = true
  const { counter, exports } = readerOf(async () => (isAway ? { answered: false } : 'over'), 10_000)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(1_000)
  counter.add(1)
  await vi.advanceTimersByTimeAsync(59_000)
  isAway = false
  const before = exports.length
  await vi.advanceTimersByTimeAsync(9_000)
  expect(exports.slice(before)).toEqual([2])
})

it('what was added since the last export is sent again when nobody took it, each time once', async () => {
  let isAway = true
  const taken: number[] = []
  const { counter } = readerOf(
    async metrics => {
      if (isAway) return { answered: false }
      taken.push(counted(metrics))
      return 'over'
    },
    10_000,
    'delta',
  )
  for (const value of [1, 2, 4, 8]) {
    counter.add(value)
    await vi.advanceTimersByTimeAsync(10_000)
  }
  isAway = false
  await vi.advanceTimersByTimeAsync(9_000)
  expect(taken).toEqual([1, 2, 4, 8])
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
  const flushes: boolean[] = []
  const deliver = (_: ResourceMetrics, attempt: Attempt) =>
    new Promise<Outcome>(resolve => {
      setTimeout(() => {
        flushes.push(attempt.isFlush)
        resolve('over')
      }, 1)
    })
  const { reader, counter } = readerOf(deliver, 100)
  counter.add(1)
  void reader.forceFlush()
  await vi.advanceTimersByTimeAsync(101)
  expect(flushes).toEqual([true, false])
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

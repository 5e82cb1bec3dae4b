// What leaves on metrics: no person, no message, and one series where masked ones are alike.
import { MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { IntervalReader } from '../../src/app/delivery/interval-reader'
import { createMetricsRedactor } from '../../src/app/sdk/redact-metrics'
import type { Settings } from '../../src/shared/config/settings'
import { createRedactor } from '../../src/shared/redact'

type Histograms = Settings['metricsHistogram']

/** The points of each metric, after one export. */
async function exported(
  record: (meter: ReturnType<MeterProvider['getMeter']>) => void,
  { allowed = [], histograms = 'explicit_bucket_histogram' }: { allowed?: string[]; histograms?: Histograms } = {},
) {
  const exports: ResourceMetrics[] = []
  const settings = {
    metricsTemporality: 'cumulative',
    metricsHistogram: histograms,
    metricInterval: 60_000,
    metricTimeout: 1_000,
    redactionAllowKeys: allowed,
  } as unknown as Settings
  const reader = new IntervalReader(settings, createMetricsRedactor(createRedactor(), allowed), {
    async deliver({ batch }) {
      exports.push(structuredClone(batch))
      return 'over'
    },
    answers: async () => true,
    drop() {},
  })
  const provider = new MeterProvider({ readers: [reader] })
  record(provider.getMeter('m'))
  await provider.forceFlush()
  await provider.shutdown()
  const metrics = exports[0]!.scopeMetrics[0]!.metrics
  return metrics.map(({ descriptor, dataPoints }) => ({
    description: descriptor.description,
    points: dataPoints.map(({ attributes, value }) => [attributes, value]),
  }))
}

it('has no series for each person, and no message', async () => {
  const [metric] = await exported(meter => {
    const counter = meter.createCounter('c', { description: 'for ann@example.com' })
    counter.add(1, { plan: 'pro', 'user.id': 'u1', 'gen_ai.input.messages': 'hello' })
    counter.add(2, { plan: 'pro', 'user.id': 'u2', 'session.id': 's' })
    counter.add(4, { plan: 'free' })
    counter.add(8, { plan: 'free', mail: 'ann@example.com' })
    counter.add(16, { plan: 'free', mail: 'bob@example.com' })
  })
  expect(metric).toEqual({
    description: 'for [EMAIL]',
    points: [
      [{ plan: 'pro' }, 3],
      [{ plan: 'free' }, 4],
      [{ plan: 'free', mail: '[EMAIL]' }, 24],
    ],
  })
})

it('keeps a key that the user allows', async () => {
  const [metric] = await exported(meter => meter.createCounter('c').add(1, { 'user.id': 'u1' }), {
    allowed: ['user.id'],
  })
  expect(metric!.points).toEqual([[{ 'user.id': 'u1' }, 1]])
})

const mails = ['ann@example.com', 'bob@example.com', 'cyd@example.com']
const values = [0, 1, 3, 70, 100_000, -5]

it('of a gauge keeps the last value', async () => {
  const [metric] = await exported(meter => {
    const gauge = meter.createGauge('g')
    for (const [i, mail] of mails.entries()) gauge.record(i, { mail })
  })
  expect(metric!.points).toEqual([[{ mail: '[EMAIL]' }, 2]])
})

it.each<[Histograms]>([['explicit_bucket_histogram'], ['base2_exponential_bucket_histogram']])(
  'adds up histograms as if one person had had them all: %s',
  async histograms => {
    const record = (people: readonly string[]) => (meter: ReturnType<MeterProvider['getMeter']>) => {
      const histogram = meter.createHistogram('h')
      for (const [i, value] of values.entries()) histogram.record(value * 3, { mail: people[i % people.length]! })
    }
    const [together] = await exported(record(mails), { histograms })
    const [alone] = await exported(record(mails.slice(0, 1)), { histograms })
    expect(together).toEqual(alone)
    expect(alone!.points).toHaveLength(1)
  },
)

// One sender with any clock and any number, between honest ones: through the real Collector into a real Prometheus for each resolution. What
// the others count is there to the last one, and data quality names the sender.
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { qualityCheck } from '../../src/pipeline/doctor/quality'
import { everyConfiguration, type Running, scratchFolder, startCollector, until } from '../collector/support'
import { Random } from '../support/random'
import { startPrometheus } from './start'

const binary = inject('prometheusBinary')
const resolutions = ['high', 'medium', 'low'] as const
type Resolution = (typeof resolutions)[number]

const [DELTA, CUMULATIVE] = [1, 2] as const
const honest = ['shop', 'chat', 'mail']
/** One of its metrics is five hours behind; the others are to be exact, too. */
const half = 'half'
const ROUNDS = 5
const second = 1_000_000_000n
const hour = 3_600n * second

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const resourceOf = (service: string, ...more: object[]) => ({ attributes: [text('service.name', service), ...more] })
const now = () => BigInt(Date.now()) * 1_000_000n
const start = now()

const sum = (name: string, points: object[], aggregationTemporality: number = CUMULATIVE) => ({
  name,
  sum: { isMonotonic: true, aggregationTemporality, dataPoints: points },
})
const requestOf = (service: string, metrics: object[], ...more: object[]) => ({
  resourceMetrics: [{ resource: resourceOf(service, ...more), scopeMetrics: [{ metrics }] }],
})

/** What Prometheus refuses for its time. */
const clocks = (): bigint[] => [
  now() - 5n * hour,
  now() + 24n * hour,
  now() + 360n * second,
  0n,
  1n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
]

/** What it refuses for its form. */
function malformed(round: number): object[] {
  const point = { startTimeUnixNano: String(start), timeUnixNano: String(now()), asInt: String(round) }
  const exponential = { ...point, scale: -10, zeroCount: '0', count: '3', positive: { offset: 0, bucketCounts: ['3'] } }
  return [
    { name: 'of.no.kind' },
    sum('!!!', [point]),
    sum('of.no.temporality', [point], 0),
    sum('labels', [{ ...point, attributes: [text('名前', 'x'), text('', 'y'), text('___', 'z')] }]),
    { name: 'coarse', exponentialHistogram: { aggregationTemporality: CUMULATIVE, dataPoints: [exponential] } },
    ...[Number.NaN, Infinity, -Infinity, 1e308, -0].map((asDouble, at) =>
      sum(`odd.${at}`, [
        { ...point, asInt: undefined, asDouble: Number.isFinite(asDouble) ? asDouble : String(asDouble) },
      ]),
    ),
    sum('largest', [{ ...point, asInt: String(2n ** 63n - 1n) }]),
    sum('begins.later', [{ ...point, startTimeUnixNano: String(2n ** 63n) }]),
  ]
}

/** What only a request of one's own keeps from others: the second value of a series, and buckets that are more than their count. */
function refused(round: number): object[] {
  const point = { startTimeUnixNano: String(start), timeUnixNano: String(now()) }
  const attributes = (value: string) => ({ attributes: value ? [text('of', value)] : [text('of', '')] })
  const exponential = {
    ...point,
    scale: 1,
    zeroCount: '0',
    count: '1',
    positive: { offset: 0, bucketCounts: ['7', '9'] },
  }
  return [
    sum('twice', [
      { ...point, asInt: String(round) },
      { ...point, asInt: String(round + 1), ...attributes('') },
    ]),
    { name: 'miscounted', exponentialHistogram: { aggregationTemporality: CUMULATIVE, dataPoints: [exponential] } },
  ]
}

describe.skipIf(binary === undefined || inject('collectorBinary') === undefined).each(everyConfiguration)(
  'one sender among others, $name',
  ({ args }) => {
    const isOwn = args.length === 0
    const folder = scratchFolder()
    const servers = new Map<Resolution, Awaited<ReturnType<typeof startPrometheus>>>()
    let collector: Running

    async function query(resolution: Resolution, promql: string) {
      const url = `${servers.get(resolution)!.url}/api/v1/query?${new URLSearchParams({ query: promql })}`
      const { data } = (await (await fetch(url)).json()) as { data: { result: Series[] } }
      return data.result
    }
    interface Series {
      readonly metric: Record<string, string>
      readonly value: [number, string]
    }
    const byJob = async (resolution: Resolution, metric: string) =>
      Object.fromEntries(
        (await query(resolution, `sum by (job) (${metric}{job=~"${[...honest, half].join('|')}"})`)).map(
          ({ metric, value }) => [metric.job, Number(value[1])],
        ),
      )

    beforeAll(async () => {
      for (const resolution of resolutions) servers.set(resolution, await startPrometheus(binary!, [], resolution))
      const url = (resolution: Resolution) => servers.get(resolution)!.url
      const overlay = path.join(folder, 'fast.yaml')
      writeFileSync(
        overlay,
        JSON.stringify({
          processors: Object.fromEntries(
            ['interval/medium', 'interval/low', isOwn ? 'afn_cumulative/data-quality' : 'interval/data-quality'].map(
              id => [id, { interval: '1s' }],
            ),
          ),
        }),
      )
      collector = await startCollector(folder, [...args, '--overlay', overlay], {
        AFN_PROMETHEUS: url('high'),
        AFN_PROMETHEUS_MEDIUM: url('medium'),
        AFN_PROMETHEUS_LOW: url('low'),
        AFN_SPANMETRICS_FLUSH: '1s',
        AFN_TEMPO: '127.0.0.1:9',
      })
      // the room for deltas of upstream's component, and more, before anybody else comes
      for (let request = 0; isOwn && request < 6; request++) {
        const dataPoints = Array.from({ length: 5_000 }, (_, n) => ({
          startTimeUnixNano: String(start),
          timeUnixNano: String(now()),
          asInt: '1',
          attributes: [text('id', `${request}-${n}`)],
        }))
        await send('metrics', requestOf('skew', [sum('flood', dataPoints, DELTA)]))
      }
      const random = new Random(109)
      for (let round = 1; round <= ROUNDS; round++) {
        for (const service of [...honest, half]) {
          const times = { startTimeUnixNano: String(start), timeUnixNano: String(now()) }
          await send(
            'metrics',
            requestOf(service, [
              sum('orders', [{ ...times, asInt: String(round * 100) }]),
              sum('deltas', [{ ...times, asInt: '7' }], DELTA),
            ]),
          )
          await send('traces', spans(service, now()))
        }
        await send('metrics', requestOf(half, [sum('late', [{ timeUnixNano: String(now() - 5n * hour), asInt: '1' }])]))
        for (const time of clocks())
          await send(
            'metrics',
            requestOf('skew', [
              sum(`skew.${random.hex(4)}`, [
                { startTimeUnixNano: String(start), timeUnixNano: String(time), asInt: '1' },
              ]),
              { name: 'skew.gauge', gauge: { dataPoints: [{ timeUnixNano: String(time), asDouble: 1 }] } },
            ]),
          )
        for (const metric of [...malformed(round), ...(isOwn ? refused(round) : [])])
          await collector.send('metrics', requestOf('skew', [metric]))
        for (const time of clocks()) await collector.send('traces', spans('skew', time))
        // two series of the Collector, one of Prometheus
        if (isOwn)
          for (const more of [[], [text('service.namespace', '')]]) await send('traces', spans('skew', now(), ...more))
        await new Promise(resolve => setTimeout(resolve, 400))
      }
    }, 120_000)
    afterAll(async () => {
      await collector?.stop('SIGKILL')
      for (const { stop } of servers.values()) await stop()
      rmSync(folder, { recursive: true, force: true })
    })

    const send = async (signal: 'metrics' | 'traces', body: object) =>
      expect(await collector.send(signal, body), JSON.stringify(body).slice(0, 400)).toBe(200)
    const random = new Random(110)
    const spans = (service: string, time: bigint, ...more: object[]) => ({
      resourceSpans: [
        {
          resource: resourceOf(service, ...more),
          scopeSpans: [
            {
              spans: [
                {
                  traceId: random.hex(32),
                  spanId: random.hex(16),
                  name: 'GET /',
                  kind: 2,
                  startTimeUnixNano: String(time),
                  endTimeUnixNano: String(time),
                },
              ],
            },
          ],
        },
      ],
    })

    it.each(resolutions)('in %s the numbers of all others are exact', async resolution => {
      const exact = (each: number) => Object.fromEntries([...honest, half].map(service => [service, each]))
      await expect.poll(() => byJob(resolution, 'orders_total'), { timeout: 20_000 }).toEqual(exact(ROUNDS * 100))
      await expect.poll(() => byJob(resolution, 'deltas_total'), { timeout: 20_000 }).toEqual(exact(ROUNDS * 7))
      await expect.poll(() => byJob(resolution, 'afn_span_calls_total'), { timeout: 20_000 }).toEqual(exact(ROUNDS))
    })

    it('data quality names the sender, and nobody else', async () => {
      const violations = () => query('high', 'sum by (rule, job) (afn_dq_violations_total)')
      await until('the rules', async () => (await violations()).length >= 5)
      expect(new Set((await violations()).map(({ metric }) => metric.job?.replace(/^\//, '')))).toEqual(
        new Set([half, 'skew']),
      )
      if (isOwn) {
        const [flood] = await query('high', 'sum(afn_dq_violations_total{rule="too_many_series"})')
        expect(Number(flood?.value[1])).toBeGreaterThanOrEqual(20_000)
      }
      expect(qualityCheck(await violations()).detail).toMatch(/point_time \((?=.*\d+ × skew).*\): data points/)
    })
  },
)

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { answerInstant, answerRange } from '../../../src/backend/promql/answer-query'
import { expressionsOf } from '../../../src/backend/promql/points/expressions'
import { Families } from '../../../src/backend/promql/points/families'
import { PointSource } from '../../../src/backend/promql/points/point-source'
import { Sources } from '../../../src/backend/promql/points/sources'
import { openStore, type Store } from '../../../src/backend/store/store'

const DAY = 86_400_000
const SERIES = 20
const ROUNDS = 5
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5]

const questions: readonly (readonly [name: string, query: string, step: number | undefined])[] = [
  ['spend of 30 days', 'sum by (service_name) (increase(cost_total[30d]))', undefined],
  ['a rate over time', 'sum by (service_name) (rate(cost_total[1h]))', 3_600],
  ['a rate, one service', 'sum(rate(cost_total{service_name="service-3"}[1h]))', 3_600],
  ['a gauge over time', 'max by (service_name) (load)', 3_600],
  ['a share', 'sum(rate(cost_total{model="a"}[1h])) / sum(rate(cost_total[1h]))', 3_600],
  ['a percentile over time', 'histogram_quantile(0.95, sum by (le) (rate(duration_bucket[1h])))', 3_600],
  [
    'a percentile of 30 days',
    'histogram_quantile(0.95, sum by (le, service_name) (increase(duration_bucket[30d])))',
    undefined,
  ],
  ['requests over time', 'sum by (service_name) (rate(duration_count[1h]))', 3_600],
  ['the last day', 'sum by (service_name) (rate(cost_total[15m]))', 300],
]

export async function main(points: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-promql-'))
  const store = await openStore({ path: path.join(folder, 'store.duckdb') })
  try {
    const end = Math.floor(Date.now() / 60_000) * 60_000
    await fill(store, points, end)
    console.log(`${points} data points of each of three metrics over 30 days; ms of ${ROUNDS} rounds`)
    const expressions = expressionsOf(store)
    const source = new Sources([new PointSource(store, new Families(store), expressions)], expressions)
    for (const [name, query, step] of questions) {
      const times: number[] = []
      let samples = 0
      for (let round = 0; round < ROUNDS; round++) {
        const began = performance.now()
        const question = { query, source, signal: new AbortController().signal }
        const range = name === 'the last day' ? DAY : 30 * DAY
        const grid = {
          start: end - range,
          step: (step ?? 1) * 1_000,
          steps: step ? Math.floor(range / step / 1_000) + 1 : 1,
        }
        const { data } = await (step ? answerRange(question, grid, end) : answerInstant(question, end))
        times.push(performance.now() - began)
        samples = JSON.stringify(data).length
      }
      const sorted = times.sort((a, b) => a - b).map(Math.round)
      console.log(
        `${name.padEnd(26)} median ${String(sorted[2]).padStart(5)}  worst ${String(sorted.at(-1)).padStart(5)}  answer ${samples} bytes`,
      )
    }
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(store: Store, points: number, end: number): Promise<void> {
  const rounds = Math.ceil(points / SERIES)
  const each = (30 * DAY) / rounds
  const start = end - 30 * DAY
  const counts = bounds.map(() => 0).concat(0)
  for (let from = 0; from < rounds; from += 200) {
    const resourceMetrics = []
    for (let at = from; at < Math.min(rounds, from + 200); at++) {
      counts[at % counts.length]! += 3
      const time = Math.round(start + (at + 1) * each)
      const ofSeries = (series: number) => {
        const base = {
          startTimeUnixNano: `${start}000000`,
          timeUnixNano: `${time}000000`,
          attributes: [{ key: 'model', value: { stringValue: series % 2 === 0 ? 'a' : 'b' } }],
        }
        return {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: `service-${series}` } }] },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'cost',
                  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...base, asDouble: at / 8 }] },
                },
                { name: 'load', gauge: { dataPoints: [{ ...base, asDouble: (at * series) % 17 }] } },
                {
                  name: 'duration',
                  histogram: {
                    aggregationTemporality: 2,
                    dataPoints: [
                      {
                        ...base,
                        count: String(counts.reduce((a, b) => a + b)),
                        sum: at * 0.3,
                        bucketCounts: counts.map(String),
                        explicitBounds: bounds,
                      },
                    ],
                  },
                },
              ],
            },
          ],
        }
      }
      for (let series = 0; series < SERIES; series++) resourceMetrics.push(ofSeries(series))
    }
    await store.write('metrics', { resourceMetrics })
  }
}

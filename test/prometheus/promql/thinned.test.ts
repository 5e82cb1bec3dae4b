// PromQL of `afn-otel up` over what its sweep has left, next to a real Prometheus that has the same samples, with the lookback that the
// generated pipeline gives to its servers of thinned samples.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Store } from '../../../src/backend/store/store'
import { freePorts } from '../../support/ports'
import { startServer } from '../../support/server'
import { type Api, startApi } from '../../unit/backend/api/ask'
import { type Answered, difference } from './compare'
import { leftOf, now, type Stretch, stretches, sweptStore } from './thinned-points'

const binary = inject('prometheusBinary')
const promtool = inject('promtool')

async function startPrometheus(stretch: Stretch) {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-thinned-'))
  writeFileSync(path.join(folder, 'left.txt'), leftOf(stretch))
  writeFileSync(path.join(folder, 'prometheus.yml'), '{}')
  execFileSync(promtool!, ['tsdb', 'create-blocks-from', 'openmetrics', 'left.txt', 'data'], { cwd: folder })
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    '--storage.tsdb.retention.time=10y',
    `--web.listen-address=127.0.0.1:${port}`,
    `--query.lookback-delta=${stretch.lookback / 60_000}m`,
  ]
  return { url, stop: await startServer({ binary: binary!, args, folder, ready: `${url}/-/ready` }) }
}

const ranges = ['4m', '10m', '20m', '1h', '150m', '4h', '1d']
const queries = [
  'calls_total',
  'level',
  'deltas_total - deltas_total offset 6h',
  'absent(level)',
  'timestamp(level)',
  'spent_seconds_bucket{le="1"}',
  'sum(level) + on() sum(calls_total)',
  'max_over_time(level[8h:10m])',
  'level @ end()',
  ...ranges.flatMap(range => [
    ...['rate', 'increase', 'irate', 'resets', 'changes', 'delta', 'last_over_time'].map(
      name => `${name}(calls_total[${range}])`,
    ),
    `rate(deltas_total[${range}])`,
    `increase(deltas_total[${range}] offset 3h)`,
    ...['avg', 'min', 'max', 'sum', 'count', 'quantile'].map(
      name => `${name}_over_time(${name === 'quantile' ? '0.3, ' : ''}level[${range}])`,
    ),
    `deriv(level[${range}])`,
    `predict_linear(level[${range}], 3600)`,
    `histogram_quantile(0.9, sum by (le) (rate(spent_seconds_bucket[${range}])))`,
    `rate(spent_seconds_sum[${range}]) / rate(spent_seconds_count[${range}])`,
    `absent_over_time(level[${range}])`,
  ]),
]

describe.skipIf(binary === undefined)('what is asked of thinned samples', () => {
  let store: Store
  let api: Api
  beforeAll(async () => {
    store = await sweptStore()
    api = await startApi([], now, undefined, store)
  })
  afterAll(() => store?.close())

  it.each(stretches)('of which one is left $name, has the answer of Prometheus', async stretch => {
    const prometheus = await startPrometheus(stretch)
    const ask = async (base: string, parameters: Record<string, string>): Promise<Answered> => {
      const path = `/api/v1/${parameters.step ? 'query_range' : 'query'}?${new URLSearchParams(parameters)}`
      const answer = await (base ? fetch(base + path) : api.get(path))
      return { status: answer.status, body: (await answer.json()) as Answered['body'] }
    }
    const found: string[] = []
    const [start, end] = [stretch.from / 1_000, stretch.from / 1_000 + 86_400]
    let empty = 0
    for (const query of queries)
      for (const parameters of [
        { query, time: String(start + 40_000.5) },
        { query, start: String(start), end: String(end), step: '677' },
        { query, start: String(start + 36_000), end: String(end), step: '7200' },
      ] as Record<string, string>[]) {
        const [theirs, ours] = await Promise.all([ask(prometheus.url, parameters), ask('', parameters)])
        const different = difference(theirs, ours)
        if (different !== undefined) found.push(`${JSON.stringify(parameters)}: ${different}`)
        if ((theirs.body.data?.result as unknown[] | undefined)?.length === 0) empty++
      }
    await prometheus.stop()
    expect(found).toEqual([])
    // what is shorter than two steps finds nothing, in either
    expect(empty).toBeLessThan((queries.length * 3) / 2)
  })
})

// Ninety days of metrics in a bucket: what the compactor keeps of them. Thanos is written in Go, whose clock no
// library can change; so the compactor of an earlier day is one of today that keeps everything for as much longer.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { findStores, prepareStores, type Stores } from '../support/thanos'

const found = findStores()
if ('missing' in found) console.log(`skipped: Thanos: ${found.missing}`)

const HOUR = 3_600_000
const DAY = 24 * HOUR
const kept = { raw: 7, fiveMinutes: 32, hour: 365 }
const [RAW, FIVE_MINUTES, AN_HOUR] = [0, 300_000, HOUR]
/** Of the compactor's blocks, from which it makes five-minute samples. */
const WINDOW = 2 * DAY

describe.skipIf('missing' in found || !isLong('thanos'))('ninety days of metrics in a bucket', () => {
  let stores: Stores
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-ninety-'))
  const now = Date.now()
  /** The compactor's largest block. What a first one has less than ten days of is in no hourly samples: docs/cluster.md says so. */
  const start = Math.floor((now - 90 * DAY) / (14 * DAY)) * 14 * DAY
  const end = Math.floor(now / (2 * HOUR)) * 2 * HOUR
  /** Rises unevenly, and begins anew each ten days. */
  const total = (time: number) => {
    const days = (time - start) / DAY
    const since = days - Math.floor(days / 10) * 10
    return 1_000 * (since + 0.1 * Math.sin(2 * Math.PI * since))
  }

  /** Blocks of two hours, as Prometheus writes them. */
  function blocksOf(from: number, to: number): string {
    const place = path.join(folder, String(from))
    mkdirSync(place)
    const series: [string, (time: number) => number][] = [['shop_requests_total', total]]
    const lines = series.flatMap(([name, valueAt]) => {
      const times = Array.from({ length: (to - from) / 60_000 }, (_, minute) => from + minute * 60_000)
      return [`# TYPE ${name.replace(/_total.*/, '')} counter`, ...times.map(time => `${name} ${valueAt(time)} ${time / 1_000}`)] // biome-ignore format: one line
    })
    const file = path.join(folder, 'metrics')
    writeFileSync(file, `${lines.join('\n')}\n# EOF\n`)
    const promtool = 'missing' in found ? '' : found.promtool
    const made = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, place])
    if (made.status !== 0) throw new Error(String(made.stderr))
    return place
  }

  beforeAll(async () => {
    if ('missing' in found) return
    stores = await prepareStores(found)
    await stores.s3.start()
    await stores.prometheus.start()
    for (let from = start; from < end; from += WINDOW) {
      const to = Math.min(end, from + WINDOW)
      const label = '--label=prometheus_replica="prometheus-0"'
      await stores.tools('upload-blocks', `--path=${blocksOf(from, to)}`, label)
      const ahead = Math.round((now - to) / HOUR)
      const hours = (days: number) => `${days * 24 + ahead}h`
      await stores.compact([
        `--retention.resolution-raw=${hours(kept.raw)}`,
        `--retention.resolution-5m=${hours(kept.fiveMinutes)}`,
        `--retention.resolution-1h=${hours(kept.hour)}`,
      ])
    }
    await stores.compact()
  }, 900_000)
  afterAll(async () => {
    await stores?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are kept by resolution for as long as each is promised, and at most two weeks longer: a block goes as a whole', async () => {
    const blocks = await stores.blocks()
    for (const [resolution, days] of [
      [RAW, kept.raw],
      [FIVE_MINUTES, kept.fiveMinutes],
      [AN_HOUR, kept.hour],
    ] as const) {
      const of = blocks.filter(block => block.resolution === resolution)
      const oldest = (now - Math.min(...of.map(({ minTime }) => minTime))) / DAY
      const ended = (now - Math.min(...of.map(({ maxTime }) => maxTime))) / DAY
      const there = (now - start) / DAY
      expect([resolution, oldest >= Math.min(days, there), oldest <= days + 14, ended <= days]).toEqual([
        resolution,
        ...[true, true, true],
      ])
    }
  })
})

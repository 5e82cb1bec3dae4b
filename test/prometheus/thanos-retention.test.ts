// Ninety days of metrics in a bucket: what the compactor keeps of them, and what an erasure can do there. Thanos is written in Go, whose clock no
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
const person = 'ada@example.com'

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
    const series: [string, (time: number) => number][] = [
      ['shop_requests_total', total],
      [`shop_logins_total{user_email="${person}"}`, time => Math.floor((time - start) / HOUR)],
    ]
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
    for (const part of ['sidecar', 'store', 'querier'] as const) await stores[part].start()
  }, 900_000)
  afterAll(async () => {
    await stores?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const daily = (parameters: Record<string, string>, name = 'shop_requests_total', first = start) =>
    stores.query(stores.querier, `increase(${name}[1d])`, {
      start: String((first + DAY) / 1_000),
      end: String(Math.floor(end / 1_000)),
      step: '86400',
      ...parameters,
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

  it('have no gap, and each day is that of the samples: to a hundredth, and to three by the hour', async () => {
    // what rises unevenly is lengthened to the ends of the day by the rate between the samples
    for (const [resolution, first, within] of [
      ['1h', start, 0.03],
      ['5m', now - (kept.fiveMinutes - 2) * DAY, 0.011],
      ['0s', now - (kept.raw - 2) * DAY, 0.011],
    ] as const) {
      const from = Math.ceil(first / DAY) * DAY
      const [answer] = await daily({ max_source_resolution: resolution }, 'shop_requests_total', from)
      const days = Math.floor((end - from) / DAY)
      expect([resolution, answer!.values.length]).toEqual([resolution, days])
      const wrong = answer!.values.filter(([, value]) => Math.abs(value / 1_000 - 1) > within)
      expect([resolution, wrong]).toEqual([resolution, []])
    }
  })
  it('lose a person from raw blocks by thanos tools, and from the others only with the whole block', async () => {
    const matchers = `{user_email="${person}"}`
    const find = async (selector: string, resolution: string) => {
      // the reader looks at the bucket each quarter of an hour
      await stores.store.kill()
      await stores.store.start()
      await stores.querier.kill()
      await stores.querier.start()
      const asked = { max_source_resolution: resolution }
      return (await stores.query(stores.querier, `count_over_time(${selector}[100d])`, asked)).length
    }
    const idsOf = async (...resolutions: number[]) =>
      (await stores.blocks()).filter(block => resolutions.includes(block.resolution)).map(({ id }) => id)
    const rewrite = (ids: readonly string[]) =>
      stores.tools(
        'rewrite',
        ...ids.map(id => `--id=${id}`),
        ...['--no-dry-run', '--delete-blocks', `--tmp.dir=${path.join(folder, 'rewrite')}`],
        `--rewrite.to-delete-config=${JSON.stringify([{ matchers }])}`,
      )
    expect(await find(matchers, '1h')).toBe(1)
    await rewrite(await idsOf(RAW))
    // it only marks the blocks as they were, and the compactor deletes them after two days
    await stores.compact()
    expect([await find(matchers, '0s'), await find('shop_requests_total', '0s')]).toEqual([0, 1])
    // Thanos 0.42 reads a block of samples that it made itself as one of Prometheus', and ends with a panic
    const made = await idsOf(FIVE_MINUTES, AN_HOUR)
    await expect(rewrite(made.slice(0, 1))).rejects.toThrow(/panic/)
    expect(await find(matchers, '1h')).toBe(1)
    for (const id of made) await stores.tools('mark', `--id=${id}`, '--marker=deletion-mark.json', '--details=erasure')
    await stores.compact()
    expect([await find(matchers, '1h'), await find('shop_requests_total', '1h')]).toEqual([0, 1])
  }, 300_000)
})

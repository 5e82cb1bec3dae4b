// Metrics on their way into a bucket while each part of the way is killed: what Prometheus acknowledged is found, then and after its disk is gone.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { encoderOf, remoteWrite, type SamplePair } from '../support/remote-write'
import { findStores, prepareStores, type Stores } from '../support/thanos'

const found = findStores()
if ('missing' in found) console.log(`skipped: Thanos: ${found.missing}`)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const HOURS = 20
const SERIES = 5
/** Of one request. */
const BATCH = 10

describe.skipIf('missing' in found || !isLong('thanos'))('metrics in a bucket', () => {
  let stores: Stores
  const acknowledged: SamplePair[] = []
  const encoders = Array.from({ length: SERIES }, (_, n) =>
    encoderOf({ __name__: 'shop_orders_total', job: 'shop', instance: `shop-${n}` }),
  )
  const end = Math.floor(Date.now() / MINUTE) * MINUTE
  const start = end - HOURS * HOUR

  /** Acknowledged, in the end: a queue of the Collector would try again as long. */
  async function send(samples: readonly SamplePair[]): Promise<void> {
    for (const deadline = Date.now() + 120_000; ; )
      try {
        await remoteWrite(
          stores.prometheus.url,
          encoders.map(encode => encode(samples)),
        )
        acknowledged.push(...samples)
        return
      } catch (error) {
        if (Date.now() > deadline) throw error
        await new Promise(resolve => setTimeout(resolve, 200))
      }
  }
  const again = async (part: 'prometheus' | 'sidecar' | 's3' | 'store') => {
    await stores[part].kill()
    await stores[part].start()
  }
  /** How many samples each series has, and their sum. */
  const stored = async (until: number) => {
    const at = { time: String(until / 1_000) }
    const range = `shop_orders_total[${Math.ceil((until - start) / 1_000) + 60}s]`
    const [counts, sums] = await Promise.all(
      ['count_over_time', 'sum_over_time'].map(name => stores.query(stores.querier, `${name}(${range})`, at)),
    )
    const numbers = (answers: typeof counts) => answers!.map(({ values }) => values[0]![1])
    return { counts: numbers(counts), sums: numbers(sums) }
  }
  /** Blocks that the sidecar has before it. */
  const notUploaded = () => {
    const read = (...file: string[]) => JSON.parse(readFileSync(path.join(stores.data, ...file), 'utf8'))
    const { uploaded = [] } = read('thanos.shipper.json') as { uploaded?: string[] }
    return readdirSync(stores.data).filter(
      name => /^[0-9A-Z]{26}$/.test(name) && read(name, 'meta.json').compaction.level === 1 && !uploaded.includes(name),
    )
  }
  const expected = (until: number) => {
    const before = acknowledged.filter(({ time }) => time <= until)
    const sum = before.reduce((total, { value }) => total + value, 0)
    return { counts: Array(SERIES).fill(before.length), sums: Array(SERIES).fill(sum) }
  }

  beforeAll(async () => {
    if ('missing' in found) return
    stores = await prepareStores(found)
    await stores.s3.start()
    await stores.prometheus.start()
    await stores.store.start()
  })
  afterAll(() => stores?.stop())

  it('are all found, though each part was killed while they came and while they were uploaded', async () => {
    const steps = (HOURS * 60) / BATCH
    const kills: Record<number, () => Promise<void>> = {
      [Math.floor(steps * 0.2)]: () => again('prometheus'),
      // a day on which nobody saw that the sidecar does not start
      [Math.floor(steps * 0.35)]: () => stores.sidecar.start(),
      [Math.floor(steps * 0.4)]: () => again('sidecar'),
      [Math.floor(steps * 0.5)]: () => stores.s3.kill(),
      [Math.floor(steps * 0.6)]: () => stores.s3.start(),
      [Math.floor(steps * 0.7)]: () => again('store'),
      [Math.floor(steps * 0.8)]: () => again('prometheus'),
    }
    let late: readonly SamplePair[] = []
    for (let step = 0; step < steps; step++) {
      await kills[step]?.()
      const samples = Array.from({ length: BATCH }, (_, n) => {
        const time = start + (step * BATCH + n + 1) * MINUTE
        return { time, value: step * BATCH + n }
      })
      // each third batch comes after the next one: what waits in a queue meanwhile
      if (step % 3 === 1) late = samples
      else {
        await send(samples)
        if (late.length > 0) await send(late)
        late = []
      }
      await new Promise(resolve => setTimeout(resolve, 250))
    }
    if (late.length > 0) await send(late)
    expect(acknowledged).toHaveLength(HOURS * 60)
    // blocks of two hours are written each minute, and uploaded each half
    await expect
      .poll(async () => Math.max(...(await stores.blocks()).map(({ maxTime }) => maxTime)), {
        timeout: 240_000,
        interval: 5_000,
      })
      .toBeGreaterThan(end - 4 * HOUR)
    await again('store')
    await stores.querier.start()
    expect(await stored(end)).toEqual(expected(end))
  }, 600_000)

  it('are not answered by halves while the reader of the bucket is away', async () => {
    await stores.store.kill()
    await expect(stored(end)).rejects.toThrow(/connect|unavailable|refused/i)
    await stores.store.start()
    await expect.poll(() => stored(end).catch(String), { timeout: 60_000, interval: 1_000 }).toEqual(expected(end))
  }, 120_000)

  it('are found in the bucket alone once the disk of Prometheus is lost, also after a compactor that was killed', async () => {
    for (const ms of [300, 700, 1_500]) await stores.compact([], ms).catch(() => undefined)
    await stores.compact()
    await expect.poll(notUploaded, { timeout: 120_000, interval: 1_000 }).toEqual([])
    // what is in a block; of the head only what came late is uploaded
    const status = await (await fetch(`${stores.prometheus.url}/api/v1/status/tsdb`)).json()
    const uploaded = (status as { data: { headStats: { minTime: number } } }).data.headStats.minTime
    await stores.sidecar.kill()
    await stores.prometheus.kill()
    for (const entry of readdirSync(stores.data)) rmSync(path.join(stores.data, entry), { recursive: true })
    await stores.prometheus.start()
    await stores.sidecar.start()
    await again('store')
    const until = Math.floor((uploaded - 1) / MINUTE) * MINUTE
    await expect.poll(() => stored(until).catch(String), { timeout: 60_000, interval: 1_000 }).toEqual(expected(until))
    // at most what Prometheus had not written to a block
    expect(end - uploaded).toBeLessThan(4 * HOUR)
  }, 240_000)
})

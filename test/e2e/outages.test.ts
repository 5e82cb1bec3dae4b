// A Collector that is away while an app is under load: what is lost, what comes twice, and what it costs in memory. Ids are
// compared at the Collector, a process of its own.
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { type Arrived, type Away, outages, whileAway } from '../support/outage'
import { makeApp, root } from '../support/packed'

const support = path.join(root, 'test/support')
const MiB = 2 ** 20

function away(outage: Away['outage'], seconds: number, env: Record<string, string> = {}): Promise<Arrived> {
  const cwd = makeApp({ files: {}, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  const ours = path.join(cwd, 'node_modules/@afn/otel/dist')
  return whileAway({
    outage,
    ms: seconds * 1_000,
    support,
    preload: path.join(ours, 'index.cjs'),
    cwd,
    env: {
      TMPDIR: cwd,
      FLUSH_BY: path.join(ours, 'api.cjs'),
      AFN_CAPTURE_CONTENT: 'redacted',
      OTEL_EXPORTER_OTLP_TIMEOUT: '3000',
      ...env,
    },
  })
}

const none = [0, 0, 0, 0]
const times = isLong('outages') ? [5, 60, 600] : [5]
/** Full after three seconds, and after one. */
const small = { OTEL_BSP_MAX_QUEUE_SIZE: '1000', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '100', RATE: '300' }
const smaller = { ...small, OTEL_BSP_MAX_QUEUE_SIZE: '300', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '50' }

const cases = times.flatMap(seconds => outages.map(outage => [outage, seconds] as const))
/** Of a small process some 11 MiB may wait. */
const heap = { NODE_OPTIONS: '--max-old-space-size=128', PROMPT_BYTES: '20000' }
const overfull: readonly (readonly [Away['outage'], number, Record<string, string>])[] = isLong('outages')
  ? outages.map(outage => [outage, 600, heap])
  : [['refused', 8, smaller]]

/** All at the same time: they wait most of it. */
const runs = new Map<string, Promise<Arrived>>()
const arrived = (name: string) => runs.get(name) as Promise<Arrived>
beforeAll(() => {
  for (const [outage, seconds] of cases) runs.set(`${outage} for ${seconds}`, away(outage, seconds))
  for (const [outage, seconds, env] of overfull)
    runs.set(`${outage} without a spool`, away(outage, seconds, { ...env, AFN_SPOOL: 'false' }))
  runs.set('spool', away('refused', 6, small))
})

/** What may wait, in both generations of V8, and what the first export loads. */
const mostGrown = 64 * MiB * 2 + 100 * MiB

it.each(cases)(
  'while the Collector is away (%s for %i s) no span is lost and none comes twice',
  async (outage, seconds) => {
    const { lost, doubled, grownBytes, made, exported } = await arrived(`${outage} for ${seconds}`)
    expect({ lost, doubled }).toEqual({ lost: none, doubled: 0 })
    expect(exported).toMatchObject({ failed: 0, dropped: 0 })
    expect(made.every(count => count > seconds)).toBe(true)
    expect(grownBytes).toBeLessThan(mostGrown)
  },
  700_000,
)

it('a Collector that asks for two seconds gets them', async () => {
  const { requests } = await arrived('429 for 5')
  const pauses = requests
    .slice(1)
    .flatMap(({ at }, i) => (requests[i]?.mode === '429' ? [at - (requests[i] as { at: number }).at] : []))
  expect(pauses.length).toBeGreaterThan(0)
  // one clock goes by turns of the loop
  expect(Math.min(...pauses)).toBeGreaterThan(1_900)
})

it.each(overfull)(
  'when more comes than may wait (%s for %i s), the lowest ranks are lost first, each is counted, and what arrives comes once',
  async outage => {
    const { made, lost, doubled, exported, grownBytes } = await arrived(`${outage} without a spool`)
    expect(lost[0]).toBeGreaterThan(0)
    // those that were there before the outage and after it arrived: of 28 s it is 8, and the queue is full after one
    for (const rank of [1, 2, 3])
      expect(lost[rank] === 0 || (lost[rank - 1] as number) > (made[rank - 1] as number) / 8).toBe(true)
    expect(exported).toMatchObject({ failed: 0, dropped: lost.reduce((sum, count) => sum + count, 0) })
    expect(doubled).toBe(0)
    expect(grownBytes).toBeLessThan(mostGrown)
  },
  700_000,
)

it('when more comes than may wait, the rest waits on the disk where it may, and comes once', async () => {
  const { made, lost, doubled, exported } = await arrived('spool')
  expect({ lost, doubled }).toEqual({ lost: none, doubled: 0 })
  expect(exported).toMatchObject({ failed: 0, dropped: 0, spans: made.reduce((sum, count) => sum + count, 0) })
})

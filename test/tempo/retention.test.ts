// Each tenant keeps a trace for as long as its tier says: the generated files on a Tempo of their own, where a day lasts
// two seconds.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { retention, type TraceTier } from '../../src/shared/tiers'
import { until } from '../collector/support'
import { exportRequest, movedTo, trace } from '../collector/traces'
import { Random } from '../support/random'
import { startTempo } from './start'
import { spansIn } from './tiers'

const binary = inject('tempoBinary')
const secondsOfDay = 2
const tiers = Object.keys(retention.traces) as TraceTier[]

/** Retention in the new days, and what Tempo does in hours or minutes in seconds. */
function scaled(files: Record<string, string>): Record<string, string> {
  const config = parse(files['tempo.yaml']!)
  config.storage.trace.blocklist_poll = '1s'
  config.backend_scheduler.provider.retention.interval = '1s'
  config.backend_worker.compaction.compacted_block_retention = '1s'
  // the live store has a copy of each block, which no retention looks at; a block that it has not finished by then is lost
  const often = { max_block_duration: '1s', flush_check_period: '1s', flush_op_timeout: '1s' }
  Object.assign(config.live_store, often, { complete_block_timeout: '15s' })
  const overrides = files['tempo-overrides.yaml']!.replace(
    /(block_retention: )(\d+)d/g,
    (_, key, days) => `${key}${Number(days) * secondsOfDay}s`,
  )
  return { 'tempo.yaml': stringify(config), 'tempo-overrides.yaml': overrides }
}

describe.skipIf(binary === undefined)('retention of a tenant', () => {
  let tempo: Awaited<ReturnType<typeof startTempo>>
  const spans = movedTo(BigInt(Date.now() - 1_000) * 1_000_000n, trace(new Random(3)))
  const { traceId } = spans[0]!
  const keeps = async (tier: TraceTier) => (await spansIn(tier, traceId, tempo.url)).length === spans.length
  const kept = async () => {
    const found = await Promise.all(tiers.map(keeps))
    return tiers.filter((_, n) => found[n])
  }
  /** Folders of blocks, which hold the trace alone. */
  const blocks = (tier: TraceTier) => {
    const folder = path.join(tempo.folder, 'blocks', `afn-${tier}`)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  }

  beforeAll(async () => {
    tempo = await startTempo(binary!, scaled)
    for (const tier of tiers) {
      const headers = { 'content-type': 'application/json', 'x-scope-orgid': `afn-${tier}` }
      const body = JSON.stringify(exportRequest(spans))
      const { status } = await fetch(`${tempo.otlp}/v1/traces`, { method: 'POST', headers, body })
      expect([tier, status]).toEqual([tier, 200])
    }
  })
  afterAll(() => tempo.stop())

  it('all have the trace, and write it to their blocks', async () => {
    expect(await kept()).toEqual(['detailed', 'sampled', 'errors'])
    await until('the blocks', () => blocks('errors').length > 0 && blocks('sampled').length > 0)
  })

  it('is over for detailed first, while sampled and errors have it still', async () => {
    await until('detailed to forget it', async () => !(await keeps('detailed')))
    expect(await kept()).toEqual(['sampled', 'errors'])
    await until('its blocks to be gone', () => blocks('detailed').length === 0)
  })

  it('then for sampled, while errors has it still', async () => {
    await until('sampled to forget it', async () => !(await keeps('sampled')))
    expect(await kept()).toEqual(['errors'])
  }, 90_000)
})

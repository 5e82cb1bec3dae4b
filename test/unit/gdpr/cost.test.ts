// The database of the watch over budgets forgets a person, in every byte of its files.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openDatabase } from '../../../src/operations/alert-receiver/database'
import { budgetAlerts } from '../../../src/operations/cost/alerts'
import { defaultCosts } from '../../../src/operations/cost/config'
import { RaisedAlerts } from '../../../src/operations/cost/raised'
import type { SpendSource } from '../../../src/operations/cost/spend'
import { keeping } from '../../../src/operations/cost/spend-archive'
import { standingOf } from '../../../src/operations/cost/standing'
import { costStore } from '../../../src/operations/gdpr/stores/cost'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'

const signal = new AbortController().signal
const day = 86_400_000

// Before four in the morning the first day that is known is long enough to be kept, where no millisecond passes between two looks at the clock
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 11, 3, 12) }))
afterAll(() => void vi.useRealTimers())

const source: SpendSource = {
  name: 'traces',
  dimensions: new Set(['user']),
  spend: async spans => spans.map(() => [{ labels: {}, usd: 100, calls: 1, unpriced: 0 }]) as never,
  tokens: () => Promise.reject(new Error('nobody asks')),
  knownSince: async now => now - 7 * day,
}

it('days and alerts of budgets by user are found, exported and gone, and those of others stay', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-cost-'))
  const open = () => openDatabase({ url: path.join(folder, 'cost.db') })
  const watch = await open()
  const raised = await RaisedAlerts.in(watch)
  const kept = await keeping(source, watch)
  const users = ['ann', 'bob', 'person-4711-abcdef']
  for (const user of users) {
    const named = { name: `of ${user}`, period: 'week', amount: 10, scope: { user: [user] }, thresholds: [50], forecast: false } as const // biome-ignore format: one line
    await raised.watch([named.name], Date.now())
    const standing = await standingOf(named, defaultCosts, kept, Date.now())
    await raised.raise(budgetAlerts(standing, defaultCosts, { receiver: 'http://alerts', language: 'en' }), Date.now())
  }
  const store = costStore(open)
  const ann = { identity: identityOf(parseSubject(['user.id=ann']), []), traceIds: [] }
  const person = { identity: identityOf(parseSubject(['user.id=person-4711-abcdef']), []), traceIds: [] }
  const days = Number((await watch.read('SELECT count(*) AS n FROM cost_days'))[0]!.n) / users.length
  expect(days).toBeGreaterThan(3)
  expect((await store.find(ann, signal)).records).toBe(days)
  // and its alert and the budget's name
  expect((await store.find(person, signal)).records).toBe(days + 2)
  const exported = []
  for await (const { record } of store.export(person, signal)) exported.push(record)
  expect(exported).toHaveLength(days + 2)
  for (const target of [ann, person]) await store.erase(target, signal)
  for (const target of [ann, person]) expect(await store.verify(target, signal)).toBe(0)
  expect(spawnSync('grep', ['-rqa', 'person-4711', folder]).status).toBe(1)
  const left = await watch.read('SELECT count(*) AS n FROM cost_days')
  expect(Number(left[0]!.n)).toBe(days)
  watch.close()
})

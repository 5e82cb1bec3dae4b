// What the stores of budgets promise, each against its real server.
import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from '@libsql/client'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { libsqlBudgets } from '../../../src/app/guard/libsql-store'
import { redisBudgets } from '../../../src/app/guard/redis-store'
import { type BudgetStore, memoryBudgets } from '../../../src/app/guard/store'
import { hasRedis, startRedis } from '../../support/services'

const until = Date.now() + 3_600_000
const reservation = (key: string, amount: number, limit: number, lease = 60_000) => ({
  key,
  id: randomUUID(),
  amount,
  limit,
  lease,
  until,
})

/** @param make a store of its own of the same sums, as another process has */
function contract(make: () => BudgetStore, isShared: boolean): void {
  it('grants no more than the limit to whoever asks at once, and counts what calls really cost', async () => {
    const key = randomUUID()
    const one = make()
    const stores = isShared ? [one, make(), make()] : [one]
    const asked = Array.from({ length: 60 }, () => reservation(key, 7, 100))
    const answers = await Promise.all(asked.map((one, n) => stores[n % stores.length]!.reserve(one)))
    const granted = asked.filter((_, n) => answers[n]!.granted)
    expect(granted).toHaveLength(14)
    expect(await one.sums(key)).toEqual({ spent: 0, reserved: 98 })
    await Promise.all(granted.map((one, n) => stores[n % stores.length]!.settle(one, 3)))
    expect(await one.sums(key)).toEqual({ spent: 42, reserved: 0 })
    expect(await one.reserve(reservation(key, 58, 100))).toEqual({ granted: true, spent: 42, reserved: 58 })
    expect(await one.reserve(reservation(key, 1, 100))).toEqual({ granted: false, spent: 42, reserved: 58 })
  })

  it('counts the cost of a call for which nothing was reserved', async () => {
    const [store, one] = [make(), reservation(randomUUID(), 5, 10)]
    await store.settle(one, 4)
    expect(await store.sums(one.key)).toEqual({ spent: 4, reserved: 0 })
  })

  it.runIf(isShared)(
    'gives back what a process had reserved that died, and keeps what one renews that lives',
    async () => {
      const [dead, living] = [make(), make()]
      const key = randomUUID()
      await dead.reserve(reservation(key, 60, 100, 300))
      const kept = reservation(key, 40, 100, 300)
      await living.reserve(kept)
      expect((await living.reserve(reservation(key, 1, 100))).granted).toBe(false)
      const end = Date.now() + 900
      while (Date.now() < end) {
        await living.renew([kept])
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      expect(await living.reserve(reservation(key, 60, 100))).toMatchObject({ granted: true, reserved: 100 })
      expect((await living.reserve(reservation(key, 1, 100))).granted).toBe(false)
    },
  )
}

describe('in memory', () => {
  contract(memoryBudgets, false)
})

describe.runIf(hasRedis)('in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  const clients: Redis[] = []
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => {
    for (const client of clients) client.disconnect()
    redis.stop()
  })
  const client = () => {
    const made = new Redis(redis.port, { maxRetriesPerRequest: 1 })
    clients.push(made)
    return made
  }
  contract(() => redisBudgets(client()), true)

  describe('by a client that sends commands as lists, as the package redis does', () => {
    contract(() => {
      const made = client()
      return redisBudgets({ sendCommand: ([name, ...args]) => made.call(name as string, ...args) })
    }, true)
  })
})

describe('in libSQL', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-budgets-')), 'budgets.db')
  contract(() => libsqlBudgets(createClient({ url: `file:${file}` })), true)
})

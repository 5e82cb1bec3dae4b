// A search that takes long is ended by a restart: the next run of the step goes on, and what was kept stands nowhere in clear, and is gone with the step.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { erase } from '../../../src/operations/gdpr/saga'
import type { SagaOptions } from '../../../src/operations/gdpr/saga-options'
import { secretOf } from '../../../src/operations/gdpr/secret'
import { openStateFolder } from '../../../src/operations/gdpr/state'
import type { Searched, SubjectStore } from '../../../src/operations/gdpr/stores/store'
import { parseSubject } from '../../../src/operations/gdpr/subject'

const traceId = 'a'.repeat(32)

it('each step is given the parts that its store kept in it, and no other store gets them', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-searched-'))
  const given: (Searched | undefined)[] = []
  const others: (Searched | undefined)[] = []
  let isDown = true
  const store = (name: string, find: SubjectStore['find']): SubjectStore => ({
    name,
    flushWindowMs: 0,
    find,
    async *export() {},
    erase: async () => {},
    verify: async (target, signal, keep) => (await find(target, signal, keep)).records - 1,
    unerasable: () => [],
  })
  const nothing = { records: 1, traceIds: [], shared: 0 }
  const slow = store('slow', async ({ searched }, _, keep) => {
    given.push(searched)
    keep?.('week 1', [traceId])
    if (isDown) throw new Error('the machine went down')
    return nothing
  })
  const quick = store('quick', async ({ searched }) => {
    others.push(searched)
    return nothing
  })
  let clock = Date.parse('2026-11-28T00:00:00Z')
  const options = (): SagaOptions => ({
    state: openStateFolder(folder),
    secret: secretOf(generated),
    stores: [slow, quick],
    elsewhere: () => [],
    notAsked: () => [],
    keys: [],
    audit: async () => {},
    now: () => clock,
  })
  const what = { identifiers: parseSubject(['user.id=person-4711-abcdef']) }
  expect((await erase(options(), what)).status).toBe('partial')
  const text = readdirSync(folder)
    .map(name => readFileSync(path.join(folder, name), 'utf8'))
    .join()
  expect(text).not.toContain(traceId)
  isDown = false
  given.length = 0
  clock += 3_600_000
  expect((await erase(options(), what)).status).toBe('done')
  // the step that was broken off goes on, and each one after it begins anew
  expect(given[0]).toEqual({ 'week 1': [traceId] })
  expect(given.slice(1).filter(searched => searched !== undefined)).toEqual([])
  expect(others.filter(searched => searched !== undefined && Object.keys(searched).length > 0)).toEqual([])
})

const { privateKey: generated } = generateKeyPairSync('ed25519')

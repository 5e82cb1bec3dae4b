// Two more months for a request. The oracle is Art. 12(3) GDPR: once, within the first month; months as Regulation 1182/71 counts them.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { extend } from '../../../src/operations/gdpr/extend'
import { erase } from '../../../src/operations/gdpr/saga'
import type { SagaOptions } from '../../../src/operations/gdpr/saga-options'
import { secretOf } from '../../../src/operations/gdpr/secret'
import { openStateFolder } from '../../../src/operations/gdpr/state'
import { parseSubject } from '../../../src/operations/gdpr/subject'
import { MemoryStore } from './memory-store'

const day = 86_400_000
const received = Date.parse('2026-12-31T10:00:00Z')
let clock: number
let audit: string[]
let saga: SagaOptions
const dueOf = (ms: number) => new Date(ms).toISOString()
const newest = () => saga.state.all()[0]!

beforeEach(async () => {
  clock = received
  audit = []
  const now = () => clock
  const rows = Array.from({ length: 40 }, (_, n) => ({ user: `user-${n}`, traceId: `${n}`.padStart(32, '0') }))
  saga = {
    state: openStateFolder(mkdtempSync(path.join(tmpdir(), 'afn-gdpr-'))),
    secret: secretOf(generateKeyPairSync('ed25519').privateKey),
    stores: [new MemoryStore({ name: 'traces', rows, now })],
    keys: [],
    elsewhere: () => [],
    notAsked: () => [],
    audit: async (action, details) => {
      audit.push(`${action} ${JSON.stringify(details)}`)
    },
    now,
  }
  await erase(saga, { identifiers: parseSubject(['user-7']) })
})

it('is due three months after it was received, and the reason is on record', async () => {
  expect(dueOf(newest().dueAt)).toBe('2027-01-31T23:59:59.999Z')
  await extend(saga, newest().id, 'stores of four processors')
  expect(dueOf(newest().dueAt)).toBe('2027-03-31T23:59:59.999Z')
  expect(audit.at(-1)).toBe(
    `gdpr.erase.extended ${JSON.stringify({ request: newest().id, reason: 'stores of four processors' })}`,
  )
})

it('is allowed on the last day of the first month, and once', async () => {
  clock = Date.parse('2027-01-31T23:00:00Z')
  await extend(saga, newest().id, 'x')
  await expect(extend(saga, newest().id, 'y')).rejects.toThrow(/was already extended/)
})

it('is refused after the first month, of what is done, and of what there is not', async () => {
  await expect(extend(saga, 'x', 'y')).rejects.toThrow(/unknown request "x".*status lists all requests/)
  clock = received + 31 * day + 14 * 3_600_000
  await expect(extend(saga, newest().id, 'x')).rejects.toThrow(/was due on 2027-01-31/)
  for (let run = 0; run < 4; run++) {
    clock += 3_600_000
    await erase(saga, { identifiers: parseSubject(['user-7']) })
  }
  await expect(extend(saga, newest().id, 'x')).rejects.toThrow(/is already done/)
})

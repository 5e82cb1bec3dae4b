// Data of coding agents in the store of `afn-otel up`, whose pseudonyms are made with the key in its data folder: one person is erased by the
// e-mail address that the agent sent, and another stays. The oracle is `grep` over the folder, and the rows of the other.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { embeddedStore } from '../../../src/operations/gdpr/stores/embedded'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf, readKeyFile } from '../../../src/shared/config/hmac-key'
import { ACCOUNT, EMAIL, ownPrices, requestsOf, takenInto } from '../backend/agent-recordings'
import { isFoundIn } from './found-in'

const root = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-agents-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const signal = new AbortController().signal
const BOB = 'bob.planted@example.org'
const BOBS_ACCOUNT = ACCOUNT.replace('5f', '6a')

it('a person whose coding agent sent data is found by nothing that they know, or is not erased, or another is', async () => {
  const data = path.join(root, 'data')
  const prices = path.join(root, 'prices.json')
  writeFileSync(prices, ownPrices)
  const requests = [
    ...requestsOf('claude-code-2.1.197-logs').map(request => ({ request, email: EMAIL, account: ACCOUNT })),
    ...requestsOf('codex-0.171.0-logs').map(request => ({ request, email: BOB, account: BOBS_ACCOUNT })),
  ]
  const store = await takenInto(data, requests, prices)
  await store.finalizeTraces()
  const rowsOf = async (user: string) =>
    (await store.query('SELECT to_json(t)::VARCHAR AS row FROM spans t WHERE user_id = $1 ORDER BY seq', [user])).map(
      ({ row }) => String(row),
    )
  const keyFile = path.join(data, 'pseudonyms.key')
  const key = readKeyFile(keyFile)
  const pseudonymOf = (email: string) => `[EMAIL:${hmacOf(key)(email).slice(0, 16)}]`
  const [ann, bob] = [pseudonymOf(EMAIL), pseudonymOf(BOB)]
  expect((await rowsOf(ann)).length).toBeGreaterThan(2)
  const before = await rowsOf(bob)
  expect(before.length).toBeGreaterThan(1)

  const target = { identity: identityOf(parseSubject([EMAIL]), [key]), traceIds: [] }
  const embedded = embeddedStore(store)
  const found = await embedded.find(target, signal)
  expect(found.records).toBeGreaterThan(2)
  const all = { ...target, traceIds: found.traceIds }
  await embedded.erase(all, signal)
  expect(await embedded.verify(all, signal)).toBe(0)
  expect(await rowsOf(ann)).toEqual([])
  expect(await rowsOf(bob)).toEqual(before)
  await store.close()
  renameSync(keyFile, path.join(root, 'kept.key'))
  expect(isFoundIn(data, ann.slice(7, -1))).toBe(false)
  expect(isFoundIn(data, bob.slice(7, -1))).toBe(true)
})

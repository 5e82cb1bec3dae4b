// LangFuse forgets a person. The stand-in answers by the documented shapes (test/support/langfuse-server.ts).
import { afterEach, expect, it } from 'vitest'
import { langfuseStore } from '../../../src/gdpr/stores/langfuse'
import { identityOf, parseSubject } from '../../../src/gdpr/subject'
import { type Observation, startLangfuseServer } from '../../support/langfuse-server'

let server: Awaited<ReturnType<typeof startLangfuseServer>>
afterEach(() => server.close())

const key = 'first-key-of-32-characters-at-least'
const signal = new AbortController().signal
const identity = identityOf(parseSubject(['user-0007']), [key])
const pseudonym = identity.pseudonyms[0]!.value
const target = { identity, traceIds: [] as string[] }
const project = () => ({ url: server.url, publicKey: 'pk-lf-1', secretKey: 'sk-lf-2' })

let next = 0
const observation = (traceId: string, userId: string | null): Observation => ({
  id: `o${next++}`,
  traceId,
  userId,
  startTime: new Date(Date.parse('2026-11-01') + next * 1_000),
})
const others = Array.from({ length: 30 }, (_, at) => observation(`other-${at}`, `user-${at + 100}`))

it('deletes the traces of a person and of its pseudonym, and believes it when they are found no more', async () => {
  server = await startLangfuseServer({
    observations: [
      ...others,
      ...Array.from({ length: 250 }, (_, at) => observation(`own-${at}`, 'user-0007')),
      observation('own-0', null),
      observation('masked', pseudonym),
      observation('by-another-store', null),
    ],
  })
  const store = langfuseStore(project())
  const known = { ...target, traceIds: ['by-another-store', 'nowhere'] }
  const found = await store.find(known, signal)
  expect([found.records, found.traceIds.length, found.shared]).toEqual([253, 252, 0])
  server.state.forgetsLater = true
  await store.erase(known, signal)
  // the answer was 200
  expect(await store.verify(known, signal)).toBe(253)
  server.forgetNow()
  expect(await store.verify(known, signal)).toBe(0)
  expect(server.stored()).toEqual(others)
  expect(server.asked.every(request => !request.includes('GET /api/public/traces'))).toBe(true)
  // a second run asks for nothing to be deleted
  const batches = server.batches.length
  await store.erase(known, signal)
  expect(server.batches).toHaveLength(batches)
})

it('leaves a trace with another person in it, and says how many there are', async () => {
  const shared = [observation('both', 'user-0007'), observation('both', 'user-0008')]
  server = await startLangfuseServer({ observations: [...others, ...shared, observation('own', 'user-0007')] })
  const store = langfuseStore(project())
  expect(await store.find(target, signal)).toEqual({ records: 1, traceIds: ['own'], shared: 1 })
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(0)
  expect(server.stored()).toEqual([...others, ...shared])
  expect(store.unerasable(0).map(({ what }) => what)).toContain('traces in which other persons are named too')
})

it('is an error while LangFuse is away or does not know the keys, and never "nothing found"', async () => {
  server = await startLangfuseServer({ observations: [observation('own', 'user-0007')] })
  const store = langfuseStore({ ...project(), secretKey: 'sk-lf-wrong' })
  await expect(store.find(target, signal)).rejects.toThrow('does not know the keys (401)')
  await expect(store.verify(target, signal)).rejects.toThrow('401')
  await expect(langfuseStore({ ...project(), url: 'http://127.0.0.1:9' }).verify(target, signal)).rejects.toThrow(
    'does not answer',
  )
})

it('exports what LangFuse has of the person', async () => {
  server = await startLangfuseServer({
    observations: [...others, observation('own', 'user-0007'), observation('own', null)],
  })
  const records = []
  for await (const { record } of langfuseStore(project()).export(target, signal)) records.push(record)
  expect(records).toMatchObject([{ traceId: 'own' }, { traceId: 'own' }])
})

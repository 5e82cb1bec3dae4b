// LangFuse forgets a person. The stand-in answers by the documented shapes (test/support/langfuse-server.ts).
import { afterEach, expect, it } from 'vitest'
import { langfuseStore } from '../../../src/operations/gdpr/stores/langfuse'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
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
const observation = (traceId: string, userId: string | null, more: object = {}): Observation => ({
  id: `o${next++}`,
  traceId,
  userId,
  ...more,
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
  const store = langfuseStore({ project: project() })
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
  const store = langfuseStore({ project: project() })
  expect(await store.find(target, signal)).toMatchObject({ records: 1, traceIds: ['own'], shared: 1 })
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(0)
  expect(server.stored()).toEqual([...others, ...shared])
  expect(store.unerasable(0).map(({ what }) => what)).toContain('traces that also name other persons')
})

it('follows a session to traces without a user, but none in which somebody else is', async () => {
  const kept = [
    observation('both', 'user-0007', { sessionId: 'room' }),
    observation('both', 'user-0008', { sessionId: 'room' }),
    observation('nobody', null, { sessionId: 'room' }),
    observation('later', 'user-0009', { sessionId: 'visit-22' }),
  ]
  server = await startLangfuseServer({
    observations: [
      ...kept,
      observation('own', 'user-0007', { sessionId: 'visit-2' }),
      observation('before the login', null, { sessionId: 'visit-2' }),
      // the session of this one has somebody else in it, and the trace itself has not
      observation('entering', 'user-0007', { sessionId: 'room' }),
    ],
  })
  const store = langfuseStore({ project: project() })
  const found = await store.find(target, signal)
  expect([found.records, [...found.traceIds].sort(), found.shared]).toEqual([
    3,
    ['before the login', 'entering', 'own'],
    1,
  ])
  await store.erase(target, signal)
  expect(server.stored()).toEqual(kept)
})

it('finds who is named in a prompt or an answer, and nobody whose id is longer', async () => {
  const kept = [observation('longer', null, { input: 'user-00071' }), observation('other', null, { output: 'nobody' })]
  server = await startLangfuseServer({
    observations: [
      ...kept,
      observation('prompt', null, { input: 'I am user-0007.' }),
      observation('answer', null, { output: `hello ${pseudonym}` }),
    ],
  })
  const store = langfuseStore({ project: project() })
  await store.erase(target, signal)
  expect(server.stored()).toEqual(kept)
  // a LangFuse that has no such search is no failure: the receipt says what it can't find
  server.state.hasTextSearch = false
  expect(await store.verify(target, signal)).toBe(0)
  expect(
    store
      .unerasable(0)
      .map(({ what }) => what)
      .join(),
  ).toContain('if LangFuse has no text search')
})

it('says until when a trace with others stays, where something ends it', () => {
  const agesOut = (retentionDays?: number) =>
    langfuseStore({ project: { url: '', publicKey: '', secretKey: '' }, ...(retentionDays && { retentionDays }) })
      .unerasable(Date.UTC(2026, 10, 28))
      .find(({ what }) => what.startsWith('traces'))?.agesOut
  expect([agesOut(), agesOut(30)]).toEqual([null, '2026-12-28T00:00:00.000Z'])
})

it('is an error while LangFuse is away or does not know the keys, and never "nothing found"', async () => {
  server = await startLangfuseServer({ observations: [observation('own', 'user-0007')] })
  const store = langfuseStore({ project: { ...project(), secretKey: 'sk-lf-wrong' } })
  await expect(store.find(target, signal)).rejects.toThrow('does not know the keys (401)')
  await expect(store.verify(target, signal)).rejects.toThrow('401')
  await expect(
    langfuseStore({ project: { ...project(), url: 'http://127.0.0.1:9' } }).verify(target, signal),
  ).rejects.toThrow('does not answer')
})

it('exports what LangFuse has of the person, and of a trace with others only that', async () => {
  server = await startLangfuseServer({
    observations: [
      ...others,
      observation('own', 'user-0007'),
      observation('own', null),
      observation('both', 'user-0007'),
      observation('both', 'user-0008'),
    ],
  })
  const records = []
  for await (const { record } of langfuseStore({ project: project() }).export(target, signal)) records.push(record)
  expect(records).toMatchObject([{ traceId: 'own' }, { traceId: 'own' }, { traceId: 'both', userId: 'user-0007' }])
})

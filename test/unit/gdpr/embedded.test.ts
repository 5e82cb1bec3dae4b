// The embedded store forgets one person of ten: 20 of 200 in full, 4 of 40 in short. The oracles are `grep` over the folder, and the rows of the others, compared as texts.
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openStore, type Store } from '../../../src/backend/store/store'
import { embeddedStore } from '../../../src/operations/gdpr/stores/embedded'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf } from '../../../src/shared/config/hmac-key'
import { isLong } from '../../support/long'
import { isFoundIn } from './found-in'

let store: Store
afterEach(() => store.close())

const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least']
const signal = new AbortController().signal
const start = Date.now() - 3_600_000
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
const id = (user: number) => `person-${String(user).padStart(4, '0')}`
const mail = (user: number) => `p${String(user).padStart(4, '0')}@example.com`
const pseudonymOf = (user: number, key: number) => `[REDACTED:${hmacOf(keys[key]!)(id(user)).slice(0, 16)}]`
const wordsOf = (user: number) => [id(user), mail(user), ...[0, 1].map(key => pseudonymOf(user, key).slice(10, -1))]
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

function span(traceId: number, spanId: number, attributes: object[], more: object = {}) {
  const time = { startTimeUnixNano: nanos(start), endTimeUnixNano: nanos(start + 5) }
  return { traceId: hex(traceId, 32), spanId: hex(spanId, 16), name: 'chat', ...time, attributes, ...more }
}
const log = (traceId: number | undefined, body: string, attributes: object[] = []) => ({
  timeUnixNano: nanos(start),
  body: { stringValue: body },
  severityNumber: 9,
  attributes,
  ...(traceId !== undefined && { traceId: hex(traceId, 32), spanId: hex(1, 16) }),
})
const traces = (spans: object[], resource: object[] = []) =>
  store.write('traces', { resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ spans }] }] })
const logs = (logRecords: object[]) => store.write('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })

const rows = async (table: string, where = 'true') =>
  (
    await store.query(
      `SELECT (to_json(t) ->> '$')::VARCHAR AS row FROM (SELECT * EXCLUDE (received_ns) FROM ${table}) t WHERE ${where} ORDER BY seq`,
    )
  ).map(({ row }) => String(row))

it('one person of ten is in no byte of the folder afterwards, and the rows of the others are the same', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-store-'))
  store = await openStore({ path: path.join(folder, 'telemetry.duckdb') })
  const users = Array.from({ length: isLong('gdpr') ? 200 : 40 }, (_, user) => user)
  // interleaved: each request has all of them
  for (let round = 0; round < 4; round++) {
    const named = (user: number) => [id(user), pseudonymOf(user, 0), pseudonymOf(user, 1), mail(user)][round]!
    const trace = (user: number) => 1 + round * 1_000 + user
    await traces(
      users.flatMap(user => [
        span(trace(user), 1, [text('user.id', named(user)), text('gen_ai.request.model', 'gpt-5')]),
        // names nobody, and is of the same trace
        span(trace(user), 2, [text('note', `of trace ${trace(user)}`)], { parentSpanId: hex(1, 16) }),
      ]),
    )
    await logs(
      users.flatMap(user => [
        log(trace(user), `step of ${trace(user)}`),
        log(undefined, `mail to ${named(user)}, please`),
      ]),
    )
  }
  await store.finalizeTraces()
  const gone = users.filter(user => user % 10 === 7)
  const others = users.filter(user => user % 10 !== 7)
  const isGone = gone.flatMap(user => [0, 1, 2, 3].map(round => 1 + round * 1_000 + user))
  const notTheirs = `trace_id NOT IN (${isGone.join(', ')})`
  const ofOthers = (word: string) => !gone.some(user => wordsOf(user).some(own => word.includes(own)))
  const before = { spans: await rows('spans', notTheirs), logs: (await rows('logs', notTheirs)).filter(ofOthers) }
  expect(before.spans).toHaveLength(others.length * 8)
  expect(before.logs).toHaveLength(others.length * 8)

  const embedded = embeddedStore(store)
  for (const user of gone) {
    const target = { identity: identityOf(parseSubject([id(user), mail(user)]), keys), traceIds: [] }
    const found = await embedded.find(target, signal)
    expect([user, found.records, found.traceIds.length, found.shared]).toEqual([user, 16, 4, 0])
    await embedded.erase({ ...target, traceIds: found.traceIds }, signal)
    expect(await embedded.verify({ ...target, traceIds: found.traceIds }, signal)).toBe(0)
  }

  expect(await rows('spans')).toEqual(before.spans)
  expect(await rows('logs')).toEqual(before.logs)
  await store.close()
  for (const word of gone.flatMap(wordsOf)) expect([word, isFoundIn(folder, word)]).toEqual([word, false])
  // grep would find what is there
  for (const word of others.slice(0, 5).flatMap(wordsOf)) expect([word, isFoundIn(folder, word)]).toEqual([word, true])
}, 180_000)

it('what is sent while the file is written anew is stored, or refused so that its sender comes again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-store-'))
  store = await openStore({ path: path.join(folder, 'telemetry.duckdb') })
  await traces([span(1, 1, [text('user.id', id(1))])])
  chmodSync(path.join(folder, 'telemetry.duckdb'), 0o600)
  const embedded = embeddedStore(store)
  const target = { identity: identityOf(parseSubject([id(1)]), keys), traceIds: [] }
  let isOver = false
  const erasure = embedded.erase(target, signal).finally(() => {
    isOver = true
  })
  const accepted: number[] = []
  for (let n = 2; !isOver || n < 40; n++) {
    const sent = traces([span(n, 1, [text('user.id', id(n))])])
    await sent.then(
      () => accepted.push(n),
      () => {},
    )
  }
  await erasure
  expect(statSync(path.join(folder, 'telemetry.duckdb')).mode & 0o777).toBe(0o600)
  expect(accepted.length).toBeGreaterThan(10)
  const stored = await store.query('SELECT trace_id::INTEGER AS id FROM spans ORDER BY id')
  expect(stored.map(one => one.id)).toEqual(accepted)
  await store.close()
  store = await openStore({ path: path.join(folder, 'telemetry.duckdb') })
  expect(await store.query('SELECT count(*)::INTEGER AS n FROM spans')).toEqual([{ n: accepted.length }])
})

it('an erasure that ended between the rows and the bytes takes the bytes when it comes again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-store-'))
  const file = path.join(folder, 'telemetry.duckdb')
  store = await openStore({ path: file })
  await traces([span(1, 1, [text('user.id', id(1))]), span(2, 1, [text('user.id', id(2))])])
  // out of the log, into the file
  await store.close()
  store = await openStore({ path: file })
  const embedded = embeddedStore(store)
  const target = { identity: identityOf(parseSubject([id(1)]), keys), traceIds: [] }
  // the new file can't be written
  mkdirSync(`${file}.new`)
  await expect(embedded.erase(target, signal)).rejects.toThrow()
  expect((await embedded.find(target, signal)).records).toBe(0)
  expect(isFoundIn(folder, id(1))).toBe(true)
  rmdirSync(`${file}.new`)
  await embedded.erase(target, signal)
  await store.close()
  expect([id(1), id(2)].map(word => isFoundIn(folder, word))).toEqual([false, true])
})

it('of a trace with another person in it, only the spans of the subject go', async () => {
  store = await openStore({ path: ':memory:' })
  await traces([
    span(1, 1, [text('user.id', id(1))]),
    span(1, 2, [text('user.id', id(2))], { parentSpanId: hex(1, 16) }),
    span(1, 3, [text('gen_ai.input.messages', `I am ${mail(1)}.`)], { parentSpanId: hex(2, 16) }),
  ])
  await logs([log(1, 'whose is this?'), log(1, `from ${mail(1)}`)])
  const target = { identity: identityOf(parseSubject([id(1), mail(1)]), keys), traceIds: [] }
  const embedded = embeddedStore(store)
  expect(await embedded.find(target, signal)).toMatchObject({ records: 3, traceIds: [], shared: 1 })
  await embedded.erase(target, signal)
  expect(await embedded.verify(target, signal)).toBe(0)
  expect(await store.query('SELECT span_id::INTEGER AS id FROM spans')).toEqual([{ id: 2 }])
  expect(await store.query('SELECT body FROM logs')).toEqual([{ body: 'whose is this?' }])
})

it('traces that a visit alone ties to the subject go too, and no visit in which somebody else was', async () => {
  store = await openStore({ path: ':memory:' })
  const visit = (name: string) => text('session.id', name)
  const conversation = text('gen_ai.conversation.id', 'talk')
  await traces([
    span(1, 1, [text('user.id', id(1)), visit('alone')]),
    span(2, 1, [visit('alone')]),
    span(3, 1, [conversation]),
    span(3, 2, [text('user.id', id(1))]),
    span(4, 1, [conversation]),
    // the trace is the subject's, and the room is not
    span(5, 1, [text('user.id', id(1)), visit('room')]),
    span(6, 1, [visit('room')]),
    span(6, 2, [text('user.id', id(2))]),
    span(7, 1, [visit('room')]),
    span(8, 1, [visit('somewhere else')]),
  ])
  await logs([
    log(2, 'of the visit'),
    { ...log(undefined, 'without a trace'), attributes: [visit('alone')] },
    log(7, 'x'),
  ])
  const target = { identity: identityOf(parseSubject([id(1)]), keys), traceIds: [] }
  const embedded = embeddedStore(store)
  const found = await embedded.find(target, signal)
  expect([found.records, found.shared, [...found.traceIds].sort()]).toEqual([
    8,
    0,
    [1, 2, 3, 4, 5].map(n => hex(n, 32)),
  ])
  await embedded.erase(target, signal)
  expect(await embedded.verify({ ...target, traceIds: found.traceIds }, signal)).toBe(0)
  expect(await store.query('SELECT DISTINCT trace_id::INTEGER AS id FROM spans ORDER BY id')).toEqual(
    [6, 7, 8].map(id => ({ id })),
  )
  expect(await store.query('SELECT body FROM logs')).toEqual([{ body: 'x' }])
})

it('a person in a resource, an event, a number-like id and an exemplar is found, and the numbers of others stay', async () => {
  store = await openStore({ path: ':memory:' })
  const target = {
    identity: identityOf(parseSubject(['user.id=17', 'user.id=1234567890', mail(1)]), keys),
    traceIds: [],
  }
  await traces([span(1, 1, [])], [text('enduser.id', '17')])
  await traces([
    span(2, 1, [], { events: [{ timeUnixNano: nanos(start), name: 'x', attributes: [text('to', mail(1))] }] }),
  ])
  await traces([
    span(3, 1, [{ key: 'user.id', value: { intValue: '17' } }]),
    span(4, 1, [text('user.id', '170'), text('took', '17 ms')]),
  ])
  await traces([span(5, 1, [{ key: 'user.id', value: { intValue: '1234567890' } }])])
  const exemplars = [{ timeUnixNano: nanos(start), asDouble: 1, filteredAttributes: [text('user.email', mail(1))] }]
  const dataPoints = [
    {
      startTimeUnixNano: nanos(start),
      timeUnixNano: nanos(start),
      count: '3',
      sum: 4,
      bucketCounts: ['1', '2'],
      explicitBounds: [1],
      exemplars,
    },
  ]
  const metrics = [{ name: 'duration', histogram: { aggregationTemporality: 2, dataPoints } }]
  await store.write('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  const embedded = embeddedStore(store)
  expect(await embedded.find(target, signal)).toMatchObject({ records: 5, shared: 0 })
  await embedded.erase(target, signal)
  expect(await embedded.verify(target, signal)).toBe(0)
  expect(await store.query('SELECT trace_id::INTEGER AS id FROM spans')).toEqual([{ id: 4 }])
  expect(
    await store.query("SELECT name, sum, contains(coalesce(point, ''), 'example.com') AS named FROM metric_points"),
  ).toEqual([{ name: 'duration', sum: 4, named: false }])
})

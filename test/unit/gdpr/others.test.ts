// An erasure of one person leaves what is of others: in each store that looks into texts, with ids that are words, numbers, beginnings of
// other ids, parts of URLs, and addresses.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../../src/backend/store/store'
import { needsConfirmation, phraseOf } from '../../../src/operations/gdpr/confirmation'
import { matcherOf, textPattern } from '../../../src/operations/gdpr/person-attributes'
import { sampleOf } from '../../../src/operations/gdpr/record-preview'
import type { RequestState, StoreState } from '../../../src/operations/gdpr/state'
import { embeddedStore } from '../../../src/operations/gdpr/stores/embedded'
import { logFilesStore } from '../../../src/operations/gdpr/stores/log-files'
import { queriesOf } from '../../../src/operations/gdpr/stores/loki'
import { spoolStore } from '../../../src/operations/gdpr/stores/spool'
import { questionsAbout } from '../../../src/operations/gdpr/stores/tempo-questions'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { messages } from '../../../src/shared/otlp/messages'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { isFoundIn } from './found-in'

const signal = new AbortController().signal
const identity = (...subject: string[]) => identityOf(parseSubject(subject), [])
const target = (...subject: string[]) => ({ identity: identity(...subject), traceIds: [] as string[] })
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const nanos = String(BigInt(Date.now() - 60_000) * 1_000_000n)
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

const words = [
  'user.id=error',
  'user.id=admin',
  'user.id=checkout',
  'user.id=anonymous',
  'user.id=production',
  'user.id=gpt-4o-mini',
  'user.id=order-service-v2',
  'user.id=2026-11-30',
  'user.id=12345678',
  'session.id=undefined',
  'user.id=利用者',
]

describe('an id that a word, a number or a date could be', () => {
  it.each(words)('%s is looked for in no text', subject => {
    const [key = '', value = ''] = subject.split('=')
    expect(textPattern(identity(subject))).toBeUndefined()
    expect(matcherOf(identity(subject)).attribute('http.response.body.size', value)).toBe(false)
    expect(matcherOf(identity(subject)).exact(key, value)).toBe(true)
  })

  it.each([
    'person-0007',
    'u_8f3kd92la0',
    '6a1c2b3e-0000-4000-8000-1234567890ab',
    '507f1f77bcf86cd799439011',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    'V1StGXR8_Z5jdHi6B-myT',
    '175928847299117063',
    'bob@example.com',
  ])('is not %s', subject => expect(textPattern(identity(subject))).toBeDefined())
})

describe('an id in a text', () => {
  it.each([
    ['person-0007', 'GET /users/person-0007/orders?x=1', true],
    ['person-0007', '%2Fusers%2Fperson-0007%2Forders', true],
    ['person-0007', '?next=/u?id=person-0007&x', true],
    ['person-0007', '利用者person-0007が削除', true],
    ['person-0007', 'hello person-0007.', true],
    ['person-0007', 'person-00071', false],
    ['person-0007', 'person-0007-2', false],
    ['person-0007', 'person-0007.eu', false],
    ['person-0007', 'person-0007@example.com', false],
    ['person-0007', 'person-0007%40example.com', false],
    ['person-0007', 'a-person-0007', false],
    ['auth0|5f7c8ec7c33c', '/users/auth0%7C5f7c8ec7c33c/x', true],
    ['user.id=bob@example.com', 'mail to a.bob@example.com', false],
    ['user.id=bob@example.com', 'mail to bob@example.com.au', false],
    ['user.id=bob@example.com', 'mail to BOB@example.com', true],
  ])('%s in %j: %s', (subject, line, isFound) => expect(matcherOf(identity(subject)).text(line)).toBe(isFound))
})

describe('log files', () => {
  const folderOf = (...lines: string[]) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-others-'))
    const file = path.join(folder, 'info-2026-11-30-1.log')
    writeFileSync(file, `${lines.join('\n')}\n`)
    return { store: logFilesStore([folder]), lines: () => readFileSync(file, 'utf8').split('\n').slice(0, -1), file }
  }
  const line = (who: number, more: object = {}) => {
    const names = [
      { 'user.id': `customer-${who}` },
      { userId: `customer-${who}` },
      { user: { id: `customer-${who}` } },
      { msg: `user_id=customer-${who} did it` },
    ]
    return JSON.stringify({ level: 30, ...names[who % 4], text: `order ${who}`, ...more })
  }

  it.each(words.filter(word => word.startsWith('user.id')))(
    'lose for %s the lines of that user alone',
    async subject => {
      const [, value = ''] = subject.split('=')
      const others = Array.from({ length: 200 }, (_, who) =>
        line(who, { name: value, size: Number(value) || 1, reason: `a ${value} in it`, url: `/${value}/x` }),
      )
      const own = JSON.stringify({ 'user.id': value, msg: 'mine' })
      const asNumber = Number.isSafeInteger(Number(value)) ? [`{"user":{"id":${value}},"msg":"mine"}`] : []
      const { store, lines } = folderOf(...others.slice(0, 100), own, ...asNumber, ...others.slice(100))
      expect((await store.find(target(subject), signal)).records).toBe(1 + asNumber.length)
      await store.erase(target(subject), signal)
      expect(lines().filter(one => !one.startsWith('{"erased":true}'))).toEqual(others)
      expect(await store.verify(target(subject), signal)).toBe(0)
    },
  )

  it('keep lines that name somebody else, with a * for each byte of the subject, and as long as they were', async () => {
    const subject = ['person-0007', 'enduser.id=17', 'bob@example.com']
    const shared = [
      line(0, { msg: 'to person-0007, person-0007 and 利用者person-0007 again' }),
      line(1, { msg: 'by \\"bob\\u0040example.com\\"', 'enduser.id': 17, size: 17 }),
      line(2, { deep: { list: ['x', 'Bob@Example.com'], 'person-0007': true }, big: 1 }).replace(
        '"big":1',
        '"big":12345678901234567890, "pi" : 3.140e2',
      ),
      line(3, { msg: 'plain person-0007' }),
      'plain text: person-0007 met ann@example.com é',
      String.raw`{"user.id":"customer-9","msg":"\u0070erson-0007 \/ \u00e9"}`,
    ]
    const own = [JSON.stringify({ 'user.id': 'person-0007', msg: 'wrote to ann@example.com' }), 'plain person-0007']
    const { store, lines, file } = folderOf(...shared, ...own)
    const before = readFileSync(file).length
    expect((await store.find(target(...subject), signal)).records).toBe(8)
    await store.erase(target(...subject), signal)
    expect(readFileSync(file).length).toBe(before)
    const left = lines()
    expect(left.slice(6).every(one => one.startsWith('{"erased":true}'))).toBe(true)
    expect(left.join('\n')).not.toMatch(/person-0007|bob@|bob\\u0040/i)
    expect(left.map((one, n) => Buffer.byteLength(one) - Buffer.byteLength([...shared, ...own][n]!))).toEqual(
      left.map(() => 0),
    )
    expect(JSON.parse(left[0]!)).toMatchObject({
      'user.id': 'customer-0',
      msg: 'to ***********, *********** and 利用者*********** again',
    })
    expect(JSON.parse(left[1]!)).toMatchObject({ userId: 'customer-1', 'enduser.id': 0, size: 17 })
    expect(left[2]).toContain('"big":12345678901234567890, "pi" : 3.140e2')
    expect(left[4]).toBe('plain text: *********** met ann@example.com é')
    expect(JSON.parse(left[5]!)).toEqual({ 'user.id': 'customer-9', msg: '*********** / é' })
    expect(await store.verify(target(...subject), signal)).toBe(0)
  })

  it('show some of what they found, and no name in it', async () => {
    const { store } = folderOf(
      JSON.stringify({ 'user.id': '17', msg: 'wrote \u001b[2J to ann@example.com' }),
      line(1, { msg: 'of person-0007' }),
    )
    const { samples = [], records, allRecords } = await store.find(target('user.id=17', 'person-0007'), signal)
    expect([records, allRecords, samples.length]).toEqual([2, 2, 2])
    const shown = samples.map(sampleOf(identity('user.id=17', 'person-0007')))
    expect(shown[0]).toContain('"user.id":"**"')
    expect(shown.join()).not.toMatch(/person-0007|ann@|"17"|customer/)
  })
})

it('the spool keeps spans and log records that name somebody else, and what is below a resource with a name in its text', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-others-'))
  const span = (n: number, attributes: object[], more: object = {}) => ({
    traceId: hex(n, 32),
    spanId: hex(n, 16),
    name: 'chat',
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    ...more,
  })
  const spans = [
    span(1, [text('user.id', 'other-1'), text('note', 'met person-0007')], { events: [{ name: 'person-0007 left' }] }),
    span(2, [text('user.id', 'person-0007')]),
    span(3, [text('user.id', 'other-3'), text('enduser.id', 'admin'), text('role', 'admin')]),
  ]
  const request = (resource: object[], some: object[]) =>
    toProtobuf(messages.ExportTraceServiceRequest, {
      resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'app' }, spans: some }] }],
    })
  writeFileSync(path.join(folder, '1764288000000-1-0.traces.otlp'), request([text('service.name', 'admin')], spans))
  const machine = request(
    [text('host.name', 'mac-of-person-0007'), text('host.id', '/home/person-0007')],
    [span(4, [])],
  )
  writeFileSync(path.join(folder, '1764288000000-1-1.traces.otlp'), machine)
  const store = spoolStore({ spoolDir: folder })
  const subject = target('person-0007', 'enduser.id=admin')
  expect(await store.find(subject, signal)).toMatchObject({ records: 4, traceIds: [hex(2, 32)] })
  await store.erase(subject, signal)
  expect(await store.verify(subject, signal)).toBe(0)
  const left = ['0', '1'].map(n => readFileSync(path.join(folder, `1764288000000-1-${n}.traces.otlp`), 'latin1')).join()
  for (const kept of ['other-1', 'other-3', 'met ***********', 'role', 'mac-of-', '/home/***********'])
    expect(left).toContain(kept)
  expect(left.match(/admin/g)).toHaveLength(2)
  expect(left).not.toMatch(/[^-]person-0007/)
})

it('the embedded store keeps rows that name somebody else, without the name, and all of a service that is called like a user', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-others-'))
  const store = await openStore({ path: path.join(folder, 'telemetry.duckdb') })
  const span = (n: number, attributes: object[], more: object = {}) => ({
    traceId: hex(n, 32),
    spanId: hex(n, 16),
    name: 'chat',
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
    ...more,
  })
  const others = Array.from({ length: 30 }, (_, n) =>
    span(n + 10, [text('user.id', `other-${n}`), text('note', `a checkout ${n}`)]),
  )
  const shared = span(1, [text('user.id', 'other-1'), text('note', 'met person-0007, person-0007')], {
    name: 'chat with person-0007',
    events: [
      { name: 'person-0007 left', timeUnixNano: nanos },
      { name: 'kept', timeUnixNano: nanos },
    ],
  })
  const own = span(2, [text('user.id', 'checkout'), text('note', 'mine')])
  await store.write('traces', {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'checkout'), text('host.id', '/home/person-0007')] },
        scopeSpans: [{ scope: { name: 'app' }, spans: [shared, own, ...others] }],
      },
    ],
  })
  const log = (body: string, attributes: object[] = []) => ({
    timeUnixNano: nanos,
    body: { stringValue: body },
    attributes,
  })
  await store.write('logs', {
    resourceLogs: [
      {
        resource: { attributes: [text('service.name', 'shop')] },
        scopeLogs: [
          {
            logRecords: [
              log('the checkout of person-0007', [text('user.id', 'other-1')]),
              log('person-0007 invited ann@example.com'),
              log('person-0007 alone'),
              log('a checkout'),
            ],
          },
        ],
      },
    ],
  })
  const embedded = embeddedStore(store)
  const subject = target('user.id=checkout', 'person-0007')
  // below the resource that has the name in a text: all spans
  expect(await embedded.find(subject, signal)).toMatchObject({ records: 35, allRecords: 36, traceIds: [hex(2, 32)] })
  await embedded.erase(subject, signal)
  expect(await embedded.verify(subject, signal)).toBe(0)
  const rows = async (sql: string) => (await store.query(sql)).map(row => Object.values(row).join(' | '))
  expect(await rows('SELECT count(*)::INTEGER FROM spans')).toEqual(['31'])
  expect(await rows(`SELECT name, user_id, attr_s['note'], len(events)::INTEGER FROM spans WHERE span_id = 1`)).toEqual(
    ['chat with [ERASED] | other-1 | met [ERASED], [ERASED] | 1'],
  )
  expect(await rows('SELECT body FROM logs ORDER BY seq')).toEqual([
    'the checkout of [ERASED]',
    '[ERASED] invited ann@example.com',
    'a checkout',
  ])
  expect(await rows(`SELECT service_name, attr_s['host.id'] FROM resources WHERE service_name = 'checkout'`)).toEqual([
    'checkout | /home/[ERASED]',
  ])
  await store.close()
  expect([isFoundIn(folder, 'person-0007'), isFoundIn(folder, 'other-1')]).toEqual([false, true])
})

it('Loki is asked for no line with a label of somebody else, and Tempo for no text by a word', () => {
  for (const query of queriesOf({ identity: identity('person-0007'), traceIds: [hex(1, 32)] }, false))
    expect(query).toMatch(/user_id=~"\^\(\?:person-0007\)\?\$" \| enduser_id=~/)
  const scopes = new Map([['span', new Set(['note'])]])
  expect(questionsAbout(identity('user.id=checkout'), scopes).join()).not.toContain('=~')
  expect(queriesOf({ identity: identity('user.id=checkout'), traceIds: [] }, false).join()).not.toContain('|~')
})

it('a count that is out of proportion waits for its number, in a store that counts no traces too', () => {
  const store = (more: Partial<StoreState>): StoreState => ({ step: 'erase', notBefore: 0, attempts: 0, ...more })
  const many = store({ found: 200, allRecords: 1_000 })
  expect(needsConfirmation(many)).toBe(true)
  expect(phraseOf({ stores: { many } } as unknown as RequestState)).toBe('erase 200 records')
  expect(needsConfirmation({ ...many, isConfirmed: true })).toBe(false)
  expect(needsConfirmation(store({ found: 90, allRecords: 1_000 }))).toBe(false)
  expect(needsConfirmation(store({ found: 3, allRecords: 3 }))).toBe(false)
  // how many there are is not known
  expect(needsConfirmation(store({ found: 40, allRecords: 0 }))).toBe(true)
})

// What waits in the spool loses a person. Oracles: grep, and the records of the others as OTLP's own protobuf reader has them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { spoolStore } from '../../../src/operations/gdpr/stores/spool'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf } from '../../../src/shared/config/hmac-key'
import { messages } from '../../../src/shared/otlp/messages'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { decodeSpans } from '../../support/receiver'

const key = 'first-key-of-32-characters-at-least'
const signal = new AbortController().signal
const id = (user: number) => `person-${String(user).padStart(4, '0')}`
const target = { identity: identityOf(parseSubject([id(7)]), [key]), traceIds: [] as string[] }
const text = (name: string, value: string) => ({ key: name, value: { stringValue: value } })
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const span = (trace: number, n: number, attributes: object[] = []) => ({
  traceId: hex(trace, 32),
  spanId: hex(n, 16),
  name: 'chat',
  startTimeUnixNano: '1764288000000000000',
  endTimeUnixNano: '1764288000000000005',
  attributes,
})
const request = (spans: object[], resource: object[] = []) =>
  toProtobuf(messages.ExportTraceServiceRequest, {
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'app' }, spans }] }],
  })

function makeSpool(files: Record<string, Buffer>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-spool-'))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes)
  const spans = () =>
    readdirSync(folder)
      .filter(name => name.includes('.traces.'))
      .sort()
      .flatMap(name =>
        decodeSpans({
          path: '/v1/traces',
          headers: { 'content-type': 'application/x-protobuf' },
          body: readFileSync(path.join(folder, name)),
        }),
      )
  const isFound = (word: string) => spawnSync('grep', ['-rqa', word, folder]).status === 0
  return { folder, spans, isFound, store: spoolStore({ spoolDir: folder }) }
}

it('loses the spans of the person with all of their traces, and those of the others are the same', async () => {
  const pseudonym = `[REDACTED:${hmacOf(key)(id(7)).slice(0, 16)}]`
  const users = Array.from({ length: 20 }, (_, user) => user)
  const own = (user: number, n: number) =>
    span(user + 1, n, [text('user.id', user === 7 && n === 2 ? pseudonym : id(user))])
  const { folder, spans, isFound, store } = makeSpool({
    '1764288000000-1-0.traces.otlp': request(
      users.flatMap(user => [own(user, 1), span(user + 1, 3, [text('n', `of ${user}`)])]),
    ),
    '1764288000000-1-1.traces.otlp': request(users.map(user => own(user, 2))),
    '1764288000000-1-2.traces.otlp': request([span(100, 1)], [text('enduser.id', id(7))]),
    '1764288000000-1-3.logs.otlp': toProtobuf(messages.ExportLogsServiceRequest, {
      resourceLogs: [
        {
          scopeLogs: [{ logRecords: [{ timeUnixNano: '1764288000000000000', body: { stringValue: `hi ${id(7)}!` } }] }],
        },
      ],
    }),
  })
  const isTheirs = ({ traceId }: { traceId: string }) => ![8, 100].includes(Number.parseInt(traceId, 16))
  const before = spans().filter(isTheirs)
  expect(before).toHaveLength(57)
  expect(await store.find(target, signal)).toMatchObject({ records: 5, shared: 0 })
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(0)
  expect([isFound(id(7)), isFound(pseudonym.slice(10, -1)), isFound(id(8))]).toEqual([false, false, true])
  expect(spans()).toEqual(before)
  // what had nobody else in it is gone, the rest waits under its own name
  expect(readdirSync(folder).sort()).toEqual(['1764288000000-1-0.traces.otlp', '1764288000000-1-1.traces.otlp'])
})

it('leaves a request alone that a process sends now, and takes over that of a dead one', async () => {
  const name = '1764288000000-1-0.traces.otlp'
  const { folder, store, spans } = makeSpool({ [name]: request([span(1, 1, [text('user.id', id(7))]), span(2, 1)]) })
  const claimedBy = (pid: number) => path.join(folder, `${name}.${pid}-${hostname()}`)
  // process 1 runs on every machine
  renameSync(path.join(folder, name), claimedBy(1))
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(1)
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  renameSync(claimedBy(1), claimedBy(pid!))
  writeFileSync(path.join(folder, `${name}.${pid}.erasing`), id(7))
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(0)
  expect(readdirSync(folder)).toEqual([name])
  expect(spans()).toHaveLength(1)
})

it('of a folder that is not there has nothing', async () => {
  const store = spoolStore({ spoolDir: path.join(tmpdir(), 'afn-gdpr-nowhere') })
  expect((await store.find(target, signal)).records).toBe(0)
  await store.erase(target, signal)
})

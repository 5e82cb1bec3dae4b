// The Collector's log files forget a person while a process appends to them and puts them aside. Oracles: grep, and the records of the others.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs' // biome-ignore format: one line
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { logFilesStore } from '../../../src/operations/gdpr/stores/log-files'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'

const signal = new AbortController().signal
const id = (user: number) => `person-${String(user).padStart(4, '0')}`
const mail = (user: number) => `p${String(user).padStart(4, '0')}@example.com`
const trace = (user: number) => String(user).padStart(32, 'a')
const targetOf = (user: number, traceIds: string[] = []) => ({
  identity: identityOf(parseSubject([id(user), mail(user), `user.id=u${user}`]), []),
  traceIds,
})
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** Of each user: by attribute, in text, by a short id that is in no text, by the trace alone. */
const recordsOf = (user: number) => [
  { timeUnixNano: '1796000000000000000', severityNumber: 17, body: { stringValue: 'payment failed 決済' }, attributes: [text('user.id', id(user))] }, // biome-ignore format: one line
  { timeUnixNano: '1796000000000000001', body: { stringValue: `mail to ${mail(user)} <again>` } },
  { timeUnixNano: '1796000000000000002', body: { stringValue: 'x' }, attributes: [text('user.id', `u${user}`)] },
  { timeUnixNano: '1796000000000000003', body: { stringValue: 'no name' }, traceId: trace(user) },
]
const request = (records: object[]) =>
  JSON.stringify({ resourceLogs: [{ resource: { attributes: [text('service.name', 'shop')] }, scopeLogs: [{ scope: {}, logRecords: records }] }] }) // biome-ignore format: one line
const users = Array.from({ length: 50 }, (_, user) => user)
/** As it comes from a Collector: a line has records of many. */
const lines = [0, 1, 2, 3].map(form => request(users.map(user => recordsOf(user)[form]!)))
const isFound = (word: string, folder: string) => spawnSync('grep', ['-rqF', word, folder]).status === 0
const recordsIn = (file: string) =>
  readFileSync(file, 'utf8').split('\n').filter(Boolean).flatMap(line => JSON.parse(line).resourceLogs ?? []).flatMap(one => one.scopeLogs[0].logRecords) // biome-ignore format: one line

it('the records of a person go, those of others in the same line stay, and the file keeps its size while a process appends', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-otlp-'))
  const names = ['error.json', 'error-2026-11-28T03-00-00.000-size.json', 'audit.json']
  for (const name of names) writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`)
  const size = statSync(path.join(folder, 'error.json')).size
  const store = logFilesStore([folder])
  const target = targetOf(7, [trace(7)])
  expect(await store.find(target, signal)).toMatchObject({ records: 12, allRecords: 600 })
  const exported: unknown[] = []
  for await (const { record } of store.export(target, signal)) exported.push(record)
  expect(exported).toHaveLength(12)
  // neither to append, as the exporter opens a new file
  const collector = openSync(path.join(folder, 'error.json'), 'r+')
  await store.erase(target, signal)
  writeSync(collector, `${request(recordsOf(8))}\n`, size)
  closeSync(collector)
  expect(await store.verify(target, signal)).toBe(0)
  for (const word of [id(7), mail(7), '"u7"', trace(7)]) expect([word, isFound(word, folder)]).toEqual([word, false])
  const others = [0, 1, 2, 3].flatMap(form => users.filter(user => user !== 7).map(user => recordsOf(user)[form]!))
  expect(recordsIn(path.join(folder, names[0]!))).toEqual([...others, ...recordsOf(8)])
  expect(recordsIn(path.join(folder, names[1]!))).toEqual(others)
  expect(statSync(path.join(folder, names[1]!)).size).toBe(size)
})

it('a file that is put aside between the look and the write loses no line, and the new one is not touched', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-otlp-'))
  const live = path.join(folder, 'info.json')
  writeFileSync(live, `${lines.join('\n')}\n`)
  const store = logFilesStore([folder])
  // what the exporter does when a file is full; its break may be the first byte of the next one
  renameSync(live, path.join(folder, 'info-2026-11-28T03-00-00.000-size.json'))
  writeFileSync(live, `\n${request(recordsOf(9))}`)
  for (let pass = 0; pass < 2; pass++) await store.erase(targetOf(7, [trace(7)]), signal)
  expect(recordsIn(live)).toEqual(recordsOf(9))
  expect(isFound(id(7), folder)).toBe(false)
})

it('a line that is being written stays until it is whole, and one that was torn by the end of a process is masked', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-otlp-'))
  const file = path.join(folder, 'warn.json')
  const torn = request(recordsOf(7)).slice(0, 350)
  writeFileSync(file, torn)
  const store = logFilesStore([folder])
  expect(await store.verify(targetOf(7), signal)).toBe(0)
  await store.erase(targetOf(7), signal)
  expect(readFileSync(file, 'utf8')).toBe(torn)
  utimesSync(file, new Date(), Date.now() / 1_000 - 120)
  expect(await store.verify(targetOf(7), signal)).toBe(1)
  await store.erase(targetOf(7), signal)
  expect(isFound(id(7), folder)).toBe(false)
  expect(statSync(file).size).toBe(Buffer.byteLength(torn))
})

it('a person in the resource takes its records, others of the request stay, and JSON that is no OTLP is not touched', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-otlp-'))
  const of = (user: number) => ({ resource: { attributes: [text('user.id', id(user))] }, scopeLogs: [{ logRecords: [{ body: { stringValue: `of ${user}` } }] }] }) // biome-ignore format: one line
  writeFileSync(path.join(folder, 'debug.json'), `${JSON.stringify({ resourceLogs: [of(7), of(8)] })}\n`)
  const own = `{\n  "user.id": "${id(7)}"\n}\n`
  writeFileSync(path.join(folder, 'package.json'), own)
  const store = logFilesStore([folder])
  await store.erase(targetOf(7), signal)
  expect(readdirSync(folder)).toHaveLength(2)
  expect(recordsIn(path.join(folder, 'debug.json'))).toEqual([{ body: { stringValue: 'of 8' } }])
  expect(readFileSync(path.join(folder, 'package.json'), 'utf8')).toBe(own)
})

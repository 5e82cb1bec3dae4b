// Log files and the audit log forget a person. Oracles: grep over the folders, the other lines byte for byte, and `audit verify`.
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { liftHold, setHold } from '../../../src/app/audit/hold'
import { auditStore } from '../../../src/operations/gdpr/stores/audit'
import { logFilesStore } from '../../../src/operations/gdpr/stores/log-files'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf } from '../../../src/shared/config/hmac-key'
import { makeLog } from '../audit/log'

const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least']
const signal = new AbortController().signal
const id = (user: number) => `person-${String(user).padStart(4, '0')}`
const mail = (user: number) => `p${String(user).padStart(4, '0')}@example.com`
const pseudonymOf = (user: number, key: number) => `[REDACTED:${hmacOf(keys[key]!)(id(user)).slice(0, 16)}]`
const targetOf = (user: number, traceIds: string[] = []) => ({
  identity: identityOf(parseSubject([id(user), mail(user)]), keys),
  traceIds,
})
const trace = (user: number) => String(user).padStart(32, 'a')

/** Of each user: by id, in a nested field, by two pseudonyms, in text, in a line that is no JSON, and by the trace alone. */
const linesOf = (user: number): string[] => [
  JSON.stringify({ level: 'info', 'user.id': id(user), msg: 'x' }),
  JSON.stringify({ level: 'info', user: { id: id(user) }, msg: '要求' }),
  JSON.stringify({ level: 'info', 'user.id': pseudonymOf(user, 0) }),
  JSON.stringify({ level: 'info', msg: `by ${pseudonymOf(user, 1)} again` }),
  JSON.stringify({ level: 'info', msg: `mail to ${mail(user).toUpperCase()}` }),
  `plain text of ${id(user)}`,
  JSON.stringify({ level: 'info', trace_id: trace(user), msg: 'no name' }),
]

it('20 of 200 persons are in no byte of the log files, the other lines stay where they were, and an app goes on writing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-logs-'))
  const users = Array.from({ length: 200 }, (_, user) => user)
  const gone = users.filter(user => user % 10 === 7)
  const files = ['info-2026-11-27-4711.log', 'info-2026-11-28-4711.log'].map(name => path.join(folder, name))
  const lines = [0, 1, 2, 3, 4, 5, 6].flatMap(form => users.map(user => linesOf(user)[form]!))
  for (const file of files) writeFileSync(file, `${lines.join('\n')}\n`)
  symlinkSync(path.basename(files[1]!), path.join(folder, 'info.log'))
  const app = openSync(files[1]!, 'a')
  const store = logFilesStore([folder])
  for (const [at, user] of gone.entries()) {
    const target = targetOf(user, [trace(user)])
    expect((await store.find(target, signal)).records).toBe(14)
    writeSync(app, `${JSON.stringify({ msg: `line ${at} of the app` })}\n`)
    await store.erase(target, signal)
    expect(await store.verify(target, signal)).toBe(0)
  }
  closeSync(app)
  const words = (user: number) => [
    id(user),
    mail(user),
    pseudonymOf(user, 0).slice(10, -1),
    pseudonymOf(user, 1).slice(10, -1),
  ]
  const isFound = (word: string) => spawnSync('grep', ['-rqi', word, folder]).status === 0
  for (const word of gone.flatMap(words)) expect([word, isFound(word)]).toEqual([word, false])
  const appended = gone.map((_, at) => JSON.stringify({ msg: `line ${at} of the app` }))
  const goneLines = new Set(gone.flatMap(linesOf))
  const isGone = (line: string) => goneLines.has(line)
  for (const [at, file] of files.entries()) {
    const expected = [...lines, ...(at === 1 ? appended : [])]
    const now = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    expect(now.map((line, n) => (isGone(expected[n]!) ? '' : line))).toEqual(
      expected.map(line => (isGone(line) ? '' : line)),
    )
    for (const line of now.filter((_, n) => isGone(expected[n]!))) expect(JSON.parse(line)).toEqual({ erased: true })
  }
  expect(statSync(files[0]!).size).toBe(Buffer.byteLength(`${lines.join('\n')}\n`))
})

it('a line that is not finished yet is erased, its rest with the second erasure, and what comes behind it stays', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-logs-'))
  const file = path.join(folder, 'info-2026-11-28-1.log')
  writeFileSync(file, `{"user":{"id":"${id(1)}"`)
  const store = logFilesStore([folder])
  await store.erase(targetOf(1), signal)
  appendFileSync(file, `,"mail":"${mail(1)}"}\n{"msg":"next"}\n`)
  expect(await store.verify(targetOf(1), signal)).toBe(1)
  await store.erase(targetOf(1), signal)
  expect(await store.verify(targetOf(1), signal)).toBe(0)
  expect(readFileSync(file, 'utf8')).toMatch(/\n{"msg":"next"}\n$/)
})

it('the audit log loses what it says of the person, and verifies', async () => {
  const { open, folder, keys: ring, verify, read } = makeLog()
  const log = open()
  const places = { folder, keys: ring, retentionDays: 730 }
  for (const user of [1, 2]) {
    await log.record({ action: 'user.login', actor: { id: id(user), mail: mail(user) } })
    await log.record({
      action: 'user.change',
      actor: { id: 'admin' },
      subject: { id: mail(user) },
      details: { plan: 'b' },
    })
  }
  const store = auditStore(places, log)
  const exported = []
  for await (const { record } of store.export(targetOf(1), signal)) exported.push(record)
  expect(exported).toMatchObject([
    { action: 'user.login', actor: { id: id(1) } },
    { action: 'user.change', subject: { id: mail(1) } },
  ])
  expect(JSON.stringify(exported)).not.toContain('"admin"')
  expect((await store.find(targetOf(1), signal)).records).toBe(2)

  setHold(folder, 'a court')
  await expect(store.erase(targetOf(1), signal)).rejects.toThrow('legal hold')
  liftHold(folder)
  await store.erase(targetOf(1), signal)
  expect(await store.verify(targetOf(1), signal)).toBe(0)
  // looking made no key
  expect((await store.find(targetOf(3), signal)).records).toBe(0)
  log.close()
  expect(verify().ok).toBe(true)
  const clear = JSON.stringify(read())
  expect([clear.includes(id(1)), clear.includes(mail(1)), clear.includes(id(2)), clear.includes(mail(2))]).toEqual([
    false,
    false,
    true,
    true,
  ])
  const inFolders = spawnSync('grep', ['-ra', `${id(1)}\\|${mail(1)}`, path.dirname(ring)], { encoding: 'utf8' })
  expect(inFolders.stdout).toBe('')
})

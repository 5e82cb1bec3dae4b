// What an app records, and what becomes of it. The foreign oracles: openssl, which reckons every code and verifies every signature
// from the files alone, and a real file system of 3 MB.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { liftHold, setHold } from '../../../src/app/audit/hold'
import { createKeyRing, rotateKeyRing } from '../../../src/app/audit/keys'
import { makeLog } from './log'

const auditFiles = (folder: string) =>
  readdirSync(folder)
    .filter(name => /^audit-\d.*\.log$/.test(name))
    .map(name => path.join(folder, name))
const DAY = 86_400_000

it('the codes and signatures are those that openssl reckons from the files and the key ring', async () => {
  const log = makeLog()
  const audit = log.open()
  await audit.record({
    action: 'user.delete',
    actor: { id: 'ann' },
    subject: { id: 'bob' },
    details: { reason: '要求' },
  })
  audit.close()
  const ring = JSON.parse(readFileSync(log.keys, 'utf8'))
  const openssl = (args: string[], input?: string | Buffer) =>
    execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] })
  const secret = Buffer.from(ring.keys[ring.current], 'base64').toString('hex')
  const kdf = [
    'kdf',
    '-keylen',
    '32',
    '-kdfopt',
    'digest:SHA256',
    '-kdfopt',
    `hexkey:${secret}`,
    '-kdfopt',
    'info:afn-otel audit chain',
  ]
  const key = openssl([...kdf, 'HKDF'])
    .toString()
    .trim()
    .replaceAll(':', '')
  const lines = readFileSync(auditFiles(log.folder)[0]!, 'utf8').trimEnd().split('\n')
  let prev = '0'.repeat(64)
  for (const [seq, line] of lines.entries()) {
    const { mac, ...rest } = JSON.parse(line)
    const body = line.slice(0, line.lastIndexOf(',"mac"'))
    const reckoned = openssl(['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${key}`, '-r'], body)
      .toString()
      .slice(0, 64)
    expect([mac, rest.seq, rest.prev]).toEqual([reckoned, seq, prev])
    prev = mac
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'afn-openssl-'))
  const at = (name: string) => path.join(scratch, name)
  writeFileSync(at('key.der'), Buffer.from(ring.signing, 'base64'))
  openssl(['pkey', '-inform', 'DER', '-in', at('key.der'), '-pubout', '-out', at('public.pem')])
  const [file] = readdirSync(log.checkpoints)
  for (const line of readFileSync(path.join(log.checkpoints, file!), 'utf8').trimEnd().split('\n')) {
    const end = line.lastIndexOf(',"signature"')
    writeFileSync(at('body'), line.slice(0, end))
    writeFileSync(at('signature'), Buffer.from(JSON.parse(line).signature, 'base64'))
    const verify = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      at('public.pem'),
      '-rawin',
      '-in',
      at('body'),
      '-sigfile',
      at('signature'),
    ]
    expect(openssl(verify).toString()).toMatch(/Verified Successfully/)
  }
})

it('nothing that an entry says of persons stands in the log in clear, and what has no person is redacted', async () => {
  const log = makeLog()
  const audit = log.open()
  await audit.record({
    action: 'invoice.read',
    actor: { id: 'ann@example.com', name: 'Ann Archer' },
    subject: { id: 'bob-17', address: '12 Long Lane' },
    target: { type: 'invoice', id: 'INV-9' },
    details: { note: 'asked by phone', password: 'hunter2-x' },
  })
  await audit.record({ action: 'key.rotate', details: { by: 'cron', token: 'sk-ant-api03-R4nd0mQx7ZkP2vLw9TtY' } })
  audit.close()
  const bytes = auditFiles(log.folder)
    .map(file => readFileSync(file, 'utf8'))
    .join('')
  for (const needle of [
    'ann@example.com',
    'Archer',
    'bob-17',
    'Long Lane',
    'INV-9',
    'by phone',
    'hunter2',
    'R4nd0mQx7',
  ])
    expect(bytes).not.toContain(needle)
  const [, read, rotated] = log.read()
  expect(read).toMatchObject({
    action: 'invoice.read',
    outcome: 'success',
    actor: { id: 'ann@example.com', name: 'Ann Archer' },
    subject: { id: 'bob-17', address: '12 Long Lane' },
    target: { id: 'INV-9' },
    details: { note: 'asked by phone', password: '[REDACTED]' },
  })
  expect(rotated).toMatchObject({ action: 'key.rotate', details: { by: 'cron' } })
})

it('a person who is erased is gone from every entry, and the log still verifies', async () => {
  const log = makeLog()
  const audit = log.open()
  for (let n = 0; n < 5; n++)
    await audit.record({ action: 'chat.read', actor: { id: 'ann' }, subject: { id: 'bob', name: 'Bob Byrne' } })
  expect(await audit.erase('bob')).toBe(true)
  expect(await audit.erase('bob')).toBe(false)
  expect(await audit.erase('nobody')).toBe(false)
  await audit.record({ action: 'chat.read', actor: { id: 'ann' } })
  audit.close()
  const report = log.verify()
  expect(report).toMatchObject({ ok: true, erased: [{ person: expect.stringMatching(/^[\da-f]{16}$/) }] })
  const entries = log.read()
  expect(JSON.stringify(entries)).not.toMatch(/bob|Byrne/i)
  expect(entries.filter(({ erased }) => erased)).toHaveLength(5)
  // who acted is another person, and stays
  expect(entries.filter(({ actor }) => actor)).toHaveLength(6)
})

it('under a legal hold nobody is erased and nothing swept', async () => {
  let now = Date.parse('2024-01-01T12:00:00Z')
  const log = makeLog({ now: () => now })
  const audit = log.open()
  await audit.record({ action: 'chat.read', subject: { id: 'bob' } })
  setHold(log.folder, 'case 17')
  await expect(audit.erase('bob')).rejects.toMatchObject({ code: 'hold' })
  now += 900 * DAY
  expect(await audit.sweep()).toMatchObject({ removed: [], kept: [{ why: 'hold' }] })
  liftHold(log.folder)
  expect((await audit.sweep()).removed).toHaveLength(1)
  audit.close()
  expect(log.verify(now)).toMatchObject({ ok: true, swept: [{ from: 0, to: 1 }] })
})

it('of 800 daily files exactly those of the last 730 days are kept, and the rest still verifies', async () => {
  let now = Date.parse('2024-09-18T00:30:00Z')
  const log = makeLog({ now: () => now })
  const audit = log.open()
  for (let day = 0; day < 800; day++, now += DAY) audit.recordSync({ action: 'day.begin', details: { day } })
  now -= DAY
  const { removed, kept } = await audit.sweep()
  expect(kept).toEqual([])
  // the log was opened on the first day, and today's entry about the sweep stands in today's file
  expect(removed).toHaveLength(800 - 731)
  const oldest = new Date(now - 730 * DAY).toISOString().slice(0, 10)
  const names = auditFiles(log.folder)
    .map(file => path.basename(file).slice(6, 16))
    .sort()
  expect([names[0], names.length]).toEqual([oldest, 731])
  audit.close()
  expect(log.verify(now)).toMatchObject({ ok: true, entries: 731 + 1 })
  // a file that was tampered with is evidence: it is not swept
  now += 10 * DAY
  const later = log.open()
  const [victim] = auditFiles(log.folder).sort()
  writeFileSync(victim!, readFileSync(victim!, 'utf8').replace('day.begin', 'day.begun'))
  expect((await later.sweep()).kept).toEqual([{ file: path.basename(victim!), why: 'not genuine' }])
  expect(existsSync(victim!)).toBe(true)
  later.close()
})

it('a clock that goes back writes into no file of the past', async () => {
  let now = Date.parse('2026-11-27T12:00:00Z')
  const log = makeLog({ now: () => now })
  const audit = log.open()
  audit.recordSync({ action: 'a' })
  now -= 3 * DAY
  audit.recordSync({ action: 'b' })
  audit.close()
  expect(auditFiles(log.folder).map(file => path.basename(file).slice(6, 16))).toEqual(['2026-11-27'])
  expect(log.verify()).toMatchObject({ ok: true, entries: 3 })
})

it('a key that is rotated while the app runs is taken, and what was written before still verifies', async () => {
  const log = makeLog()
  const audit = log.open()
  await audit.record({ action: 'before', actor: { id: 'ann' } })
  rotateKeyRing(log.keys, 'second')
  await expect
    .poll(
      async () => {
        await audit.record({ action: 'after', actor: { id: 'ann' } })
        return readFileSync(auditFiles(log.folder)[0]!, 'utf8').includes('"key":"second"')
      },
      { timeout: 30_000, interval: 200 },
    )
    .toBe(true)
  expect(await audit.erase('ann')).toBe(true)
  audit.close()
  expect(log.verify().ok).toBe(true)
  expect(log.read().filter(({ actor }) => actor)).toEqual([])
})

it('an entry that is not right is refused with every reason, and leaves the chain as it was', async () => {
  const log = makeLog()
  const audit = log.open()
  const bad = { action: 'user delete', outcome: 'fine', actor: { id: '' }, details: [], extra: 1 } as never
  await expect(audit.record(bad)).rejects.toThrow(
    /action must be.*outcome must be.*actor must be.*details must be.*extra is not a known member/,
  )
  await expect(audit.record({ action: 'audit.swept' })).rejects.toMatchObject({ code: 'entry' })
  expect(() => audit.recordSync(undefined as never)).toThrow(/must be an object/)
  expect(() => audit.recordSync({ action: 'a', details: { big: 'x'.repeat(300_000) } })).toThrow(/characters/)
  const circular: Record<string, unknown> = {}
  circular.self = circular
  expect(() => audit.recordSync({ action: 'a', details: circular })).toThrow(/not valid JSON/)
  await audit.record({ action: 'good' })
  audit.close()
  await expect(audit.record({ action: 'late' })).rejects.toMatchObject({ code: 'closed' })
  expect(log.verify()).toMatchObject({ ok: true, entries: 2 })
})

describe('a place that cannot be trusted is refused with what to do', () => {
  it('a folder that everybody may write into', () => {
    const log = makeLog()
    chmodSync(log.folder, 0o777)
    expect(() => log.open()).toThrow(/writable by everybody.*chmod o-w/)
  })
  it('a folder that is not there, and a file in place of one', () => {
    expect(() => makeLog({ folder: '/tmp/afn-audit-none' }).open()).toThrow(/ENOENT.*create the folder/)
    expect(() => makeLog({ folder: '/etc/hostname' }).open()).toThrow(/not a folder/)
  })
  it('a key ring that others may read, that is missing, or is none', () => {
    const log = makeLog()
    chmodSync(log.keys, 0o644)
    expect(() => log.open()).toThrow(/readable by others.*chmod 600/)
    writeFileSync(log.keys, '{"keys":{"k":"short"},"current":"k"}')
    chmodSync(log.keys, 0o600)
    expect(() => log.open()).toThrow(/"k" that is not 32 bytes in base64/)
    rmSync(log.keys)
    expect(() => log.open()).toThrow(/ENOENT.*afn-otel audit init/)
    createKeyRing(log.keys)
    expect(() => createKeyRing(log.keys)).toThrow(/already exists/)
  })
  it('a link in place of a file is not followed', () => {
    const log = makeLog()
    const victim = path.join(path.dirname(log.keys), 'victim')
    writeFileSync(victim, 'precious')
    symlinkSync(victim, path.join(log.folder, 'audit-2026-11-27-00000000.log'))
    const audit = log.open()
    audit.recordSync({ action: 'a' })
    audit.close()
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(log.verify().ok).toBe(true)
  })
})

it.each(['audit-chain.log', 'audit.log'])('%s that is no link of ours is left as it is', async name => {
  const log = makeLog()
  const own = path.join(log.folder, name)
  writeFileSync(own, 'of the app')
  const audit = log.open()
  await audit.record({ action: 'a' })
  audit.close()
  expect(readFileSync(own, 'utf8')).toBe('of the app')
  expect(log.verify()).toMatchObject({ ok: true, entries: 2 })
})

it('a folder of an older version has one link to the newest file, and audit.log is free for the lines of that class', async () => {
  const log = makeLog()
  const former = path.join(log.folder, 'audit.log')
  symlinkSync('audit-2026-01-01-3f9a1c20.log', former)
  const audit = log.open()
  await audit.record({ action: 'a' })
  expect(lstatSync(former, { throwIfNoEntry: false })).toBeUndefined()
  expect(readFileSync(path.join(log.folder, 'audit-chain.log'), 'utf8')).toContain('"action":"a"')
  symlinkSync('audit-2026-01-01-4711.log', former)
  audit.close()
  log.open().close()
  expect(readlinkSync(former)).toBe('audit-2026-01-01-4711.log')
})

it('files of the log are for the owner and the group, keys for the owner', async () => {
  const log = makeLog()
  const audit = log.open()
  await audit.record({ action: 'a', actor: { id: 'ann' } })
  audit.close()
  const modeOf = (file: string) => statSync(file).mode & 0o777
  expect(
    auditFiles(log.folder)
      .map(modeOf)
      .map(mode => mode & 0o027),
  ).toEqual([0])
  const persons = path.join(path.dirname(log.keys), 'persons')
  expect([
    modeOf(log.keys),
    modeOf(persons),
    ...readdirSync(persons).map(name => modeOf(path.join(persons, name))),
  ]).toEqual([0o600, 0o700, 0o600])
})

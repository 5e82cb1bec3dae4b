// `afn-otel gdpr` over the stores of one machine: the embedded backend's file, log files, a spool and the audit log. Oracles: grep over the
// whole folder, and `afn-otel audit verify`.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openLog } from '../../../src/app/audit/log'
import { openStore } from '../../../src/backend/store/store'
import { audit } from '../../../src/cli/audit'
import { gdpr } from '../../../src/cli/gdpr'
import { hmacOf, keyIdOf } from '../../../src/shared/config/hmac-key'
import { messages } from '../../../src/shared/otlp/messages'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'

const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least']
const start = Date.now()
let folder: string
let out: string
const at = (name: string) => path.join(folder, name)
const id = (user: number) => `person-${String(user).padStart(4, '0')}`
const mail = (user: number) => `p${String(user).padStart(4, '0')}@example.com`
const wordsOf = (user: number) => [id(user), mail(user), ...keys.map(key => hmacOf(key)(id(user)).slice(0, 16))]
const isFound = (word: string) => spawnSync('grep', ['-rqai', word, folder]).status === 0
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const spansOf = (user: number) =>
  [id(user), `[REDACTED:${hmacOf(keys[1]!)(id(user)).slice(0, 16)}]`].map((name, n) => ({
    traceId: (user * 10 + n + 1).toString(16).padStart(32, '0'),
    spanId: '0000000000000001',
    name: 'chat',
    startTimeUnixNano: String(BigInt(start) * 1_000_000n),
    endTimeUnixNano: String(BigInt(start) * 1_000_000n),
    attributes: [text('user.id', name)],
  }))
const users = Array.from({ length: 30 }, (_, user) => user)
const request = { resourceSpans: [{ scopeSpans: [{ spans: users.flatMap(spansOf) }] }] }

async function makeStores(): Promise<void> {
  for (const name of ['audit', 'logs', 'spool', 'data']) mkdirSync(at(name), { mode: 0o750 })
  const names = {
    AUDIT_DIR: 'audit',
    LOG_DIR: 'logs',
    SPOOL_DIR: 'spool',
    DATA_DIR: 'data',
    AUDIT_KEYS: 'keys/ring.json',
  }
  for (const [name, value] of Object.entries(names)) vi.stubEnv(`AFN_${name}`, at(value))
  vi.stubEnv('AFN_GDPR_DIR', at('requests'))
  vi.stubEnv('AFN_GDPR_KEY', at('gdpr.pem'))
  vi.stubEnv('AFN_HMAC_KEY', keys[0])
  writeFileSync(at('earlier.key'), keys[1]!)
  mkdirSync(at('keys'), { mode: 0o700 })
  await audit(['init'])
  await gdpr(['init'])
  const store = await openStore({ path: at('data/afn.duckdb') })
  await store.write('traces', request)
  await store.close()
  writeFileSync(at('spool/1764288000000-1-0.traces.otlp'), toProtobuf(messages.ExportTraceServiceRequest, request))
  writeFileSync(at('logs/info-2026-11-28-1.log'), users.map(user => `{"msg":"mail to ${mail(user)}"}\n`).join(''))
  const log = openLog({
    folder: at('audit'),
    keys: at('keys/ring.json'),
    checkpoints: at('audit'),
    whenFull: 'fail',
    retentionDays: 730,
    maxBytes: Number.POSITIVE_INFINITY,
    now: Date.now,
    redact: value => value,
    onProblem: () => {},
  })
  for (const user of users) await log.record({ action: 'user.login', actor: { id: id(user) } })
  log.close()
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-command-'))
  out = ''
  vi.spyOn(console, 'log').mockImplementation(line => {
    out += `${line}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(line => {
    out += `${line}\n`
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const person = ['--subject', id(7), '--subject', mail(7), '--key-file', 'FILE', '--proof', 'ticket 4711, passport seen']
const command = (...more: string[]) =>
  gdpr(['erase', ...person.map(one => (one === 'FILE' ? at('earlier.key') : one)), ...more])

it('takes a person out of all stores of a machine, in runs of a job, and its receipt verifies', async () => {
  await makeStores()
  expect(await command('--dry-run')).toBe(0)
  expect(out).toMatch(
    /spool: erase, 2 records found[\s\S]*embedded: erase, 2 records[\s\S]*log-files: erase, 1 [\s\S]*audit: erase, 1 /,
  )
  for (const word of [id(7), mail(7)]) expect([word, isFound(word)]).toEqual([word, true])

  expect(await command()).toBe(3)
  expect(out).toMatch(/run it again after 20/)
  expect(await gdpr(['status'])).toBe(3)
  expect(out).toMatch(/ running, received .*, due /)
  for (let run = 0; run < 3; run++) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 })
    await gdpr(['resume', '--key-file', at('earlier.key')])
  }
  expect(await gdpr(['status'])).toBe(0)

  out = ''
  expect(await command()).toBe(0)
  const [, receipt = '', hash] = /^(\{"receipt".*\})\nreceipt ([\da-f]{64})$/m.exec(out) ?? []
  writeFileSync(at('receipt.json'), receipt)
  expect(await gdpr(['verify', at('receipt.json')])).toBe(0)
  expect(JSON.parse(receipt).receipt.stores).toMatchObject([
    { store: 'spool', found: 2, remaining: 0 },
    { store: 'embedded', found: 2, remaining: 0 },
    { store: 'log-files', found: 1, remaining: 0 },
    { store: 'audit', found: 1, remaining: 0 },
  ])
  writeFileSync(at('forged.json'), receipt.replace('"found":2', '"found":1'))
  expect(await gdpr(['verify', at('forged.json')])).toBe(1)
  out = ''
  expect(await command()).toBe(0)
  expect(out).toContain(hash)

  for (const word of wordsOf(7)) expect([word, isFound(word)]).toEqual([word, false])
  for (const word of [id(8), mail(8)]) expect([word, isFound(word)]).toEqual([word, true])
  expect(await audit(['verify'])).toBe(0)
  out = ''
  // who did it, and for whom it was made sure who they are
  vi.spyOn(process.stdout, 'write').mockImplementation(line => {
    out += line
    return true
  })
  await audit(['export'])
  expect(out).toMatch(/"action":"gdpr.erase.requested".*ticket 4711/)
  expect(out).toMatch(/"action":"gdpr.erase.completed".*os-user:/)
  expect(readFileSync(at('logs/info-2026-11-28-1.log'), 'utf8').split('\n')).toHaveLength(31)
}, 180_000)

it('while another process has the file of the embedded backend, the others are erased, and a later run does the rest', async () => {
  await makeStores()
  const holder = spawn(
    process.execPath,
    [
      '-e',
      `require('@duckdb/node-api').DuckDBInstance.create(process.argv[1]).then(held => {
        console.log('open')
        setInterval(() => held, 1000)
      })`,
      at('data/afn.duckdb'),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    await once(holder.stdout, 'data')
    expect(await command()).toBe(3)
    expect(out).toMatch(/embedded: find, .*afn.duckdb is in use by another process/)
    expect(out).toMatch(/log-files: erase-again/)
  } finally {
    holder.kill('SIGKILL')
    await once(holder, 'close')
  }
  for (let run = 0; run < 5; run++) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 })
    await gdpr(['resume', '--key-file', at('earlier.key')])
  }
  expect(await gdpr(['status'])).toBe(0)
  for (const word of wordsOf(7)) expect([word, isFound(word)]).toEqual([word, false])
})

it('a job that goes on with requests says that it ran, so that an alert fires where it stops', async () => {
  mkdirSync(at('keys'), { mode: 0o700 })
  mkdirSync(at('audit'), { mode: 0o750 })
  for (const [
    name,
    value,
  ] of Object.entries({ AUDIT_DIR: 'audit', AUDIT_KEYS: 'keys/ring.json', GDPR_DIR: 'requests', GDPR_KEY: 'gdpr.pem' })) // biome-ignore format: one line
    vi.stubEnv(`AFN_${name}`, at(value))
  await audit(['init'])
  await gdpr(['init'])
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      bodies.push(body)
      response.end('{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AFN_JOB_INTERVAL', '1h')
  expect(await gdpr(['resume'])).toBe(0)
  server.close()
  expect(bodies).toHaveLength(1)
  expect(bodies[0]).toMatch(/"afn.job.last_success".*"afn.job.name".*"gdpr"/)
})

// Each names the option, why it can't be, and what to do instead.
it.each([
  ['an empty subject', ['--subject', ''], /--subject is empty.*pass an ID/],
  ['a wildcard', ['--subject', '*'], /--subject is a wildcard.*pass the full ID/],
  ['a wildcard in an address', ['--subject', 'email=*@example.com'], /--subject is a wildcard/],
  ['no subject', [], /--subject is missing: identify one person/],
  ['an unknown kind', ['--subject', 'user.name=bob'], /--subject "user.name=" is not a kind.*use one of user.id/],
  [
    'a pseudonym',
    ['--subject', '[EMAIL:0123456789abcdef]'],
    /--subject is a mask or a pseudonym.*pass the original value/,
  ],
  ['a key id without its key', ['--subject', 'x-person', '--key-id', keyIdOf(keys[1]!)], /--key-id \w+ .*--key-file/],
  ['no proof', ['--subject', 'x-person'], /missing --proof: who asked/],
  [
    'a day that is none',
    ['--subject', 'x-person', '--proof', 'x', '--received', 'soon'],
    /--received takes a day.*"soon"/,
  ],
  [
    'a day that is to come',
    ['--subject', 'x-person', '--proof', 'x', '--received', '2999-01-01'],
    /2999-01-01 is in the future/,
  ],
  ['no audit log', ['--subject', 'x-person', '--proof', 'x'], /set AFN_AUDIT_DIR and AFN_AUDIT_KEYS/],
])('refuses %s, with the reason and the remedy', async (_, args, words) => {
  await expect(gdpr(['erase', ...args])).rejects.toThrow(words)
})

// A machine whose stores have many persons interleaved, and `afn-otel gdpr` over it. What is of whom is arithmetic: person N has the id,
// the address and the pseudonyms under two keys that are made of N.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createKeyRing } from '../../src/app/audit/keys'
import { openLog } from '../../src/app/audit/log'
import { openStore, type Store } from '../../src/backend/store/store'
import { createSecretFile } from '../../src/operations/gdpr/secret'
import { hmacOf } from '../../src/shared/config/hmac-key'
import { fromProtobuf } from '../../src/shared/otlp/from-protobuf'
import { messages } from '../../src/shared/otlp/messages'
import { toProtobuf } from '../../src/shared/otlp/to-protobuf'

export const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least'] as const
const digits = (person: number) => String(person).padStart(4, '0')
export const idOf = (person: number) => `person-${digits(person)}`
export const mailOf = (person: number) => `p${digits(person)}@example.com`
const hashOf = (person: number, key: number) => hmacOf(keys[key]!)(idOf(person)).slice(0, 16)
/** What must not be found of a person who was erased. */
export const wordsOf = (person: number) => [idOf(person), mailOf(person), hashOf(person, 0), hashOf(person, 1)]
/** Every word of these persons that stands in any byte of a folder, by grep. */
export const foundIn = (folder: string, persons: readonly number[]): string[] =>
  persons.flatMap(wordsOf).filter(word => spawnSync('grep', ['-rqaiF', word, folder]).status === 0)

const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** Three traces of each person: by the id, by each pseudonym. Each has a second span that names nobody. */
export function tracesOf(persons: readonly number[], startMs: number) {
  const time = {
    startTimeUnixNano: String(BigInt(startMs) * 1_000_000n),
    endTimeUnixNano: String(BigInt(startMs + 5) * 1_000_000n),
  }
  const spans = [0, 1, 2].flatMap(form =>
    persons.flatMap(person => {
      const traceId = (person * 10 + form + 1).toString(16).padStart(32, '0')
      const user = form === 0 ? idOf(person) : `[REDACTED:${hashOf(person, form - 1)}]`
      return [
        { traceId, spanId: '0000000000000001', name: 'chat', ...time, attributes: [text('user.id', user)] },
        {
          traceId,
          spanId: '0000000000000002',
          parentSpanId: '0000000000000001',
          name: 'tool',
          ...time,
          attributes: [text('note', `step of ${person} form ${form}`)],
        },
      ]
    }),
  )
  return { resourceSpans: [{ resource: { attributes: [text('service.name', 'shop')] }, scopeSpans: [{ spans }] }] }
}

export function logsOf(persons: readonly number[], startMs: number) {
  const logRecords = persons.map(person => ({
    timeUnixNano: String(BigInt(startMs) * 1_000_000n),
    severityNumber: 9,
    body: { stringValue: `mail to ${mailOf(person)}, please` },
  }))
  return { resourceLogs: [{ resource: { attributes: [text('service.name', 'shop')] }, scopeLogs: [{ logRecords }] }] }
}

export interface Machine {
  readonly folder: string
  /** Of the command. */
  readonly env: Record<string, string>
  at(name: string): string
}

/** The folders, the keys, log files, a spool and an audit log; the embedded backend's file is filled by `fillStore`, or by a running up. */
export async function makeMachine(persons: readonly number[]): Promise<Machine> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-machine-'))
  const at = (name: string) => path.join(folder, name)
  for (const name of ['audit', 'logs', 'spool', 'data', 'requests', 'keys']) mkdirSync(at(name), { mode: 0o700 })
  writeFileSync(at('keys/earlier.key'), keys[1])
  createKeyRing(at('keys/ring.json'))
  createSecretFile(at('keys/gdpr.pem'))
  const start = Date.now()
  writeFileSync(
    at('spool/1764288000000-1-0.traces.otlp'),
    toProtobuf(messages.ExportTraceServiceRequest, tracesOf(persons, start)),
  )
  const lines = persons.map(person => JSON.stringify({ msg: `mail to ${mailOf(person)}`, 'user.id': idOf(person) }))
  writeFileSync(at('logs/info-2026-11-28-1.log'), `${lines.join('\n')}\n`)
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
  await Promise.all(persons.map(person => log.record({ action: 'user.login', actor: { id: idOf(person) } })))
  log.close()
  return machineIn(folder)
}

/** Another one with the same content. */
export function copyOf({ folder }: Machine): Machine {
  const copy = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-machine-'))
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
  return machineIn(copy)
}

function machineIn(folder: string): Machine {
  const at = (name: string) => path.join(folder, name)
  const env = {
    AFN_AUDIT_DIR: at('audit'),
    AFN_AUDIT_KEYS: at('keys/ring.json'),
    AFN_LOG_DIR: at('logs'),
    AFN_SPOOL_DIR: at('spool'),
    AFN_DATA_DIR: at('data'),
    AFN_GDPR_DIR: at('requests'),
    AFN_GDPR_KEY: at('keys/gdpr.pem'),
    AFN_HMAC_KEY: keys[0],
  }
  return { folder, env, at }
}

export async function fillStore({ at }: Machine, persons: readonly number[]): Promise<void> {
  await withStore(at('data/afn.duckdb'), async store => {
    await store.write('traces', tracesOf(persons, Date.now()))
    await store.write('logs', logsOf(persons, Date.now()))
  })
}

/** What the stores have of these persons, as texts that can be compared: rows, spans that wait, lines. */
export async function contentOf({ at }: Machine, persons: readonly number[]) {
  const others = new Set(persons)
  const ofThem = (line: string) =>
    [...others].some(person => line.includes(idOf(person)) || line.includes(mailOf(person)))
  const traces = new Set(
    persons.flatMap(person => [1, 2, 3].map(form => (person * 10 + form).toString(16).padStart(32, '0'))),
  )
  const rows = await withStore(at('data/afn.duckdb'), async store => {
    const of = async (table: string) =>
      (await store.query(`SELECT (to_json(t) ->> '$')::VARCHAR AS row FROM ${table} t ORDER BY seq`)).map(({ row }) =>
        String(row),
      )
    const spans = await of('spans')
    return [
      ...spans.filter(row => traces.has(BigInt(JSON.parse(row).trace_id).toString(16).padStart(32, '0'))),
      ...(await of('logs')).filter(ofThem),
    ]
  })
  const spooled = readdirSync(at('spool')).flatMap(file => {
    const request = fromProtobuf(messages.ExportTraceServiceRequest, readFileSync(at(`spool/${file}`)))
    return JSON.stringify(request).match(/\{"traceId".*?\}\]\}/g) ?? []
  })
  const waiting = spooled.filter(span => traces.has(/"traceId":"([\da-f]+)"/.exec(span)?.[1] ?? ''))
  const lines = readFileSync(at('logs/info-2026-11-28-1.log'), 'utf8').split('\n').filter(ofThem)
  return { rows, waiting, lines }
}

async function withStore<Result>(file: string, act: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore({ path: file })
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}

/** As a preload: the clock of the process is so many milliseconds ahead. */
export const clock = `
  const ahead = Number(process.env.AFN_TEST_AHEAD ?? 0)
  const { now } = Date
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length > 0) super(...args)
      else super(now() + ahead)
    }
    static now() {
      return now() + ahead
    }
  }`

/** As a preload: before the Nth change that the process makes to a file, it is killed. It writes down how many there were. */
export const killer = `
  const fs = require('node:fs')
  const at = Number(process.env.AFN_TEST_KILL_AT ?? -1)
  let changes = 0
  const before = () => {
    if (changes++ === at) process.kill(process.pid, 'SIGKILL')
  }
  for (const name of ['renameSync', 'rmSync', 'writeSync']) {
    const real = fs[name]
    fs[name] = (...args) => {
      if (name !== 'writeSync' || args[0] > 2) before()
      return real(...args)
    }
  }
  const { writeFileSync } = fs
  process.on('exit', () => writeFileSync(process.env.AFN_TEST_CHANGES, String(changes)))`

// The erasure as a whole: what a kill, a store that is away and a second run leave. The oracle is arithmetic: how many records of whom
// the generator made.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashOf, verifyReceipt } from '../../../src/operations/gdpr/receipt'
import { type EraseOptions, erase, exitCodeOf, type Outcome, resume } from '../../../src/operations/gdpr/saga'
import type { SagaOptions } from '../../../src/operations/gdpr/saga-options'
import { secretOf } from '../../../src/operations/gdpr/secret'
import { openStateFolder, type RequestState, type StateFolder } from '../../../src/operations/gdpr/state'
import { elsewhere } from '../../../src/operations/gdpr/stores/elsewhere'
import type { SubjectStore } from '../../../src/operations/gdpr/stores/store'
import { parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf } from '../../../src/shared/config/hmac-key'
import { MemoryStore, type Row } from './memory-store'

const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least']
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const subject = parseSubject(['email=u7@example.com', 'user.id=user-0007'])
const users = 20
const hour = 3_600_000

let clock: number
const now = () => clock
let folder: string
let audit: string[]
let stores: MemoryStore[]

/** Two records of each user in each form, in traces of their own. */
function rowsOf(user: number, prefix: string): Row[] {
  const id = `user-${String(user).padStart(4, '0')}`
  const pseudonyms = keys.map(key => `[REDACTED:${hmacOf(key)(id).slice(0, 16)}]`)
  return [id, `u${user}@example.com`, ...pseudonyms].flatMap((name, form) =>
    [0, 1].map(() => ({ user: name, traceId: `${prefix}${String(user).padStart(4, '0')}${form}`.padEnd(32, '0') })),
  )
}
const all = (prefix: string) => Array.from({ length: users }, (_, user) => rowsOf(user, prefix)).flat()

function makeStores(): MemoryStore[] {
  return [
    new MemoryStore({ name: 'spool', rows: [], now, flushWindowMs: 0 }),
    new MemoryStore({ name: 'traces', rows: all('a'), late: rowsOf(7, 'b'), now, shared: 2 }),
    // a trace that the other store learns of late, too
    new MemoryStore({ name: 'logs', rows: [...all('a'), ...all('b')], now, byTraceAlone: true, flushWindowMs: 60_000 }),
  ]
}

beforeEach(() => {
  clock = Date.parse('2026-11-28T00:00:00Z')
  folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-'))
  audit = []
  stores = makeStores()
})

function options(more: Partial<SagaOptions> = {}): SagaOptions {
  return {
    state: openStateFolder(folder),
    secret: secretOf(privateKey),
    stores,
    elsewhere: ms => elsewhere(['https://api.smith.langchain.com/otel', 'http://localhost:4318'], ms),
    notAsked: () => [{ what: 'traces in Tempo', why: 'it was not asked', agesOut: null }],
    keys,
    audit: async (action, details) => {
      audit.push(`${action} ${JSON.stringify(details)}`)
    },
    now,
    ...more,
  }
}

const what: EraseOptions = { identifiers: subject }

/** Runs it as cron would. */
async function untilDone(make: () => SagaOptions, once: (options: SagaOptions) => Promise<Outcome>): Promise<Outcome> {
  for (let runs = 0; runs < 50; runs++) {
    const outcome = await once(make())
    if (outcome.status !== 'partial') return outcome
    clock = Math.max(outcome.again, clock)
  }
  throw new Error('it is not done after 50 runs')
}

/** As `openStateFolder`, without the disk, for what is run hundreds of times. */
function stateInMemory(): StateFolder {
  const files = new Map<string, string>()
  const read = () => [...files.values()].map(text => JSON.parse(text) as RequestState)
  return {
    newest: handle => read().findLast(one => one.handle === handle),
    all: read,
    save: request => files.set(`${request.handle}-${request.number}`, JSON.stringify(request)),
    leaseOf: handle => path.join(folder, handle),
  }
}

const counts = () => stores.map(({ rows }) => rows.length)
const ofOthers = (users - 1) * 8

describe('an erasure', () => {
  it('takes the person out of each store, under each key, with what came in meanwhile, and nobody else', async () => {
    const first = await erase(options(), what)
    expect([first.status, exitCodeOf(first)]).toEqual(['partial', 3])
    const done = await untilDone(options, saga => erase(saga, what))
    expect([done.status, exitCodeOf(done)]).toEqual(['done', 0])
    expect(counts()).toEqual([0, ofOthers, 2 * ofOthers])
    const left = stores.flatMap(({ rows }) => rows)
    expect(left.filter(({ traceId }) => traceId.slice(1, 5) === '0007')).toEqual([])
    expect(done.status === 'done' && done.receipt.receipt.stores).toMatchObject([
      { store: 'spool', found: 0, remaining: 0 },
      { store: 'traces', found: 8, remaining: 0, sharedTraces: 2 },
      { store: 'logs', found: 8, remaining: 0, unerasable: [{ what: 'backups' }] },
    ])
    expect(done.status === 'done' && verifyReceipt(done.receipt, [publicKey])).toBe('ok')
  })

  it('leaves nothing of the person in its own files, its receipt and the audit log', async () => {
    const words = [
      'u7@',
      'user-0007',
      hmacOf(keys[0]!)('user-0007').slice(0, 16),
      hmacOf(keys[1]!)('user-0007').slice(0, 16),
    ]
    const written = () => readdirSync(folder).map(name => `${name} ${readFileSync(path.join(folder, name), 'utf8')}`)
    await erase(options(), what)
    stores[1]!.isAway = true
    clock += hour
    const away = await erase(options(), what)
    expect(JSON.stringify(away)).toContain('its message names the subject')
    for (const word of words) expect(written().join()).not.toContain(word)
    stores[1]!.isAway = false
    const done = await untilDone(options, saga => erase(saga, what))
    for (const word of words) expect([written().join(), audit.join(), JSON.stringify(done)].join()).not.toContain(word)
    // nor in what could be opened with the key
    expect(written().join()).not.toContain('sealed')
  })

  it('ends as one that was not killed, wherever it was killed: before or after anything that it did', async () => {
    let at = 0
    for (; ; at++) {
      folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-'))
      clock = Date.parse('2026-11-28T00:00:00Z')
      audit = []
      stores = makeStores()
      const memory = stateInMemory()
      let points = 0
      let isDead = false
      // What a process has done before it was killed stays done; then nothing happens any more.
      const killable = <T>(act: () => T): T => {
        if (isDead || points++ === at) throw dead()
        const result = act()
        if (points++ === at) throw dead()
        return result
      }
      const dead = () => {
        isDead = true
        return new Error('killed')
      }
      const killed = async () => {
        const real = options({ state: memory })
        const state: StateFolder = { ...real.state, save: request => killable(() => real.state.save(request)) }
        const audit: SagaOptions['audit'] = (...entry) =>
          Promise.resolve().then(() => killable(() => real.audit(...entry)))
        await untilDone(
          () => ({ ...real, state, audit, stores: stores.map(wrapped) }),
          saga => erase(saga, what),
        )
      }
      const wrapped = (store: MemoryStore): SubjectStore => ({
        name: store.name,
        flushWindowMs: store.flushWindowMs,
        find: async target => killable(() => store.find(target)),
        export: target => store.export(target),
        erase: async target => killable(() => store.erase(target)),
        verify: async target => killable(() => store.verify(target)),
        unerasable: ms => store.unerasable(ms),
      })
      await killed().catch(() => {})
      const wasKilled = isDead
      clock += hour
      const done = await untilDone(
        () => options({ state: memory }),
        saga => erase(saga, what),
      )
      expect([at, done.status, ...counts()]).toEqual([at, 'done', 0, ofOthers, 2 * ofOthers])
      expect(
        done.status === 'done' && done.receipt.receipt.stores.map(({ found, remaining }) => [found, remaining]),
      ).toEqual([
        [0, 0],
        [8, 0],
        [8, 0],
      ])
      for (const action of ['gdpr.erase.requested', 'gdpr.erase.completed'])
        expect([at, audit.filter(entry => entry.startsWith(action)).length > 0]).toEqual([at, true])
      if (!wasKilled) break
    }
    // before and after each of three stores' four steps, their questions, and what is kept of them
    expect(at).toBeGreaterThan(50)
  })

  it('does not end while a store is away, and the next run ends it without the subject', async () => {
    stores[1]!.isAway = true
    const partial = await erase(options(), what)
    expect([partial.status, exitCodeOf(partial)]).toEqual(['partial', 3])
    expect(stores.map(({ erasures }) => erasures > 0)).toEqual([true, false, true])
    clock += hour
    stores[1]!.isAway = false
    const handle = partial.status === 'partial' ? partial.request.handle : ''
    const done = await untilDone(options, saga => resume(saga, handle))
    expect(done.status).toBe('done')
    expect(counts()).toEqual([0, ofOthers, 2 * ofOthers])
  })

  it('a second run changes nothing, and gives the same receipt', async () => {
    const first = await untilDone(options, saga => erase(saga, what))
    const [files, erasures] = [
      readdirSync(folder).filter(name => name.endsWith('.json')),
      stores.map(one => one.erasures),
    ]
    const texts = files.map(name => readFileSync(path.join(folder, name), 'utf8'))
    clock += 700 * 24 * hour
    const second = await erase(options(), { identifiers: parseSubject(['user-0007', 'u7@example.com']) })
    if (first.status !== 'done' || second.status !== 'done') throw new Error('it is not done')
    expect(hashOf(second.receipt)).toBe(hashOf(first.receipt))
    expect(stores.map(one => one.erasures)).toEqual(erasures)
    expect(files.map(name => readFileSync(path.join(folder, name), 'utf8'))).toEqual(texts)
  })

  it('of a person who came back is a new one, with a receipt of its own', async () => {
    const first = await untilDone(options, saga => erase(saga, what))
    stores[1]!.rows.push(...rowsOf(7, 'c'))
    const second = await untilDone(options, saga => erase(saga, what))
    if (first.status !== 'done' || second.status !== 'done') throw new Error('it is not done')
    expect(hashOf(second.receipt)).not.toBe(hashOf(first.receipt))
    expect(counts()).toEqual([0, ofOthers, 2 * ofOthers])
    expect(readdirSync(folder).filter(name => name.endsWith('.json'))).toHaveLength(2)
  })

  it('of two persons at once, and of one person twice at once, ends for both', async () => {
    const other: EraseOptions = { identifiers: parseSubject(['user-0008', 'u8@example.com']) }
    const outcomes = await Promise.all([erase(options(), what), erase(options(), other), erase(options(), what)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['busy', 'partial', 'partial'])
    await untilDone(options, saga => erase(saga, other))
    await untilDone(options, saga => erase(saga, what))
    // what came late is user 7's alone
    expect(counts()).toEqual([0, ofOthers - 8, 2 * ofOthers - 8])
  })

  it('a dry run says how many, erases nothing and leaves no file; also of one that is under way', async () => {
    const counted = await erase(options(), { ...what, dryRun: true })
    expect(counted.status === 'counted' && counted.request.stores).toMatchObject({
      spool: { found: 0 },
      traces: { found: 8, traces: 4 },
      logs: { found: 8 },
    })
    expect(readdirSync(folder)).toEqual([])
    await erase(options(), what)
    const [erasures, entries] = [stores.map(one => one.erasures), audit.length]
    clock += hour
    expect((await erase(options(), { ...what, dryRun: true })).status).toBe('counted')
    expect([stores.map(one => one.erasures), audit.length]).toEqual([erasures, entries])
  })

  it('of more than a tenth of the traces waits for the number to be typed, and for the right one', async () => {
    stores = [new MemoryStore({ name: 'traces', rows: [...all('a').slice(0, 40), ...rowsOf(7, 'a')], now })]
    const first = await erase(options(), what)
    expect(first).toMatchObject({ status: 'unconfirmed', phrase: 'erase 4 traces' })
    expect(exitCodeOf(first)).toBe(2)
    expect((await erase(options(), { ...what, confirmation: 'erase 5 traces' })).status).toBe('unconfirmed')
    expect((await erase(options(), { ...what, confirmation: 'yes' })).status).toBe('unconfirmed')
    expect(stores[0]!.erasures).toBe(0)
    await erase(options(), { ...what, confirmation: 'erase 4 traces' })
    expect((await untilDone(options, saga => erase(saga, what))).status).toBe('done')
    expect(counts()).toEqual([40])
  })

  it('waits for it too where the store was away when the others were counted', async () => {
    stores = [
      new MemoryStore({ name: 'small', rows: all('a'), now }),
      new MemoryStore({ name: 'large', rows: rowsOf(7, 'a'), now }),
    ]
    stores[1]!.isAway = true
    expect((await erase(options(), what)).status).toBe('partial')
    stores[1]!.isAway = false
    clock += hour
    expect(await erase(options(), what)).toMatchObject({ status: 'unconfirmed', phrase: 'erase 4 traces' })
    expect(stores[1]!.erasures).toBe(0)
  })

  it('is not done while a store that was asked at first is no longer configured', async () => {
    stores[1]!.isAway = true
    await erase(options(), what)
    stores = [stores[0]!, stores[2]!]
    for (let run = 0; run < 5; run++) {
      clock += hour
      expect((await erase(options(), what)).status).toBe('partial')
    }
  })
})

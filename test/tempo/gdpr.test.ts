// Tempo forgets a person, in all three tenants. Oracles: a real Tempo's own reads, and DuckDB's reader of Parquet over its blocks. Where there
// is no Tempo, a stand-in is asked what does not need one.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { SubjectStore } from '../../src/operations/gdpr/stores/store'
import { tempoStore } from '../../src/operations/gdpr/stores/tempo'
import { redactTraces } from '../../src/operations/gdpr/stores/tempo-redaction'
import { identityOf, parseSubject } from '../../src/operations/gdpr/subject'
import type { Backend } from '../../src/shared/queries/http'
import { retention, type TraceTier } from '../../src/shared/tiers'
import { until } from '../collector/support'
import { otlpAttributes, type Plain } from '../support/otlp-json'
import { startTempoStandIn } from '../support/tempo-stand-in'
import { startTempo } from './start'

const binary = inject('tempoBinary')
const tiers = Object.keys(retention.traces) as TraceTier[]
const identity = identityOf(parseSubject(['person-0007', 'ann@example.com']), ['first-key-of-32-characters-at-least'])
const pseudonym = identity.pseudonyms[0]!.value
const signal = new AbortController().signal

/** Blocks are written, replaced and deleted after a second, and a search looks into them at once. */
function hurried(files: Record<string, string>): Record<string, string> {
  const config = parse(files['tempo.yaml']!)
  config.storage.trace.blocklist_poll = '1s'
  config.backend_scheduler.maintenance_interval = '1s'
  config.backend_scheduler.provider.retention.interval = '1s'
  config.backend_worker.compaction.compacted_block_retention = '1s'
  // of a worker that had nothing to do
  config.backend_worker.backoff = { min_period: '100ms', max_period: '500ms' }
  config.query_frontend.search.query_backend_after = '0s'
  config.query_frontend.metrics = { query_backend_after: '0s' }
  const often = {
    max_block_duration: '1s',
    flush_check_period: '1s',
    flush_op_timeout: '1s',
    block_reclaim_grace: '1s',
  }
  Object.assign(config.live_store, often, { complete_block_timeout: '15s' })
  return { ...files, 'tempo.yaml': stringify(config) }
}

interface Trace {
  readonly id: string
  readonly spans: readonly {
    readonly attributes: Record<string, Plain>
    readonly event?: Record<string, Plain>
    readonly name?: string
  }[]
}

const traceOf = (kind: string, n: number, spans: Trace['spans']): Trace => ({
  id: `00${Buffer.from(kind.slice(0, 6)).toString('hex')}`.padEnd(24, '0') + n.toString(16).padStart(8, '0'),
  spans,
})
const own: Trace[] = [
  traceOf('id', 1, [{ attributes: { 'user.id': 'person-0007', 'session.id': 'visit-1' } }, { attributes: {} }]),
  traceOf('prompt', 1, [{ attributes: { 'gen_ai.input.messages': 'write to Ann@Example.com, and say "hello"' } }]),
  traceOf('event', 1, [{ attributes: {}, event: { message: 'for ann@example.com' } }]),
  traceOf('masked', 1, [{ attributes: { 'enduser.id': pseudonym } }]),
  traceOf('name', 1, [{ attributes: {}, name: 'GET /users/person-0007' }]),
  // nothing but the visit ties it to the person
  traceOf('visit', 1, [{ attributes: { 'session.id': 'visit-1' } }]),
]
const shared = traceOf('shared', 1, [
  { attributes: { 'user.id': 'person-0007', 'session.id': 'room-1' } },
  { attributes: { 'user.id': 'person-0008' } },
])
const others: Trace[] = [
  ...Array.from({ length: 30 }, (_, n) =>
    traceOf('other', n, [
      { attributes: { 'user.id': `person-01${n}`, 'session.id': `visit-2${n}`, text: 'to joann@example.com' } },
      { attributes: {} },
    ]),
  ),
  traceOf('longer', 1, [{ attributes: { 'user.id': 'person-00071' } }]),
  // somebody else is in the room too
  traceOf('room', 1, [{ attributes: { 'session.id': 'room-1' } }]),
]

describe('a person in Tempo', { timeout: 150_000 }, () => {
  let tempo: Pick<Awaited<ReturnType<typeof startTempo>>, 'url' | 'otlp' | 'otlpGrpc' | 'stop'> & { folder?: string }
  let store: SubjectStore
  let backend: Backend
  let scheduler: Backend

  const read = async (tier: TraceTier, id: string): Promise<string> => {
    const response = await fetch(`${tempo.url}/api/v2/traces/${id}`, { headers: { 'x-scope-orgid': `afn-${tier}` } })
    const { trace = {} } = response.ok ? await response.json() : {}
    return response.ok ? JSON.stringify(trace.resourceSpans ?? []) : response.status === 404 ? '[]' : 'unsure'
  }
  /** Each text of a trace, of all tiers: the order of spans may be another one in another block. */
  const textsOf = async (traces: readonly Trace[]) => {
    const all: Record<string, string> = {}
    for (const tier of tiers)
      for (const { id } of traces) all[`${tier} ${id}`] = [...(await read(tier, id))].sort().join('')
    return all
  }
  const blocksOf = (tier: TraceTier) => {
    const folder = path.join(tempo.folder!, 'blocks', `afn-${tier}`)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => path.join(folder, name, 'data.parquet'))
      .filter(file => existsSync(file))
  }

  beforeAll(async () => {
    tempo = binary === undefined ? await startTempoStandIn() : await startTempo(binary, hurried)
    backend = { name: 'Tempo', url: tempo.url, setBy: 'a test' }
    // one process of Tempo has gRPC at the port of its HTTP API, too (stream_over_http_enabled)
    scheduler = binary === undefined ? { ...backend, url: `http://${tempo.otlpGrpc}` } : backend
    store = tempoStore({ backend, scheduler, retention: retention.traces, now: Date.now })
    const now = BigInt(Date.now() - 1_000) * 1_000_000n
    const spans = [...own, shared, ...others].flatMap(({ id, spans }) =>
      spans.map(({ attributes, event, name = 'chat' }, at) => ({
        traceId: id,
        spanId: `${at + 1}`.padStart(16, 'a'),
        ...(at > 0 && { parentSpanId: '1'.padStart(16, 'a') }),
        name,
        kind: 1,
        startTimeUnixNano: `${now}`,
        endTimeUnixNano: `${now + 1_000_000n}`,
        attributes: otlpAttributes(attributes),
        events: event ? [{ name: 'said', timeUnixNano: `${now}`, attributes: otlpAttributes(event) }] : [],
      })),
    )
    const resource = { attributes: otlpAttributes({ 'service.name': 'chat' }) }
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] })
    for (const tier of tiers) {
      const headers = { 'content-type': 'application/json', 'x-scope-orgid': `afn-${tier}` }
      const { status } = await fetch(`${tempo.otlp}/v1/traces`, { method: 'POST', headers, body })
      expect([tier, status]).toEqual([tier, 200])
    }
  })
  afterAll(() => tempo?.stop())

  const target = { identity, traceIds: [] as string[] }
  const ids = (traces: readonly Trace[]) => traces.map(({ id }) => id).sort()

  it('is found by id, pseudonym, address in a prompt or an event, name of a span and visit; a trace with others is counted', async () => {
    if (binary) await until('the blocks', () => tiers.every(tier => blocksOf(tier).length > 0))
    let found: Awaited<ReturnType<SubjectStore['find']>> | undefined
    // while a block goes from the live store to the others, a search may miss it
    await until('the search to show all', async () => {
      found = await store.find(target, signal)
      return found.traceIds.length === own.length && found.records === 3 * 7
    })
    expect({ ...found, traceIds: [...found!.traceIds].sort() }).toEqual({
      records: 3 * own.flatMap(({ spans }) => spans).length,
      traceIds: ids(own),
      allTraces: own.length + 1 + others.length,
      shared: 1,
      samples: expect.any(Array),
    })
  })

  it('is exported, of a trace with others only what names the person', async () => {
    const records = []
    for await (const { record } of store.export(target, signal)) records.push(record as { traceId: string })
    expect(records.map(({ traceId }) => traceId).sort()).toEqual(
      [...own.flatMap(({ id, spans }) => spans.map(() => id)), shared.id].sort(),
    )
    expect(JSON.stringify(records)).not.toContain('person-0008')
  })

  it('is gone from every answer after the passes, and nobody else is touched', async () => {
    const before = await textsOf([...others, shared])
    const known = { identity, traceIds: ids(own) }
    await until('Tempo to have forgotten', async () => {
      await store.erase(known, signal).catch((error: Error) => {
        if (!error.message.includes('one at a time')) throw error
      })
      return (await store.verify(known, signal)) === 0
    })
    expect(await store.verify(known, signal)).toBe(0)
    for (const tier of tiers)
      for (const { id } of own) expect([tier, id, await read(tier, id)]).toEqual([tier, id, '[]'])
    expect(await textsOf([...others, shared])).toEqual(before)
  })

  it.skipIf(binary === undefined)(
    'is in no block and no file afterwards',
    async () => {
      const database = await (await DuckDBInstance.create(':memory:')).connect()
      const has = async (file: string, text: string) => {
        const query = `SELECT count(*) FROM read_parquet('${file}') AS block WHERE to_json(block)::VARCHAR LIKE '%${text}%'`
        return Number((await database.runAndReadAll(query)).getRows()[0]![0])
      }
      const counted = async (text: string) => {
        let sum = 0
        for (const file of tiers.flatMap(blocksOf)) sum += await has(file, text).catch(() => Number.NaN)
        return sum
      }
      // old blocks are deleted by their sweep; one that goes away while it is read is read no more
      for (const text of ['Ann@Example.com', 'for ann@example.com', pseudonym, 'users/person-0007', 'visit-1"'])
        await until(`no block to have ${text}`, async () => (await counted(text)) === 0)
      expect(await counted('person-0008')).toBe(tiers.length)
      expect(await counted('joann@example.com')).toBe(30 * tiers.length)
      database.closeSync()

      const files = (readdirSync(tempo.folder!, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
        .filter(entry => entry.isFile() && !entry.name.endsWith('.log'))
        .map(({ parentPath, name }) => path.join(parentPath, name))
      const grepped = () => files.filter(file => existsSync(file) && readFileSync(file).includes('Ann@Example.com'))
      await until('no file to have it in clear text', () => grepped().length === 0)
    },
    150_000,
  )

  it('is not asked for again by a second run', async () => {
    const known = { identity, traceIds: ids(own) }
    const calls: string[] = []
    const silent = tempoStore({
      backend,
      get scheduler() {
        calls.push('asked')
        return scheduler
      },
      retention: retention.traces,
      now: Date.now,
    })
    calls.length = 0
    await silent.erase(known, signal)
    expect(calls).toEqual([])
  })

  it.skipIf(binary === undefined)('waits while Tempo is at work on another redaction, and says so', async () => {
    const redact = () => redactTraces(backend, 'afn-errors', ['f'.repeat(32)], signal)
    await until('it to be free', () =>
      redact().then(
        () => true,
        () => false,
      ),
    )
    await expect(redact()).rejects.toThrow('it runs one at a time')
  })
})

// How many questions a search over 90 days puts to Tempo, and that it comes to its end where Tempo is too slow for some. Tempo is a stand-in that
// counts: the answers themselves are held by test/tempo/gdpr.test.ts on a real one.
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tempoStore } from '../../../src/operations/gdpr/stores/tempo'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import type { Backend } from '../../../src/shared/queries/http'
import { retention } from '../../../src/shared/tiers'
import { listen } from '../../support/ports'

const DAY = 86_400
const now = Date.parse('2026-11-30T12:00:00Z')
const target = { identity: identityOf(parseSubject(['person-4711-abcdef', 'ann@example.com']), []), traceIds: [] }
const traceId = 'a'.repeat(32)
const signal = new AbortController().signal
/** More than a real app has. */
const manyAttributes = Array.from({ length: 300 }, (_, n) => `attribute.${n}`)
let attributes: readonly string[]

let server: Server
let backend: Backend
/** What was asked, by the length of the time in days. */
let asked: {
  readonly path: string
  readonly q: string
  readonly tier: string
  readonly days: number
  readonly end: number
}[]
/** A question that takes too long where it is about more than so many days. */
let slowFrom: number
/** Days ago, of what there is. */
let oldest: number

beforeEach(async () => {
  asked = []
  slowFrom = Number.POSITIVE_INFINITY
  oldest = 0.5
  attributes = manyAttributes
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x')
    const [start, end] = ['start', 'end'].map(name => Number(searchParams.get(name)))
    const q = searchParams.get('q') ?? ''
    const tier = String(request.headers['x-scope-orgid'])
    if (tier === 'undefined') return response.writeHead(401).end('no org id')
    const days = (end! - start!) / DAY
    asked.push({ path: pathname, q, tier, days, end: end! })
    const answer = (body: object) => response.end(JSON.stringify(body))
    // all was sent in the last days
    const hasData = end! > now / 1_000 - oldest * DAY
    if (pathname === '/api/v2/search/tags')
      return answer({ scopes: hasData ? [{ name: 'span', tags: attributes }] : [] })
    if (pathname === '/api/search') {
      if (/=~/.test(q) && days > slowFrom) return // no answer
      const isFound = hasData && (q === '{}' || q.includes('.user.id'))
      return answer({ traces: isFound ? [{ traceID: traceId, spanSets: [{ matched: 1 }] }] : [] })
    }
    if (pathname === `/api/v2/traces/${traceId}`) {
      const span = { traceId, spanId: '1'.repeat(16), name: 'x', attributes: [{ key: 'user.id', value: { stringValue: 'person-4711-abcdef' } }] } // biome-ignore format: one line
      return answer({ trace: { resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] } })
    }
    return answer({ status: { version: '3.0.0' }, series: [{ labels: [], value: 1000 }] })
  })
  backend = { name: 'Tempo', url: `http://127.0.0.1:${await listen(server)}`, setBy: 'AFN_TEMPO_URL' }
})
afterEach(() => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  server.close()
})

const store = (progress?: (how: string) => void) =>
  tempoStore({
    backend,
    scheduler: backend,
    retention: retention.traces,
    now: () => now,
    ...(progress && { progress }),
  })
const searches = () => asked.filter(({ path, q }) => path === '/api/search' && q !== '{}')

it('90 days of which two have anything cost as many questions as these two, identities first, and progress is told', async () => {
  const told: string[] = []
  const found = await store(how => told.push(how)).find(target, signal)
  expect(found).toMatchObject({ traceIds: [traceId], shared: 0 })
  // 300 attributes in conditions of 20, once for each tier; 22 parts of six days in all
  expect(searches().length).toBeLessThan(3 * 20)
  const parts = asked.filter(({ q }) => q === '{}').length
  expect(parts).toBeGreaterThan(15)
  expect(parts).toBeLessThan(24)
  expect(Math.max(...asked.filter(({ path }) => path === '/api/search').map(({ days }) => days))).toBeLessThanOrEqual(7)
  for (const tier of ['afn-detailed', 'afn-sampled', 'afn-errors']) {
    const [first] = searches().filter(one => one.tier === tier)
    expect(first!.q).not.toContain('=~')
  }
  expect(told.join()).toMatch(/detailed, part 1 of 1, 1\d questions.*errors, part 1 of 1/)
})

it('an erasure looks once for what was found just before', async () => {
  const tempo = store()
  const found = await tempo.find(target, signal)
  const before = asked.length
  // the scheduler is no gRPC: what counts is that nothing was searched for anew
  await tempo.erase({ ...target, traceIds: found.traceIds }, signal).catch(() => {})
  expect(asked.slice(before).filter(({ path }) => path === '/api/search')).toEqual([])
  // a trace that another store has found since is one more to look for
  await tempo.find(target, signal)
  const again = asked.length
  await tempo.erase({ ...target, traceIds: ['b'.repeat(32)] }, signal).catch(() => {})
  expect(asked.slice(again).filter(({ path }) => path === '/api/search').length).toBeGreaterThan(0)
})

it('a question that Tempo cannot answer in time is asked of half of the time, until it can', async () => {
  slowFrom = 3.6
  attributes = ['user.name', 'note']
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(ms => timeout(Math.min(ms, 1_000)))
  const found = await store().find(target, signal)
  expect(found.traceIds).toEqual([traceId])
  const answered = searches().filter(({ q, days }) => q.includes('=~') && days <= slowFrom)
  expect(answered.length).toBeGreaterThan(0)
})

it('a Tempo that is away is told from one that is too slow', async () => {
  server.closeAllConnections()
  server.close()
  const away = await store()
    .find(target, signal)
    .catch(error => error)
  expect(away.message).toMatch(/start it there/)
  expect(away.isSlow).toBe(false)
})

it('a search that was ended in the middle goes on behind the parts that it was through with', async () => {
  oldest = 40
  const kept: Record<string, readonly string[]> = {}
  const keep = (part: string, ids: readonly string[]) => {
    kept[part] = ids
    // the machine goes down
    if (Object.keys(kept).length === 4) throw new Error('down')
  }
  await expect(store().find(target, signal, keep)).rejects.toThrow('down')
  const whole = searches().length
  asked.length = 0
  const found = await store().find({ ...target, searched: kept }, signal)
  expect(found.traceIds).toEqual([traceId])
  const again = asked.filter(({ path, q, tier, end }) => path === '/api/search' && q !== '{}' && kept[`${tier.slice(4)} ${end}`] !== undefined) // biome-ignore format: one line
  expect([whole > 0, again]).toEqual([true, []])
})

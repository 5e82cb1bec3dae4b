// A query ends when its client is gone, and a wrong parameter is named. The figures of
// waiting are counts: how many statements ran, and in which order questions were answered.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endOf } from '../../../../src/backend/api/request-deadline'
import { startApi as startServer } from '../../../../src/backend/api/server'
import { cancellable, type Store } from '../../../../src/backend/store/store'
import { requests } from '../../../tempo/traces'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000

let api: Api
beforeAll(async () => {
  api = await startApi(
    requests(start).map(({ body }) => body),
    start + 60_000,
  )
})
afterAll(() => api.store.close())

describe('a parameter that is none is refused with 400 by its name, never with SQL:', () => {
  const wrong = ['-5', '0.5', '1e-7', 'NaN', '99999999999999999999', "1' OR '1'='1", '-9223372036854775808', '%']
  const time = `start=${start / 1_000}&end=${start / 1_000 + 60}`
  const routes: Record<string, string[]> = {
    '/api/search?q={}': ['limit', 'spss', 'start', 'end', 'after', 'minDuration', 'maxDuration'],
    '/api/v2/search/tags?': ['limit', 'start', 'end'],
    '/api/search/tags?': ['limit', 'start', 'end'],
    '/api/v2/search/tag/name/values?': ['limit', 'start', 'end'],
    '/api/search/tag/name/values?': ['limit', 'start', 'end'],
    '/api/metrics/query_range?q={}|rate()': ['start', 'end', 'step', 'since'],
    '/api/metrics/query?q={}|rate()': ['start', 'end', 'since'],
    '/api/afn/overview?': ['start', 'end'],
    [`/api/afn/series?${time}`]: ['metric', 'by', 'step'],
    [`/api/afn/sessions?${time}`]: ['limit'],
    [`/api/afn/errors?${time}`]: ['limit'],
    [`/api/afn/logs?${time}`]: ['limit', 'class', 'level', 'trace'],
    [`/api/afn/logs/summary?${time}`]: ['limit', 'step', 'level'],
    [`/api/afn/logs/tail?${time}`]: ['limit', 'after'],
    [`/api/afn/export?${time}`]: ['signal', 'format'],
  }
  const cases = Object.entries(routes).flatMap(([route, names]) => names.map(name => [route, name] as const))
  it.each(cases)('%s %s', async (route, name) => {
    for (const value of wrong) {
      const response = await api.get(`${route}&${name}=${encodeURIComponent(value)}`)
      const text = await response.text()
      // numbers that one route knows and another does not: seconds with a fraction, times before 1970
      expect([200, 400], `${value}: ${text}`).toContain(response.status)
      if (response.status === 400)
        expect(text).toMatch(new RegExp(name === 'trace' ? 'trace' : `${name}|start|end`, 'i'))
      expect(text).not.toMatch(/select |limit\/offset|binder|out of range|line 1/i)
    }
  })

  it.each([
    '/api/v2/search/tag/name/values?limit=-5',
    '/api/v2/search/tag/name/values?limit=0.5',
    '/api/v2/search/tags?limit=-1',
    '/api/search?limit=4294967295',
  ])('%s', async url => {
    const response = await api.get(url)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('limit')])
  })
})

it('a statement that fails is answered without its text, which the server says on stderr', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { query } = api.store
  api.store.query = sql => query(`${sql} and this is no SQL`)
  const response = await api.get('/api/afn/stats')
  api.store.query = query
  expect([response.status, await response.text()]).toEqual([500, expect.not.stringMatching(/select|syntax/i)])
  expect(said.mock.calls.flat().join()).toMatch(/Parser Error/)
  said.mockRestore()
})

describe('queries whose clients are gone', () => {
  const heavy = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n`
  const isGone = (error: unknown) => String(error)

  it('free their places for others: two that would run for minutes, and two that wait behind them', async () => {
    const controller = new AbortController()
    const queries = Array.from({ length: 4 }, () => api.store.query(heavy, [], controller.signal).catch(isGone))
    const answered = api.store.query('SELECT 42 AS n')
    controller.abort('gone')
    expect(await Promise.all(queries)).toEqual(['gone', 'gone', 'gone', 'gone'])
    expect(await answered).toEqual([{ n: 42 }])
    // the connections are as good as new
    const again = Array.from({ length: 4 }, (_, n) => api.store.query(`SELECT ${n} AS n`))
    expect((await Promise.all(again)).flat()).toEqual([0, 1, 2, 3].map(n => ({ n })))
  })

  it('run no further statement', async () => {
    const { query } = api.store
    let statements = 0
    const controller = new AbortController()
    api.store.query = (sql, parameters, signal) => {
      if (++statements === 2) controller.abort()
      return query(sql, parameters, signal)
    }
    const response = await api.get('/api/search?q={}&afn=true', {}, controller.signal)
    api.store.query = query
    expect(response.status).toBe(499)
    expect(statements).toBeLessThanOrEqual(4)
  })

  it('do not cancel what is read once for all clients', async () => {
    await api.store.write('traces', requests(start + 1_000)[0]!.body as never)
    const controller = new AbortController()
    const first = api.get('/api/search?q={}', {}, controller.signal)
    const second = api.get('/api/search?q={}')
    controller.abort()
    expect([(await first).status, (await second).status]).toEqual([499, 200])
  })
})

it('a query that takes too long is answered with 504, and frees its place', async () => {
  const signal = endOf(new AbortController().signal, 20)
  const heavy = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n`
  const parts = { ...api.parts, store: cancellable(api.store, signal) }
  const late = [parts.store.query(heavy), parts.store.query(heavy), parts.store.query('SELECT 1')]
  const reasons = await Promise.all(late.map(question => question.catch(error => error)))
  expect(reasons).toEqual([0, 1, 2].map(() => expect.objectContaining({ status: 504 })))
  expect(await api.store.query('SELECT 42 AS n')).toEqual([{ n: 42 }])
})

describe('over a socket', () => {
  // minutes of work in which DuckDB looks at an interrupt as seldom as in any other
  const endless = `SELECT count(*) FROM range(100000) a, range(100000) b, range(1000) c WHERE hash(a.range, b.range, c.range) % 7 = 1`

  it('a client that goes away cancels its query, and a server that stops ends all others', {
    timeout: 60_000,
  }, async () => {
    const own = await startApi(
      requests(start).map(({ body }) => body),
      start + 60_000,
    )
    const { store } = own
    let begun = 0
    let ended = 0
    const slow: Store = {
      ...store,
      async query(sql, parameters, signal) {
        if (!sql.includes('FROM logs')) return store.query(sql, parameters, signal)
        begun++
        try {
          return await store.query(endless, [], signal)
        } finally {
          ended++
        }
      },
    }
    const server = await startServer({ ...own.parts, store: slow }, 0)
    const ask = (path: string, signal?: AbortSignal) =>
      fetch(`${server.url}${path}`, { ...(signal && { signal }) }).then(
        ({ status }) => status,
        () => 'gone',
      )
    const controller = new AbortController()
    const left = Array.from({ length: 4 }, () => ask('/api/afn/stats', controller.signal))
    await vi.waitUntil(() => begun === 4)
    controller.abort()
    expect(await Promise.all(left)).toEqual(['gone', 'gone', 'gone', 'gone'])
    expect(await ask('/api/search?q={}')).toBe(200)
    await vi.waitUntil(() => ended === 4)
    const cut = [ask('/api/afn/stats'), ask('/api/afn/stats'), ask('/api/afn/stats')]
    await vi.waitUntil(() => begun === 7)
    await server.close()
    expect(await Promise.all(cut)).toEqual(['gone', 'gone', 'gone'])
    // waits for what is at work
    await store.close()
    expect(ended).toBe(7)
  })
})

it('ten thousands of rows do not block other requests while they are read', async () => {
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const before = turns
  const rows = await api.store.query(
    `SELECT i, repeat('x', 20) AS a, i * 2 AS b, [i, i] AS list, MAP {'k': i} AS map FROM range(40000) t(i)`,
  )
  isOver = true
  expect(rows).toHaveLength(40_000)
  expect(rows[39_999]).toEqual({
    i: 39_999n,
    a: 'x'.repeat(20),
    b: 79_998n,
    list: [39_999n, 39_999n],
    map: [{ key: 'k', value: 39_999n }],
  })
  // one chunk of 2048 rows may bring one turn, whoever reads them; a stretch ends more often
  expect(turns - before).toBeGreaterThan(20)
})

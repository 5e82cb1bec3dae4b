// What the summary and the tail of log records say, beside the list that a click finds: the list is the oracle.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LogFacetName, LogLine, LogSummary, LogTail } from '../../../../src/backend/api/log-answers'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const kv = (key: string, value: string) => ({ key, value: { stringValue: value } })

interface Given {
  readonly second: number
  readonly severity: number
  readonly body: string
  readonly event?: string
}

function sent(service: string, more: Readonly<Record<string, string>>, records: readonly Given[]): object {
  const attributes = Object.entries({ 'service.name': service, ...more }).map(([key, value]) => kv(key, value))
  const logRecords = records.map(({ second, severity, body, event }) => ({
    timeUnixNano: `${start + second * 1_000}000000`,
    severityNumber: severity,
    body: { stringValue: body },
    ...(event && { eventName: event }),
  }))
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }
}

/** Every severity number from none to FATAL4, in two services. */
const many = (service: string) =>
  Array.from({ length: 50 }, (_, n) => ({
    second: n * 7,
    severity: n % 25,
    body: n % 3 === 0 ? `The Model answered ${n}` : `it's '${service}' ${n}`,
    ...(n % 10 === 0 && { event: `event-${n}` }),
  }))

const given = [
  sent('chat', { 'deployment.environment.name': 'production', 'service.version': '1.2.0' }, many('chat')),
  sent('sho"p\'s', { 'deployment.environment.name': 'staging' }, many("sho'p")),
]

describe('a summary of log records', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi(given, start + 600_000)
  })
  afterAll(() => api.store.close())

  const listed = async (filters: Readonly<Record<string, string>>): Promise<readonly LogLine[]> =>
    (await api.json(`/api/afn/logs?${window}&limit=1000&${new URLSearchParams(filters)}`)).logs
  const summaryOf = (filters: Readonly<Record<string, string>>, more = '&limit=100&step=30'): Promise<LogSummary> =>
    api.json(`/api/afn/logs/summary?${window}${more}&${new URLSearchParams(filters)}`)

  it.each<Readonly<Record<string, string>>>([
    {},
    { q: 'MODEL' },
    { q: "it's" },
    { level: 'error' },
    { level: 'none', q: 'model' },
    { service: 'sho"p\'s', level: 'warn' },
    { environment: 'production', class: 'info' },
    { version: '1.2.0', event: 'event-20' },
    { service: 'nobody' },
  ])('counts other lines than a click on a value finds: %j', async filters => {
    const { facets, levels } = await summaryOf(filters)
    for (const { name, values, total } of facets) {
      expect([name, total]).toEqual([name, values.length])
      for (const { value, count } of values)
        expect([name, value, count]).toEqual([name, value, (await listed({ ...filters, [name]: value })).length])
    }
    const found = await listed(filters)
    expect(levels.reduce((sum, { total }) => sum + total, 0)).toBe(found.length)
    expect(facets.length).toBeGreaterThan(0)
  })

  it('puts a line in another step or level than its own', async () => {
    const { levels, stepSeconds } = await summaryOf({ q: 'model' })
    expect(stepSeconds).toBe(30)
    for (const { level, points, total } of levels) {
      const counts = new Map<number, number>()
      for (const { time } of await listed({ q: 'model', level })) {
        const step = Math.floor(time / 30) * 30
        counts.set(step, (counts.get(step) ?? 0) + 1)
      }
      expect(points).toEqual([...counts].sort(([a], [b]) => a - b))
      expect(points.reduce((sum, [, n]) => sum + n, 0)).toBe(total)
    }
    expect(levels.map(({ level }) => level)).toEqual(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'none'])
  })

  it('has more values than the limit, or a value twice that others narrow', async () => {
    const facet = (facets: LogSummary['facets'], name: LogFacetName) => facets.find(one => one.name === name)!
    const cut = await summaryOf({}, '&limit=2')
    expect(facet(cut.facets, 'event')).toMatchObject({ total: 5, values: [{ value: 'event-0', count: 2 }, { value: 'event-10', count: 2 }] }) // biome-ignore format: a row
    // what is chosen still stands beside what could be chosen instead
    const chosen = await summaryOf({ service: 'chat' })
    expect(facet(chosen.facets, 'service').values.map(({ value }) => value)).toEqual(['chat', 'sho"p\'s'])
    expect(facet(chosen.facets, 'environment').values).toEqual([{ value: 'production', count: 50 }])
  })

  it('takes a level that there is none of', async () => {
    expect((await api.get('/api/afn/logs/summary?level=loud')).status).toBe(400)
  })
})

describe('a tail of log records', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi(given, start + 600_000)
  })
  afterAll(() => api.store.close())

  const tail = (more: string): Promise<LogTail> => api.json(`/api/afn/logs/tail?${window}&${more}`)
  const bodies = ({ logs }: LogTail) => logs.map(({ body }) => body)

  it('repeats lines, misses some, or says less than arrived', async () => {
    const first = await tail('limit=5&level=info')
    expect(first.skipped).toBe(0)
    expect(first.logs).toHaveLength(5)
    expect(bodies(await tail(`after=${first.after}`))).toEqual([])
    // what an app wrote long ago arrives now, too
    const late = Array.from({ length: 7 }, (_, n) => ({ second: -9_000 + n, severity: 9, body: `late ${n}` }))
    await api.store.write('logs', sent('chat', {}, [...late, { second: 1, severity: 17, body: 'failed' }]) as never)
    const next = await tail(`limit=5&level=info&after=${first.after}`)
    expect(bodies(next)).toEqual(['late 6', 'late 5', 'late 4', 'late 3', 'late 2'])
    expect(next.skipped).toBe(2)
    expect(bodies(await tail(`level=info&after=${next.after}`))).toEqual([])
    expect(bodies(await tail(`level=error&after=${first.after}`))).toEqual(['failed'])
  })

  it('is silent for good after a store was begun anew', async () => {
    const anew = await tail('limit=1&after=999999999')
    expect(anew.logs).toHaveLength(1)
    expect(Number(anew.after)).toBeLessThan(999_999_999)
  })

  it.each(['x', '-1', '1_2', '1e3'])('takes a place that it never gave: %s', async after => {
    expect((await api.get(`/api/afn/logs/tail?after=${after}`)).status).toBe(400)
  })
})

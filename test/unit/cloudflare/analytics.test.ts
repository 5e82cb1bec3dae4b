// Analytics against a stand-in with the limits that Cloudflare documents; the numbers are those that the stand-in was filled with.
import { beforeEach, describe, expect, it } from 'vitest'
import { completeMinutes, readAnalytics, type Value } from '../../../src/operations/cloudflare/analytics'
import { AnalyticsWatch } from '../../../src/operations/cloudflare/analytics-watch'
import { Client } from '../../../src/operations/cloudflare/client'
import { answerQuery, GraphqlError, type Node } from '../../support/cloudflare-graphql'

const MINUTE = 60_000
const FROM = Date.parse('2026-11-28T00:00:00Z')
const ZONE = 'a'.repeat(32)
const ACCOUNT = 'b'.repeat(32)
const named = (ids: readonly string[]) => new Map(ids.map((id, n) => [id, `shop${n}.example`]))
const fields = ['sum_edgeResponseBytes', 'sum_visits', 'avg_sampleInterval', 'dimensions_edgeResponseStatus', 'dimensions_cacheStatus', 'dimensions_datetimeMinute', ...[50, 95, 99].flatMap(p => [`quantiles_edgeTimeToFirstByteMsP${p}`, `quantiles_originResponseDurationMsP${p}`])] // biome-ignore format: one line

let nodes: Record<string, Node>
let queries: { at: number; query: string }[]
let waited: number
let refuse: (query: string) => Response | undefined
beforeEach(() => {
  queries = []
  waited = 0
  refuse = () => undefined
  const none: Node = { enabled: false, maxPageSize: 100, maxDuration: 86_400, fields: [], rows: () => [] }
  nodes = {
    httpRequestsAdaptiveGroups: {
      enabled: true,
      maxPageSize: 1_000,
      maxDuration: 86_400,
      fields,
      rows: (minute, id) => [200, 503].map(status => ({
        count: status === 200 ? 100 + (minute - FROM) / MINUTE : 3,
        avg: { sampleInterval: status === 200 ? 10 : 1 },
        sum: { edgeResponseBytes: 1_000, visits: 7 },
        quantiles: { edgeTimeToFirstByteMsP50: 80, edgeTimeToFirstByteMsP95: 410, edgeTimeToFirstByteMsP99: 900, originResponseDurationMsP50: 60 },
        dimensions: { edgeResponseStatus: status, cacheStatus: id === ZONE ? 'dynamic' : 'hit' },
      })),
    },
    firewallEventsAdaptiveGroups: none,
    healthCheckEventsAdaptiveGroups: none,
    workersInvocationsAdaptive: {
      enabled: true,
      maxPageSize: 10_000,
      maxDuration: 86_400,
      fields: ['sum_requests', 'sum_errors', 'sum_subrequests', 'quantiles_cpuTimeP50', 'quantiles_cpuTimeP99', 'dimensions_scriptName', 'dimensions_status'],
      rows: () => [{ sum: { requests: 5, errors: 1, subrequests: 2 }, quantiles: { cpuTimeP50: 1_500, cpuTimeP99: 9_000 }, dimensions: { scriptName: 'shop', status: 'success' } }],
    },
    pagesFunctionsInvocationsAdaptiveGroups: none,
    rumPageloadEventsAdaptiveGroups: none,
  } // biome-ignore format: a table
})

const client = () =>
  new Client({
    token: 't',
    base: 'https://api.example',
    now: () => FROM + waited,
    wait: async ms => {
      waited += ms
    },
    fetch: async (_, init) => {
      const { query } = JSON.parse(String(init?.body)) as { query: string }
      queries.push({ at: FROM + waited, query })
      const refused = refuse(query)
      if (refused) return refused
      try {
        return Response.json({ data: answerQuery(query, nodes), errors: null })
      } catch (error) {
        if (!(error instanceof GraphqlError)) throw error
        return Response.json({ data: null, errors: [{ message: error.message, path: ['viewer'] }] })
      }
    },
  })
const read = (minutes = 5, zoneIds = [ZONE], of = client()) =>
  readAnalytics(of, { zones: named(zoneIds), accountId: ACCOUNT, from: FROM, to: FROM + minutes * MINUTE })
const sumOf = ({ values }: Awaited<ReturnType<typeof read>>, metric: string) =>
  values.filter(one => one.metric === metric).reduce((sum, { value }) => sum + value, 0)

describe('analytics of Cloudflare', () => {
  it('are what was counted, with the sampling interval', async () => {
    const found = await read()
    expect(found.values.filter(({ metric }) => metric === 'afn.cloudflare.requests')).toEqual([
      { metric: 'afn.cloudflare.requests', unit: '{request}', value: 510, attributes: { 'afn.cloudflare.zone.name': 'shop0.example', 'http.response.status_code': '200', 'afn.cloudflare.cache.status': 'dynamic' } },
      { metric: 'afn.cloudflare.requests', unit: '{request}', value: 15, attributes: { 'afn.cloudflare.zone.name': 'shop0.example', 'http.response.status_code': '503', 'afn.cloudflare.cache.status': 'dynamic' } },
    ]) // biome-ignore format: a table
    const times = found.values.filter(({ metric }) => metric === 'afn.cloudflare.time_to_first_byte')
    expect(times.map(({ value, attributes }) => [attributes['afn.cloudflare.quantile'], value])).toEqual([['0.5', 0.08], ['0.95', 0.41], ['0.99', 0.9]]) // biome-ignore format: one line
    expect(found.values.find(({ metric }) => metric === 'afn.cloudflare.worker.cpu_time')?.value).toBeCloseTo(0.0015)
    expect(found.sampleIntervals.get('httpRequestsAdaptiveGroups')).toBe(10)
  })

  it('are of people, and not of Cloudflare’s health checks or of Workers', async () => {
    const { rows } = nodes.httpRequestsAdaptiveGroups!
    const others = ['healthcheck', 'edgeWorkerFetch'].map(requestSource => ({ requestSource, count: 1_000, dimensions: { edgeResponseStatus: 503 } })) // biome-ignore format: one line
    nodes.httpRequestsAdaptiveGroups!.rows = (minute, id) => [...rows(minute, id), ...others]
    expect(sumOf(await read(1), 'afn.cloudflare.requests')).toBe(103)
  })

  it('say of what the plan does not have that it does not, and ask for nothing that it refuses', async () => {
    const free = nodes.httpRequestsAdaptiveGroups!
    free.fields = fields.filter(field => !field.startsWith('quantiles'))
    const { missing, values } = await read()
    expect(missing.join('\n')).toContain(
      'httpRequestsAdaptiveGroups: the plan has none of quantiles.edgeTimeToFirstByteMsP50',
    )
    expect(missing).toContain('firewallEventsAdaptiveGroups: the plan does not have it')
    expect(values.some(({ metric }) => metric === 'afn.cloudflare.visits')).toBe(true)
  })

  it('lose no row of a page that is full, and none to a range that is too wide', async () => {
    nodes.httpRequestsAdaptiveGroups!.maxPageSize = 4
    nodes.httpRequestsAdaptiveGroups!.maxDuration = 7 * 60
    nodes.httpRequestsAdaptiveGroups!.rows = minute => [{ count: 1, dimensions: { edgeResponseStatus: 200 + (minute / MINUTE) % 5, cacheStatus: 'hit' } }] // biome-ignore format: one line
    const found = await read(64)
    expect(sumOf(found, 'afn.cloudflare.requests')).toBe(64)
    expect(found.missing.join()).not.toContain('more than')
    nodes.httpRequestsAdaptiveGroups!.rows = () => [1, 2, 3, 4, 5].map(n => ({ count: 1, dimensions: { edgeResponseStatus: n } })) // biome-ignore format: one line
    expect((await read(2)).missing.join()).toContain('a minute has more than 4 rows')
  })

  it('of 200 zones keep within 10 zones a query and 300 queries in 5 minutes', async () => {
    const zones = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(32, '0'))
    const of = client()
    for (let n = 0; n < 6; n++) expect(sumOf(await read(1, zones, of), 'afn.cloudflare.requests')).toBe(200 * 103)
    const most = Math.max(...queries.map(({ at }) => queries.filter(other => other.at >= at && other.at < at + 300_000).length)) // biome-ignore format: one line
    expect(most).toBeLessThanOrEqual(300)
  })

  it('of zones of different plans are all that each has', async () => {
    const zones = Array.from({ length: 25 }, (_, n) => n.toString(16).padStart(32, '0'))
    const node = nodes.httpRequestsAdaptiveGroups!
    node.fieldsOf = id => (Number.parseInt(id, 16) % 2 === 0 ? fields.filter(one => !one.startsWith('quantiles')) : fields) // biome-ignore format: one line
    const found = await read(1, zones)
    expect(sumOf(found, 'afn.cloudflare.requests')).toBe(25 * 103)
    const times = found.values.filter(({ metric }) => metric === 'afn.cloudflare.time_to_first_byte')
    expect(new Set(times.map(({ attributes }) => attributes['afn.cloudflare.zone.name'])).size).toBe(12)
    expect(found.missing.join('\n')).toMatch(/the plan has none of quantiles\S+.* \(shop0\.example, shop2\.example, .* and 8 more\)/) // biome-ignore format: one line
  })

  it.each([
    [
      "actor 'x' requires permission 'com.cloudflare.api.account.zone.analytics.read' for zone",
      'the token lacks Zone > Analytics > Read',
    ],
    ["zone 'x' does not have access to the path. Refer to this page", 'the plan does not have it'],
    ['cannot request data older than 2678400s', 'cannot request data older than 2678400s'],
  ])('that are refused with "%s" say so, and give the rest', async (message, said) => {
    refuse = query =>
      query.includes('rows:httpRequests') ? Response.json({ data: null, errors: [{ message }] }) : undefined
    const { missing, values } = await read()
    expect(missing.join('\n')).toContain(`httpRequestsAdaptiveGroups: ${said}`)
    expect(values.map(({ metric }) => metric)).toContain('afn.cloudflare.worker.requests')
  })

  it('are queried again after 429 and 503, which change nothing', async () => {
    let left = 2
    refuse = () => (left-- > 0 ? Response.json({ data: null, errors: [{ message: 'rate limiter budget depleted' }] }, { status: left === 1 ? 429 : 503, headers: { 'retry-after': '9' } }) : undefined) // biome-ignore format: one line
    expect(sumOf(await read(), 'afn.cloudflare.requests')).toBe(525)
    expect(waited).toBeGreaterThanOrEqual(9_000)
  })

  it('are of whole minutes that are complete', () => {
    expect(completeMinutes(5, Date.parse('2026-11-28T00:10:59Z'))).toEqual({ from: Date.parse('2026-11-28T00:03:00Z'), to: Date.parse('2026-11-28T00:08:00Z') }) // biome-ignore format: one line
  })
})

describe('a watch of the analytics', () => {
  let sent: Value[][]
  let isTaken: boolean
  const watchOf = (zoneIds = [ZONE], of = client()) =>
    new AnalyticsWatch(of, {
      zones: named(zoneIds),
      accountId: ACCOUNT,
      now: () => FROM + 30 * MINUTE + waited,
      send: async values => {
        if (isTaken) sent.push([...values])
        return isTaken
      },
    })
  const requestsOf = (values: readonly Value[]) =>
    values.filter(({ metric, attributes }) => metric === 'afn.cloudflare.requests' && attributes['http.response.status_code'] === '200') // biome-ignore format: one line
  beforeEach(() => {
    sent = []
    isTaken = true
  })

  it('sends each minute once with the time of its end, the lag and the sampling interval, and starts 15 minutes back', async () => {
    const watch = watchOf()
    expect(await watch.round()).toMatchObject({ isDone: true })
    waited += MINUTE
    await watch.round()
    // no minute is complete that was not before
    const { length } = queries
    await watch.round()
    expect(queries).toHaveLength(length)
    const found = sent.flatMap(requestsOf)
    expect(found.map(({ at }) => at)).toEqual(Array.from({ length: 16 }, (_, n) => FROM + (14 + n) * MINUTE))
    expect(found.map(({ value }) => value)).toEqual(Array.from({ length: 16 }, (_, n) => 100 + 13 + n))
    expect(sent[0]!.slice(-2)).toEqual([
      { metric: 'afn.cloudflare.sample_interval', unit: '{request}', value: 1, attributes: { 'afn.cloudflare.dataset': 'workersInvocationsAdaptive' } },
      { metric: 'afn.cloudflare.lag', unit: 's', value: 120, attributes: {} },
    ]) // biome-ignore format: a table
  })

  it('asks minute by minute where a dataset does not tell them apart', async () => {
    nodes.httpRequestsAdaptiveGroups!.fields = fields.filter(field => field !== 'dimensions_datetimeMinute')
    await watchOf().round()
    expect(sent.flatMap(requestsOf).map(({ at, value }) => [at, value])).toEqual(
      Array.from({ length: 15 }, (_, n) => [FROM + (14 + n) * MINUTE, 100 + 13 + n]),
    )
  })

  it('sends again what nobody took, and what a refusal of Cloudflare kept', async () => {
    const watch = watchOf()
    isTaken = false
    expect(await watch.round()).toMatchObject({ isDone: false })
    isTaken = true
    waited += 3 * MINUTE
    expect(await watch.round()).toMatchObject({ isDone: true })
    expect(sent.flatMap(requestsOf).map(({ at }) => at)).toEqual(Array.from({ length: 15 }, (_, n) => FROM + (17 + n) * MINUTE)) // biome-ignore format: one line
    refuse = () => Response.json({ data: null, errors: [] }, { status: 500 })
    waited += MINUTE
    await expect(watch.round()).rejects.toThrow('500')
    refuse = () => undefined
    await watch.round()
    const times = sent.flatMap(requestsOf).map(({ at }) => at)
    expect(new Set(times).size).toBe(times.length)
    expect(Math.max(...times.map(Number))).toBe(FROM + 30 * MINUTE + Math.floor(waited / MINUTE) * MINUTE - 2 * MINUTE)
  })

  it('of 200 zones loses no minute, within 300 queries in 5 minutes', async () => {
    const zones = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(32, '0'))
    const watch = watchOf(zones)
    while (waited < 20 * MINUTE) {
      await watch.round()
      waited += MINUTE
    }
    const counts = new Map<number, number>()
    for (const { at } of sent.flatMap(requestsOf)) counts.set(at!, (counts.get(at!) ?? 0) + 1)
    const minutes = [...counts.keys()].toSorted((a, b) => a - b)
    expect(minutes).toEqual(minutes.map((_, n) => FROM + (14 + n) * MINUTE))
    expect(minutes.length).toBeGreaterThan(30)
    expect(new Set(counts.values())).toEqual(new Set([200]))
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(5_000)
    const most = Math.max(...queries.map(({ at }) => queries.filter(other => other.at >= at && other.at < at + 300_000).length)) // biome-ignore format: one line
    expect(most).toBeLessThanOrEqual(300)
  })
})

// `/api/v1/query` and `/api/v1/query_range` of `afn-otel up` next to a real Prometheus, which got the same OTLP requests: each answer is the same
// to 1e-9, and what one refuses the other does, with the same status and type of error.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { isLong } from '../../support/long'
import { type Both, startBoth } from './both'
import { type Answered, difference } from './compare'
import { atRandom, byHand, refused } from './expressions'
import { ownQueries, pointsFor } from './own-queries'

const binary = inject('prometheusBinary')

async function differences(both: Both, queries: Iterable<string>): Promise<string[]> {
  const found: string[] = []
  const end = both.end / 1_000
  const range = { start: String(end - 1_800), end: String(end), step: '47' }
  for (const query of queries) {
    const [now, over] = await Promise.all([
      both.differs('query', { query, time: String(end - 301.5) }),
      both.differs('query_range', { query, ...range }),
    ])
    if (now !== undefined) found.push(`${query} at one moment: ${now}`)
    if (over !== undefined) found.push(`${query} over time: ${over}`)
  }
  return found
}

describe.skipIf(binary === undefined)('every query of this package', () => {
  const queries = ownQueries(isLong('promql'))
  let both: Both

  beforeAll(async () => {
    both = await startBoth(binary!, end => pointsFor(queries, end))
  })
  afterAll(() => both?.stop())

  it('has the answer of Prometheus: boards, budgets and the catalogue, in full the generated rules too', async () => {
    const found: string[] = []
    let empty = 0
    for (const [index, query] of queries.entries()) {
      const end = both.end / 1_000
      const now = { query, time: String(end - 101.5) }
      const over = { query, start: String(end - 600), end: String(end), step: '47' }
      // in short every other one over time
      const [path, parameters] = index % 2 === 0 ? (['query', now] as const) : (['query_range', over] as const)
      for (const [at, each] of isLong('promql')
        ? ([
            ['query', now],
            ['query_range', over],
          ] as const)
        : [[path, parameters] as const]) {
        const [theirs, ours] = await Promise.all([both.ask('theirs', at, each), both.ask('ours', at, each)])
        const different = difference(theirs, ours)
        if (different !== undefined) found.push(`${at} ${query}: ${different}`)
        if ((ours.body.data?.result as unknown[] | undefined)?.length === 0) empty++
      }
    }
    expect(found).toEqual([])
    // most of them find the planted points
    expect(empty).toBeLessThan(queries.length / 2)
  })
})

describe.skipIf(binary === undefined)('PromQL over the store', () => {
  let both: Both

  beforeAll(async () => {
    both = await startBoth(binary!)
  })
  afterAll(() => both?.stop())

  it('answers what Prometheus answers, function by function', async () => {
    expect(await differences(both, byHand)).toEqual([])
  })

  it('refuses what Prometheus refuses', async () => {
    expect(await differences(both, refused)).toEqual([])
    for (const query of refused) {
      const { status } = await both.ask('theirs', 'query', { query, time: String(both.end / 1_000) })
      expect([400, 422], query).toContain(status)
    }
  })

  it('lists labels, their values and series as Prometheus does', async () => {
    const window = { start: String(both.end / 1_000 - 3_000), end: String(both.end / 1_000) }
    const questions: [path: string, parameters: Record<string, string>][] = [
      ['labels', window],
      ['labels', { ...window, 'match[]': 'load_ratio{service_name="api"}' }],
      ['label/__name__/values', window],
      ['label/le/values', { ...window, 'match[]': '{service_name=~"a.*"}' }],
      ['label/service_name/values', {}],
      ['label/nothing/values', {}],
      ['series', { ...window, 'match[]': '{__name__=~".+"}' }],
      ['series', { ...window, 'match[]': 'http_server_request_duration_seconds_bucket{le="+Inf"}' }],
      ['series', {}],
      ['series', { 'match[]': '{}' }],
      ['labels', { limit: '2' }],
      ['labels', { start: '2', end: '1' }],
    ]
    const plain = ({ status, body: { data, error: _, ...rest } }: Answered) => ({
      code: status,
      ...rest,
      // Prometheus lists series in no order
      data: (data as unknown as object[] | undefined)?.map(each => JSON.stringify(each)).sort(),
    })
    for (const [path, parameters] of questions) {
      const [theirs, ours] = await Promise.all([
        both.ask('theirs', path, parameters),
        both.ask('ours', path, parameters),
      ])
      expect(plain(ours), `${path} ${JSON.stringify(parameters)}`).toEqual(plain(theirs))
    }
  })

  it('answers expressions at random as Prometheus does', async () => {
    const [seeds, count] = isLong('promql') ? [20, 200] : [1, 80]
    for (let seed = 1; seed <= seeds; seed++) expect(await differences(both, atRandom(seed, count))).toEqual([])
  })
})

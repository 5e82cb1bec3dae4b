// Facets of a search: each number is that of the search which the explorer writes when one clicks on it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FacetName, FacetsAnswer, SearchAnswer } from '../../../../src/backend/api/answers'
import { withBraces, withCondition } from '../../../../src/backend/explorer/traceql/write'
import { tracesRequest } from '../../../browser/explorer/data'
import { shop } from '../../../browser/explorer/shop'
import { type Api, startApi } from './ask'

const now = 1_795_003_600_000
const window = `start=${now / 1_000 - 3_600}&end=${now / 1_000}`

const CONDITIONS: Readonly<Record<Exclude<FacetName, 'tier'>, (value: string) => string>> = {
  status: value => `status = ${value}`,
  code: value => `span.http.response.status_code = ${value}`,
  route: value => `span.http.route = "${value}"`,
  environment: value => `resource.deployment.environment.name = "${value}"`,
  version: value => `resource.service.version = "${value}"`,
  service: value => `resource.service.name = "${value}"`,
  model: value => `span.gen_ai.request.model = "${value}"`,
  user: value => `span.user.id = "${value}"`,
  tool: value => `span.gen_ai.tool.name = "${value}"`,
}

describe('facets', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi([tracesRequest(shop(BigInt(now) * 1_000_000n))], now)
  })
  afterAll(() => api.store.close())

  const facetsOf = async (query: string, more = ''): Promise<FacetsAnswer['facets']> =>
    (await api.json(`/api/afn/facets?${window}&q=${encodeURIComponent(query)}${more}`)).facets

  it.each([
    '{}',
    '{ status = error }',
    '{ span.gen_ai.operation.name = "chat" && duration > 1s }',
    '{ name =~ ".*order.*" }',
  ])('count other traces than are found by a click: %s', async query => {
    const facets = await facetsOf(query)
    expect(facets.length).toBeGreaterThan(0)
    for (const { name, values } of facets)
      for (const { value, traces } of values) {
        expect([name, value, traces]).toEqual([name, value, await clicked(query, withCondition, name, value)])
      }
    expect(facets.map(({ name }) => name)).toEqual(expect.arrayContaining(['tier', 'service', 'environment']))
  })

  const clicked = async (query: string, add: typeof withCondition, name: FacetName, value: string) => {
    const isTier = name === 'tier'
    const q = encodeURIComponent(isTier ? query : add(query, CONDITIONS[name](value)))
    const search = `/api/search?${window}&limit=1000&q=${q}${isTier ? `&tier=${value}` : ''}`
    return ((await api.json(search)) as SearchAnswer).traces?.length ?? 0
  }

  it.each([
    '{ name =~ "(?is).*jacket.*" || span.gen_ai.input.messages =~ "(?is).*jacket.*" }',
    '{ span.gen_ai.request.model = "gpt-5-mini" } && { span.http.response.status_code = 200 }',
  ])('of a search for words count spans alone that say the word, and not their traces: %s', async query => {
    const facets = await facetsOf(query, '&of=traces')
    expect(facets.map(({ name }) => name)).toContain('code')
    for (const { name, values } of facets)
      for (const { value, traces } of values)
        expect([name, value, traces]).toEqual([name, value, await clicked(query, withBraces, name, value)])
  })

  it('narrow nothing where a tier was chosen, or take a tier that there is none of', async () => {
    const all = await facetsOf('{}')
    const [failed] = all.find(({ name }) => name === 'tier')!.values.filter(({ value }) => value === 'errors')
    const inErrors = await facetsOf('{}', '&tier=errors')
    expect(inErrors.find(({ name }) => name === 'tier')?.values).toEqual([failed])
    expect((await api.get('/api/afn/facets?tier=gold')).status).toBe(400)
  })

  it('are cut without a word of how many there are', async () => {
    const users = new Set(
      shop(0n)
        .flatMap(({ services }) => Object.values(services).flat())
        .flatMap(({ attributes }) => attributes?.['user.id'] ?? []),
    )
    const facet = (await facetsOf('{}', '&limit=2')).find(({ name }) => name === 'user')
    expect(facet).toMatchObject({ total: users.size })
    expect(facet?.values).toHaveLength(2)
  })

  it('answer numbers of a query that makes numbers, or a query that is none', async () => {
    expect(await facetsOf('{} | rate()')).toEqual([])
    expect((await api.get(`/api/afn/facets?q=${encodeURIComponent('{ nonsense')}`)).status).toBe(400)
  })
})

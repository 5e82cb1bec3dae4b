// Views over so many spans that not all are read: they tell what they would tell if all were.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './ask'

const start = 1_700_000_000_000
const count = 12_000
const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })

/** One trace each 300 ms for an hour; every sixth session comes again, and the last span has what no other has. */
function spanOf(n: number): object {
  const from = BigInt(start + n * 300) * 1_000_000n
  const rare = n === count - 1 ? [kv('rare', 'x'), kv('error.type', 'timeout')] : []
  return {
    traceId: (n + 1).toString(16).padStart(32, '0'),
    spanId: (n + 1).toString(16).padStart(16, '0'),
    name: 'step',
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(from + BigInt(n % 50) * 1_000_000_000n),
    attributes: [kv('session.id', `s${n % 6 === 0 ? n % 1_000 : n}`), kv('plain', 'x'), ...rare],
  }
}

let api: Api
beforeAll(async () => {
  const spans = Array.from({ length: count }, (_, n) => spanOf(n))
  api = await startApi([{ resourceSpans: [{ scopeSpans: [{ spans }] }] }], start + 3_600_000)
}, 60_000)
afterAll(() => api.store.close())

const window = `start=${start / 1_000}&end=${start / 1_000 + 3_600}`

it('the list of sessions has the latest of all, each with all of its spans', async () => {
  const sessions = async (limit: number) => (await api.json(`/api/afn/sessions?${window}&limit=${limit}`)).sessions
  const all = await sessions(1_000)
  expect(all.filter(({ traces }: { traces: number }) => traces > 1).length).toBeGreaterThan(50)
  for (const limit of [1, 20, 300]) expect(await sessions(limit)).toEqual(all.slice(0, limit))
})

it('the list of tags has those of every span', async () => {
  for (const query of ['', window, `${window}&q={name="step"}`])
    expect((await api.json(`/api/v2/search/tags?scope=span&${query}`)).scopes).toEqual([
      { name: 'span', tags: ['error.type', 'plain', 'rare', 'session.id'] },
    ])
  const early = `start=${start / 1_000}&end=${start / 1_000 + 60}`
  expect((await api.json(`/api/v2/search/tags?scope=span&${early}`)).scopes[0].tags).toEqual(['plain', 'session.id'])
})

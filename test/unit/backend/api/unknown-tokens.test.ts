// Tokens of calls without counts are unknown, which is no number.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const span = (id: number, attributes: object[]) => ({
  traceId: id.toString(16).padStart(32, '0'),
  spanId: id.toString(16).padStart(16, '0'),
  name: 'chat m',
  kind: 3,
  startTimeUnixNano: `${start}000000`,
  endTimeUnixNano: `${start + 10}000000`,
  attributes: [text('session.id', `s${id}`), ...attributes],
})
const call = [text('gen_ai.operation.name', 'chat'), text('afn.llm.usage.source', 'missing')]
const spans = [span(1, call), span(2, [])]
const window = `start=${start / 1_000}&end=${start / 1_000 + 60}`

let api: Api
beforeAll(async () => {
  api = await startApi([{ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] }], start + 60_000)
})
afterAll(() => api.store.close())

it('sums of calls without counts of tokens are null, in each answer that has them', async () => {
  const { sessions } = await api.json(`/api/afn/sessions?${window}`)
  const of = (id: string) => sessions.find((one: { id: string }) => one.id === id)
  expect(of('s1')).toMatchObject({ calls: 1, inputTokens: null, outputTokens: null })
  expect(of('s2')).toMatchObject({ calls: 0, inputTokens: 0, outputTokens: 0 })
  const { traces } = await api.json(`/api/search?afn=true&${window}`)
  const facts = traces.map((trace: { afn: object }) => trace.afn)
  expect(facts).toContainEqual(expect.objectContaining({ calls: 1, inputTokens: null, outputTokens: null }))
  const { tokens } = await api.json(`/api/afn/overview?${window}`)
  expect(tokens).toMatchObject({ input: null, output: null })
})

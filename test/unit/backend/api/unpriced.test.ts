// Calls that a sum of money leaves out, in every answer that has a sum: the same numbers as the load that is made here, and as the SDK's
// own counter `afn.llm.unpriced_operations` has for each of these calls.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCallMetrics } from '../../../../src/app/llm/report/metrics/call-metrics'
import { costOf } from '../../../../src/cli/local/terminal-format'
import { llmSpan } from '../../llm/llm-span'
import { collected } from '../../llm/report/metrics/collected'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

type Value = string | number
const list = (attributes: Readonly<Record<string, Value>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : key.includes('cost')
          ? { doubleValue: value }
          : { intValue: String(value) },
  }))

const input = { 'gen_ai.usage.input_tokens': 10 }
const output = { 'gen_ai.usage.output_tokens': 10 }
const failed = { 'error.type': '503' }
const cut = { 'afn.llm.stream.end': 'cut' }

/** Kinds of calls, and why a sum leaves them out; undefined where there is nothing to pay for, or where the price is known. */
const kinds: readonly {
  readonly name: string
  readonly attributes: Readonly<Record<string, Value>>
  readonly why?: 'no_price' | 'no_usage'
}[] = [
  { name: 'priced', attributes: { ...input, ...output, 'afn.llm.cost.total': 2e-8 } },
  { name: 'of an unknown model', attributes: { ...input, ...output }, why: 'no_price' },
  { name: 'an image, with output alone', attributes: output, why: 'no_price' },
  { name: 'of which nobody knows the tokens', attributes: {}, why: 'no_usage' },
  { name: 'refused', attributes: failed },
  { name: 'cut', attributes: { ...failed, ...cut }, why: 'no_usage' },
  { name: 'failed after it had used tokens', attributes: { ...failed, ...input }, why: 'no_price' },
]
const each = 5
const count = (why: string | undefined) => each * kinds.filter(kind => kind.why === why).length
const left = {
  unpriced: count('no_price') + count('no_usage'),
  unpricedBy: { no_price: count('no_price'), no_usage: count('no_usage') },
}
const calls = each * kinds.length

const spans = kinds.flatMap(({ attributes }, kind) =>
  Array.from({ length: each }, (_, n) => ({
    traceId: hex(1, 32),
    spanId: hex(kind * each + n + 1, 16),
    name: 'chat',
    kind: 3,
    startTimeUnixNano: `${start + n}000000`,
    endTimeUnixNano: `${start + n + 10}000000`,
    status: { code: 'error.type' in attributes ? 2 : 0 },
    attributes: list({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': `model-${kind}`,
      'session.id': 'one',
      ...attributes,
    }),
  })),
)

describe('calls without a price', () => {
  let api: Api
  beforeAll(async () => {
    const request = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] }
    api = await startApi([request], start + 60_000)
  })
  afterAll(() => api.store.close())

  it('are counted with their reasons next to each sum', async () => {
    const sum = { calls, costUsd: expect.closeTo(each * 2e-8, 15), ...left }
    expect(await api.json(`/api/afn/overview?${window}`)).toMatchObject(sum)
    const { sessions } = await api.json(`/api/afn/sessions?${window}`)
    expect(sessions).toMatchObject([sum])
    const { traces } = await api.json(`/api/search?afn=true&${window}`)
    expect(traces.map(({ afn }: { afn: object }) => afn)).toMatchObject([sum])
    const { turns } = await api.json('/api/afn/sessions/session/one')
    const reasons = turns.map(({ unpriced }: { unpriced: string | null }) => unpriced)
    expect(reasons.filter((reason: string) => reason === 'no_price')).toHaveLength(left.unpricedBy.no_price)
    expect(reasons.filter((reason: string) => reason === 'no_usage')).toHaveLength(left.unpricedBy.no_usage)
  })

  it('have a row in the cost by model, and are in the sum of all', async () => {
    const { series, all } = await api.json(`/api/afn/series?metric=cost&by=model&${window}`)
    expect(all).toMatchObject({ calls, ...left })
    // what was refused has cost nothing, and is not there
    const expected = kinds.flatMap(({ name, why }, kind) => (why || name === 'priced' ? [`model-${kind}`] : []))
    expect(series.map(({ key }: { key: string }) => key).toSorted()).toEqual(expected)
    for (const { key, total, unpriced } of series) {
      const { why } = kinds[Number(key.slice('model-'.length))]!
      expect({ key, total, unpriced }).toEqual({
        key,
        total: why ? null : expect.closeTo(each * 2e-8, 15),
        unpriced: why ? each : 0,
      })
    }
  })

  it.each(kinds)('$name: the SDK counts the same', async ({ attributes, why }) => {
    const held = collected()
    const record = createCallMetrics({ meter: held.meter })
    const status = { code: 'error.type' in attributes ? 2 : 0 }
    record(llmSpan({ attributes: { 'gen_ai.operation.name': 'chat', ...attributes }, status }))
    const points = await held.of('afn.llm.unpriced_operations')
    expect(points.map(({ attributes }) => attributes['afn.llm.unpriced.reason'])).toEqual(why ? [why] : [])
  })
})

describe('a sum on the terminal', () => {
  const of = (costUsd: number | null, unpriced: number) => costOf({ costUsd, unpriced, calls: 40 })
  it.each([
    [0.42, 3, '>= 0.42 USD (3 of 40 unpriced)'],
    [0.42, 0, '0.42 USD'],
    [null, 3, 'unpriced'],
    [null, 0, ''],
    // never nothing, however small
    [3e-9, 0, '0.000000003 USD'],
    [0, 0, '0.00 USD'],
  ])('%s with %i calls without a price is "%s"', (cost, unpriced, text) => expect(of(cost, unpriced)).toBe(text))
})

// Reports of usage by minute against our spans: sums that differ are named with their cause, and those of calls at an edge do not differ.
import { describe, expect, it } from 'vitest'
import { InvoiceError } from '../../../src/operations/cost/invoice/invoice'
import { compareBuckets } from '../../../src/operations/cost/witness/compare-buckets'
import type { Cause } from '../../../src/operations/cost/witness/compare-calls'
import type { OurCall } from '../../../src/operations/cost/witness/statement'
import { readUsageReport } from '../../../src/operations/cost/witness/usage-report'
import { Random } from '../../support/random'

const MINUTE = 60_000
const begin = Date.parse('2026-11-27T10:00:00Z')

interface Billed {
  at: number
  model: string
  tier: string
  input: number
  output: number
  cached: number
}

/** In the shape of each API, grouped by model and tier. */
const reports = {
  openai(all: readonly Billed[]) {
    const data = grouped(all).map(({ start, rows }) => ({
      object: 'bucket',
      start_time: start / 1_000,
      end_time: (start + MINUTE) / 1_000,
      results: rows.map(({ model, tier, input, output, cached, requests }) => ({
        object: 'organization.usage.completions.result',
        input_tokens: input,
        output_tokens: output,
        input_cached_tokens: cached,
        num_model_requests: requests,
        model: `${model}-2026-01-01`,
        batch: tier === 'batch',
        service_tier: tier === 'batch' || tier === '' ? 'default' : tier,
      })),
    }))
    return JSON.stringify({ object: 'page', data, has_more: false })
  },
  anthropic(all: readonly Billed[]) {
    const data = grouped(all).map(({ start, rows }) => ({
      starting_at: new Date(start).toISOString(),
      ending_at: new Date(start + MINUTE).toISOString(),
      results: rows.map(({ model, tier, input, output, cached }) => ({
        uncached_input_tokens: input - cached,
        cache_read_input_tokens: cached,
        cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
        output_tokens: output,
        model,
        service_tier: tier || 'standard',
      })),
    }))
    return JSON.stringify({ data, has_more: false, next_page: null })
  },
}

function grouped(all: readonly Billed[]) {
  const buckets = new Map<number, Map<string, Billed & { requests: number }>>()
  for (const one of all) {
    const start = Math.floor(one.at / MINUTE) * MINUTE
    const rows = buckets.get(start) ?? new Map<string, Billed & { requests: number }>()
    buckets.set(start, rows)
    const key = `${one.model} ${one.tier}`
    const row = rows.get(key) ?? { ...one, input: 0, output: 0, cached: 0, requests: 0 }
    for (const name of ['input', 'output', 'cached'] as const) row[name] += one[name]
    row.requests++
    rows.set(key, row)
  }
  return Array.from(buckets, ([start, rows]) => ({ start, rows: [...rows.values()] }))
}

const planted: readonly Cause[] = [
  ...Array(4).fill('iteration'),
  ...Array(4).fill('batch'),
  ...Array(3).fill('tier'),
  ...Array(3).fill('cache'),
  ...Array(3).fill('retried'),
  ...Array(3).fill('not ours'),
]

/** 500 calls of one hour, 20 of which differ; the provider's clock is up to 400 ms behind. */
function hour(seed: number) {
  const random = new Random(seed)
  const billed: Billed[] = []
  const ours: OurCall[] = []
  const wanted: string[] = []
  for (let n = 0; n < 500; n++) {
    const cause = n % 25 === 7 ? planted[(n - 7) / 25] : undefined
    // one that differs stands in the middle of its minute, and has its model there for itself
    const at = cause ? begin + (Math.floor((n * 60) / 500) + 0.5) * MINUTE : begin + n * 7_200 + random.below(6_000)
    const model = cause ? 'gpt-6-sol' : `gpt-6-${['luna', 'terra'][random.below(2)]}`
    const input = 200 + random.below(9_000)
    const one: Billed = { at, model, tier: '', input, output: 1 + random.below(900), cached: random.below(2) * 128 }
    const own: OurCall = {
      ids: [],
      at: at + random.below(400),
      model,
      name: model,
      input,
      output: one.output,
      cacheRead: one.cached,
      cacheWrite: 0,
      tier: '',
      traceId: `t-${n}`,
      spanId: `s-${n}`,
      service: 'shop',
    }
    billed.push(one)
    if (cause === 'iteration') Object.assign(one, { input: input + 20_000, output: one.output + 500 })
    if (cause === 'batch') one.tier = 'batch'
    if (cause === 'tier') one.tier = 'flex'
    if (cause === 'cache') one.cached += 64
    if (cause === 'retried') billed.push({ ...one, at: at + 2_000, output: one.output + 7 })
    if (cause === 'not ours') billed.push({ ...one, at: at + 2_000, input: input + 9 })
    if (cause) wanted.push(`${Math.floor(at / MINUTE) * MINUTE} ${cause}`)
    ours.push(own)
  }
  return { billed, ours, wanted: wanted.toSorted() }
}

it('500 calls with 20 planted differences: 20 are named by OpenAI’s usage with their cause, and none besides', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { billed, ours, wanted } = hour(seed)
    const found = compareBuckets(readUsageReport(reports.openai(billed))!.rows, ours)
    expect(found.map(({ start, cause }) => `${start} ${cause}`).toSorted()).toEqual(wanted)
  }
})

it('Anthropic’s usage names the same but for what only a number of requests tells', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { billed, ours, wanted } = hour(seed)
    const report = readUsageReport(reports.anthropic(billed))!
    expect(report.provider).toBe('anthropic')
    const found = compareBuckets(report.rows, ours).map(({ start, cause }) => `${start} ${cause}`)
    expect(found.toSorted()).toEqual(wanted.map(one => one.replace(/iteration|not ours/, 'more')).toSorted())
  }
})

describe('a bucket', () => {
  const call = (at: number, more: Partial<OurCall> = {}): OurCall => ({
    ids: [],
    at: begin + at,
    model: 'gpt-6-luna',
    name: 'gpt-6-luna',
    input: 300,
    output: 10,
    cacheRead: 0,
    cacheWrite: 0,
    tier: '',
    traceId: 't',
    spanId: 's',
    service: 'shop',
    ...more,
  })
  const billed = (at: number, more: Partial<Billed> = {}): Billed => ({ at: begin + at, model: 'gpt-6-luna', tier: '', input: 300, output: 10, cached: 0, ...more }) // biome-ignore format: one line
  const causesOf = (ours: OurCall[], theirs: Billed[]) =>
    compareBuckets(readUsageReport(reports.openai(theirs))!.rows, ours).map(({ cause, ours: one }) => [cause, one?.at])

  it('may have a call that we have in the next one', () => {
    const theirs = [billed(MINUTE - 100), billed(MINUTE + 30_000, { input: 400 })]
    expect(causesOf([call(MINUTE + 100), call(MINUTE + 30_000, { input: 400 })], theirs)).toEqual([])
  })

  it('says which call the provider does not have', () => {
    const ours = [call(1_000), call(20_000, { input: 500 })]
    expect(causesOf(ours, [billed(1_000)])).toEqual([['not theirs', begin + 20_000]])
  })
})

describe('a report', () => {
  it('without models, or with pages left, is refused with what to do', () => {
    const page = (more: object) =>
      JSON.stringify({ data: [{ start_time: 0, end_time: 60, results: [{ num_model_requests: 1, ...more }] }] })
    expect(() => readUsageReport(page({ model: null }))).toThrow(InvoiceError)
    expect(() => readUsageReport(page({ model: null }))).toThrow('group_by=model')
    const cut = JSON.stringify({ data: [], has_more: true, next_page: 'num_model_requests' }).replace(
      '"next_page":',
      '"num_model_requests":0,"next_page":',
    )
    expect(() => readUsageReport(cut)).toThrow('has_more')
  })

  it('of costs is none', () => {
    expect(readUsageReport('{"data":[{"start_time":0,"results":[{"amount":{"value":1}}]}]}')).toBeUndefined()
  })
})

it.each([
  ['no list of results', { start_time: 1, end_time: 2, results: 'x' }, 'bucket 1: results must be a list'],
  [
    'a time beyond all calendars',
    { start_time: 1e300, end_time: 2, results: [{ model: 'm', num_model_requests: 1 }] },
    'bucket 1: start and end',
  ],
  [
    'an end before its start',
    { start_time: 9, end_time: 2, results: [{ model: 'm', num_model_requests: 1 }] },
    'bucket 1: start and end',
  ],
] as const)('a report with %s ended in an error of JavaScript', (_, bucket, said) => {
  const content = JSON.stringify({ data: [bucket], note: { num_model_requests: 1 } })
  expect(() => readUsageReport(content)).toThrow(InvoiceError)
  expect(() => readUsageReport(content)).toThrow(said)
})

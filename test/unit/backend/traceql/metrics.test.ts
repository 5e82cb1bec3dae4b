// Numbers over time from seven spans, each expectation derived by hand from them and Tempo's rules.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../../src/backend/store/store'
import { answerInstant, answerRange } from '../../../../src/backend/traceql/metrics'
import { keyOf, type Label } from '../../../../src/backend/traceql/metrics/series'
import { double, otlpAttributes, type Plain } from '../../../support/otlp-json'

const second = 1_000_000_000n
const t0 = 1_700_000_000n
const spans: {
  name: string
  service: string
  /** Nanoseconds after t0. */
  at: bigint
  ms: bigint
  status?: number
  parent?: string
  attributes?: Record<string, Plain>
  events?: string[]
}[] = [
  // on the bound of a step, and just behind it
  {
    name: 'a',
    service: 'api',
    at: 10n * second,
    ms: 1_000n,
    attributes: { tokens: 100, cost: double(0.5), mixed: 42 },
  },
  { name: 'b', service: 'api', at: 10n * second + 1n, ms: 3_000n, attributes: { tokens: 300, mixed: double(42) } },
  { name: 'c', service: 'api', at: 15n * second, ms: 4_000n, status: 2, parent: 'b', attributes: { mixed: '42' } },
  { name: 'd', service: 'web', at: 19n * second, ms: 500n, attributes: { model: 'm', tokens: '7', list: ['x', 'y'] } },
  { name: 'e', service: 'web', at: 35n * second, ms: 0n, status: 2, attributes: { cost: double(0), ints: 1 } },
  { name: 'f', service: 'web', at: 36n * second, ms: 2_000n, attributes: { model: 'm', cost: double(3) } },
  { name: 'g', service: 'web', at: 36n * second, ms: 1n, events: ['first', 'second'] },
]
const spanId = (name: string) => `00000000000000${(name.charCodeAt(0) - 80).toString(16)}`
const traceId = (name: string) => `${'0'.repeat(30)}${(name.charCodeAt(0) - 80).toString(16)}`

let store: Store
beforeAll(async () => {
  store = await openStore({ path: ':memory:' })
  for (const { name, service, at, ms, status = 0, parent, attributes, events = [] } of spans) {
    const start = t0 * second + at
    await store.write('traces', {
      resourceSpans: [
        {
          resource: { attributes: otlpAttributes({ 'service.name': service }) },
          scopeSpans: [
            {
              scope: { name: 'test' },
              spans: [
                {
                  traceId: traceId(parent ?? name),
                  spanId: spanId(name),
                  parentSpanId: parent ? spanId(parent) : '',
                  name,
                  kind: 1,
                  startTimeUnixNano: String(start),
                  endTimeUnixNano: String(start + ms * 1_000_000n),
                  status: { code: status },
                  attributes: otlpAttributes(attributes),
                  events: events.map((name, index) => ({
                    name,
                    timeUnixNano: String(start + BigInt(index + 1) * second),
                  })),
                },
              ],
            },
          ],
        },
      ],
    })
  }
})
afterAll(() => store.close())

const range = { start: (t0 + 10n) * second, end: (t0 + 40n) * second, step: 10n * second, now: (t0 + 99n) * second }

/** Labels as `key=value`, without the name of the metric → seconds after t0 → value. */
async function rangeOf(query: string, more: Partial<typeof range> = {}) {
  const { series, warnings } = await answerRange(store, query, { ...range, ...more, exemplars: 0 })
  const shown = series.map(({ labels, samples }) => [
    shownLabels(labels),
    Object.fromEntries(samples.map(({ timestampMs, value = 0 }) => [Number(BigInt(timestampMs) / 1_000n - t0), value])),
  ])
  return { series: Object.fromEntries(shown), warnings }
}

async function instantOf(query: string) {
  const { series, warnings } = await answerInstant(store, query, range)
  return { series: Object.fromEntries(series.map(({ labels, value = 0 }) => [shownLabels(labels), value])), warnings }
}

function shownLabels(labels: readonly Label[]): string {
  return labels
    .filter(({ key }) => key !== '__name__')
    .map(({ key, value }) => `${key}=${Object.values(value)[0]}`)
    .join(' ')
}

const about = (value: number) => expect.closeTo(value, 12)
const none = { 10: 0, 20: 0, 30: 0, 40: 0 }

describe('a metrics query of TraceQL', () => {
  it.each([
    ['{ } | count_over_time()', { '': { 10: 1, 20: 3, 30: 0, 40: 3 } }],
    ['{ } | rate()', { '': { 10: 0.1, 20: 0.3, 30: 0, 40: 0.3 } }],
    ['{ name = "x" } | rate()', { '': none }],
    ['{ name = "x" } | rate() by (name)', {}],
    ['{ name = "x" } | max_over_time(duration)', {}],
    ['{ status = error } | count_over_time() by (status)', { 'status=error': { ...none, 20: 1, 40: 1 } }],
    [
      '{ } | count_over_time() by (span.model)',
      { 'span.model=m': { ...none, 20: 1, 40: 1 }, 'span.model=nil': { 10: 1, 20: 2, 30: 0, 40: 2 } },
    ],
    // a label that some lack is left out; only where all are lacking one says nil
    [
      '{ name =~ "d|e" } | count_over_time() by (span.ints, span.model)',
      { 'span.model=m': { ...none, 20: 1 }, 'span.ints=1': { ...none, 40: 1 } },
    ],
    [
      '{ name =~ "f|g" } | count_over_time() by (span.model, span.ints)',
      { 'span.model=m': { ...none, 40: 1 }, 'span.model=nil': { ...none, 40: 1 } },
    ],
    // but of what Tempo keeps in columns of their own
    [
      '{ name = "f" } | count_over_time() by (span.model, span.http.route)',
      { 'span.model=m span.http.route=nil': { ...none, 40: 1 } },
    ],
    ['{ name = "g" } | count_over_time() by (event:name)', { 'event:name=first': { ...none, 40: 1 } }],
    ['{ name = "f" } | count_over_time() by (event:name)', { 'event:name=': { ...none, 40: 1 } }],
    ['{ name = "e" } | count_over_time() by (duration)', { 'duration=0s': { ...none, 40: 1 } }],
    [
      '{ } | max_over_time(duration) by (resource.service.name)',
      { 'resource.service.name=api': { 10: 1, 20: 4 }, 'resource.service.name=web': { 20: 0.5, 40: 2 } },
    ],
    ['{ } | min_over_time(duration)', { '': { 10: 1, 20: 0.5, 40: 0 } }],
    ['{ } | avg_over_time(span.tokens)', { '': { 10: 100, 20: 300 } }],
    ['{ span.cost != nil } | sum_over_time(span.cost)', { '': { 10: 0.5, 40: 3 } }],
    ['{ } | sum_over_time(name)', {}],
    // 3 s and 4 s in the bucket up to 2^32 ns, 0.5 s in the one up to 2^29 ns: half of the way, in powers
    [
      '{ } | quantile_over_time(duration, 0.5)',
      { 'p=0.5': { 10: about(2 ** 30 / 1e9), 20: about(2 ** 30.5 / 1e9), 30: 0, 40: about(2 ** 20 / 1e9) } },
    ],
    [
      '{ name = "c" } | quantile_over_time(duration, 0, 1)',
      { 'p=0': { ...none, 20: about(2 ** 32 / 1e9) }, 'p=1': { ...none, 20: about(2 ** 32 / 1e9) } },
    ],
    // e takes no time, so it is in no bucket
    [
      '{ resource.service.name = "web" } | histogram_over_time(duration)',
      {
        [`__bucket=${2 ** 20 / 1e9}`]: { ...none, 40: 1 },
        [`__bucket=${2 ** 29 / 1e9}`]: { ...none, 20: 1 },
        [`__bucket=${2 ** 31 / 1e9}`]: { ...none, 40: 1 },
      },
    ],
    ['{ } | histogram_over_time(span.ints)', {}],
    [
      '{ } | count_over_time() by (name) | topk(1)',
      { 'name=a': { 10: 1, 30: 0 }, 'name=b': { 20: 1 }, 'name=e': { 40: 1 } },
    ],
    [
      '{ } | max_over_time(duration) by (name) | bottomk(1)',
      { 'name=a': { 10: 1 }, 'name=d': { 20: 0.5 }, 'name=e': { 40: 0 } },
    ],
    ['{ } | count_over_time() > 1', { '': { 20: 3, 40: 3 } }],
    [
      '{ } | max_over_time(duration) by (name) >= 2s',
      { 'name=b': { 20: 3 }, 'name=c': { 20: 4 }, 'name=f': { 40: 2 } },
    ],
    [
      '({ status = error } | count_over_time()) / ({ } | count_over_time())',
      { '': { 10: 0, 20: about(1 / 3), 40: about(1 / 3) } },
    ],
    [
      '({ status = error } | rate() by (resource.service.name)) / ({ } | rate())',
      {
        'resource.service.name=api': { 10: 0, 20: about(1 / 3), 40: 0 },
        'resource.service.name=web': { 10: 0, 20: 0, 40: about(1 / 3) },
      },
    ],
    ['1 - ({ } | count_over_time()) * 2', { '': { 10: -1, 20: -5, 30: 1, 40: -5 } }],
    ['({ } | count_over_time()) / 0', {}],
  ])('%s', async (query, expected) => {
    expect(await rangeOf(query)).toEqual({ series: expected, warnings: [] })
  })

  it.each([
    ['{ } | sum_over_time(span.tokens)', { '': { 10: 100, 20: 300 } }, /^Tempo loses sums/],
    ['{ } | max_over_time(trace:duration)', { '': { 10: 1, 20: about(8.999999999), 40: 2 } }, /in seconds/],
    ['{ } | max_over_time(event:timeSinceStart)', { '': { 40: 1 } }, /in seconds/],
    [
      '{ } | histogram_over_time(span.cost)',
      { '__bucket=0': { ...none, 40: 1 }, '__bucket=0.5': { ...none, 10: 1 }, '__bucket=4': { ...none, 40: 1 } },
      /doubles/,
    ],
  ])('%s, where Tempo has a defect', async (query, expected, warning) => {
    expect(await rangeOf(query)).toEqual({ series: expected, warnings: [expect.stringMatching(warning)] })
  })

  it('keeps the types of its labels', async () => {
    const { series } = await answerRange(store, '{ span.mixed != nil } | count_over_time() by (span.mixed)', {
      ...range,
      exemplars: 0,
    })
    expect(series.map(({ labels }) => labels[0]?.value)).toEqual([
      { doubleValue: 42 },
      { intValue: '42' },
      { stringValue: '42' },
    ])
  })

  it('widens its time to full steps, and leaves out a step that is not over', async () => {
    const more = { start: range.start + 5n * second, end: range.end - 3n * second }
    expect((await rangeOf('{ } | count_over_time()', more)).series).toEqual({ '': { 10: 1, 20: 3, 30: 0, 40: 3 } })
    const soon = { ...more, now: range.end - second }
    expect((await rangeOf('{ } | count_over_time()', soon)).series).toEqual({ '': { 10: 1, 20: 3, 30: 0 } })
  })

  it('compares the selected spans with the others', async () => {
    const { series } = await rangeOf('{ resource.service.name = "web" } | compare({ status = error })')
    expect(series).toMatchObject({
      '__meta_type=selection span.cost=0': { 40: 1 },
      '__meta_type=baseline span.cost=3': { 40: 1 },
      '__meta_type=baseline span.model=m': { ...none, 20: 1, 40: 1 },
      '__meta_type=baseline_total span.model=nil': { ...none, 20: 1, 40: 1 },
      '__meta_type=selection_total resource.service.name=nil': { ...none, 40: 1 },
      '__meta_type=baseline instrumentation:name=test': { ...none, 20: 1, 40: 2 },
      '__meta_type=baseline rootName=f': { ...none, 40: 1 },
    })
    expect(Object.keys(series).filter(key => /duration|trace:|span:id/.test(key))).toEqual([])
  })

  it('has fewer values in a comparison over very many steps', async () => {
    const { warnings } = await rangeOf('{ } | compare({ name = "a" })', { step: second / 100n })
    expect(warnings).toEqual([expect.stringMatching(/^With this many steps, only the top 3 values of each attribute/)])
  })

  it('has only the most frequent values in a comparison', async () => {
    const { series } = await rangeOf('{ } | compare({ name = "a" }, 1)')
    expect(Object.keys(series).filter(key => key.startsWith('__meta_type=baseline resource.service.name'))).toEqual([
      '__meta_type=baseline resource.service.name=web',
    ])
  })
})

describe('an instant metrics query', () => {
  it.each([
    // not on the bound of the start
    ['{ } | count_over_time()', { '': 6 }],
    ['{ } | rate()', { '': 0.2 }],
    [
      '{ } | max_over_time(duration) by (resource.service.name)',
      { 'resource.service.name=api': 4, 'resource.service.name=web': 2 },
    ],
    ['{ name = "x" } | max_over_time(duration)', {}],
    ['{ } | count_over_time() by (resource.service.name) | topk(1)', { 'resource.service.name=web': 4 }],
  ])('%s', async (query, expected) => {
    expect(await instantOf(query)).toEqual({ series: expected, warnings: [] })
  })
})

it('a metrics query has no more series than a process can hold', async () => {
  const many = await openStore({ path: ':memory:' })
  const started = { startTimeUnixNano: String((t0 + 15n) * second), endTimeUnixNano: String((t0 + 16n) * second) }
  const spans = Array.from({ length: 10_001 }, (_, index) => ({
    ...started,
    traceId: traceId('a'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name: `n${String(index).padStart(5, '0')}`,
  }))
  await many.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  const answer = (query: string) => answerRange(many, query, { ...range, exemplars: 0 })
  const { series, warnings } = await answer('{ } | count_over_time() by (name)')
  expect([series.length, series.at(-1)?.labels[0]?.value]).toEqual([10_000, { stringValue: 'n09999' }])
  expect(warnings).toEqual([expect.stringMatching(/^More than 10000 series/)])
  expect((await answer('{ name != "n00000" } | count_over_time() by (name)')).warnings).toEqual([])
  await many.close()
}, 30_000)

describe('the exemplars of a metrics query', () => {
  const exemplarsOf = async (query: string, exemplars = 100) => {
    const { series } = await answerRange(store, query, { ...range, exemplars })
    return series.flatMap(one => one.exemplars ?? [])
  }

  it('lead from a sample to a trace', async () => {
    const [first, ...others] = await exemplarsOf('{ } | max_over_time(duration) by (resource.service.name)')
    expect(first).toEqual({
      labels: [
        { key: 'resource.service.name', value: { stringValue: 'api' } },
        { key: 'trace:id', value: { stringValue: traceId('a').replace(/^0+/, '') } },
      ],
      value: 1,
      timestampMs: String((t0 + 10n) * 1_000n),
    })
    // the largest of each step
    expect(others.map(({ value }) => value)).toEqual([4, 0.5, 2])
  })

  it('are as many as the parameter or the hint says', async () => {
    expect(await exemplarsOf('{ } | rate()', 1)).toHaveLength(1)
    expect(await exemplarsOf('{ } | rate() with (exemplars=2)')).toHaveLength(2)
    expect(await exemplarsOf('{ } | rate() with (exemplars=false)')).toEqual([])
  })
})

it('a metrics query that does not end in numbers is refused', async () => {
  await expect(rangeOf('{ }')).rejects.toThrow(/returns traces, not metrics; end it with a metrics function/)
  await expect(rangeOf('{ } | rate(')).rejects.toThrow(/1:12: /)
})

it('labels of a series are equal in any order', () => {
  const [a, b] = [
    { key: 'a', value: { intValue: '1' } },
    { key: 'b', value: { intValue: '1' } },
  ]
  expect(keyOf([a!, b!])).toBe(keyOf([b!, a!]))
  expect(keyOf([a!])).not.toBe(keyOf([{ key: 'a', value: { stringValue: '1' } }]))
})

import { expect, it } from 'vitest'
import { kindOf, languageOf } from '../../../src/shared/queries/language'
import { largestFirst } from '../../../src/shared/queries/order'
import { show } from '../../../src/shared/queries/show'
import { table, width } from '../../../src/shared/queries/table'
import { chooseTenants, tenantKeeping } from '../../../src/shared/queries/tenants'
import { splitWindow, windowSince } from '../../../src/shared/queries/window'

const kept = { detailed: 3, sampled: 30, errors: 90 }
const hour = { start: 0, end: 3_600 }
const days = (count: number) => ({ start: 0, end: count * 86_400 })

it.each([
  ['{ } | count() > 2', 'traceql', 'traces'],
  ['{ } | rate() by (name)', 'traceql', 'series'],
  ['{ name = "x | rate()" }', 'traceql', 'traces'],
  ['{ name = "a\\"b" } // unknown to the grammar', 'traceql', 'traces'],
  ['{ span:childCount > 5 } | quantile_over_time(duration, .9)', 'traceql', 'series'],
  ['sum(rate(x_total[5m]))', 'promql', 'series'],
  ['{__name__="x"}', 'promql', 'series'],
])('%s is %s and asks for %s', (text, language, kind) => {
  expect(languageOf(text)).toBe(language)
  expect(kindOf(text, languageOf(text))).toBe(kind)
})

it('searches all tiers of a query at once', () => {
  expect(chooseTenants('all', ['detailed', 'errors'], false, days(60), kept)).toEqual({
    tenants: ['afn-detailed', 'afn-errors'],
    notes: [],
  })
  expect(chooseTenants('errors', ['detailed', 'errors'], false, hour, kept).tenants).toEqual(['afn-errors'])
})

it('computes on one tier, the fullest that keeps the window', () => {
  const all = ['detailed', 'sampled', 'errors'] as const
  expect(chooseTenants('all', all, true, hour, kept)).toEqual({
    tenants: ['afn-detailed'],
    notes: ['computed only on afn-detailed, which retains every trace for 3 days'],
  })
  expect(chooseTenants('all', all, true, days(30), kept).tenants).toEqual(['afn-sampled'])
  expect(chooseTenants('all', all, true, days(30), { ...kept, detailed: 30 }).tenants).toEqual(['afn-detailed'])
  expect(chooseTenants('all', ['detailed'], true, days(30), kept).notes[1]).toContain('cover the last 3 days')
})

it('links to a tier that still keeps the trace', () => {
  const tenants = ['afn-detailed', 'afn-sampled', 'afn-errors']
  const now = new Date('2026-11-24')
  expect(tenantKeeping(tenants, new Date('2026-11-23'), now, kept)).toBe('afn-detailed')
  expect(tenantKeeping(tenants, new Date('2026-11-10'), now, kept)).toBe('afn-sampled')
  expect(tenantKeeping(tenants, new Date('2026-11-10'), now, { ...kept, detailed: 20 })).toBe('afn-detailed')
  expect(tenantKeeping(['afn-errors'], new Date('2026-11-23'), now, kept)).toBe('afn-errors')
})

it('refuses a tier in which the answer would be wrong', () => {
  expect(() => chooseTenants('sampled', ['detailed'], true, hour, kept)).toThrow(
    'the result would be wrong on tier sampled; valid tiers: detailed',
  )
  expect(() => chooseTenants('gold', ['detailed'], true, hour, kept)).toThrow('detailed, sampled, errors or all')
})

it('has windows of whole seconds that hold the present one', () => {
  expect(windowSince('1h', new Date(1_000_000_900), 90)).toEqual({ start: 1_000_001 - 3_600, end: 1_000_001 })
  expect(windowSince('2w', new Date(0), 90).start).toBe(1 - 14 * 86_400)
  for (const wrong of ['', '1', '0s', '1.5h', '1h30m', '-1h'])
    expect(() => windowSince(wrong, new Date(0), 90)).toThrow('--since')
  expect(() => windowSince('91d', new Date(0), 90)).toThrow('the longest retention is 90 days')
})

it('splits a window without a gap, newest first', () => {
  expect(splitWindow({ start: 5, end: 25 }, 10)).toEqual([
    { start: 15, end: 25 },
    { start: 5, end: 15 },
  ])
})

it('aligns columns by what a terminal shows', () => {
  expect(width('日本語ｶﾅ é e\u0301 👍')).toBe(6 + 2 + 1 + 1 + 1 + 1 + 1 + 2)
  expect(
    table(
      ['NAME', 'N', 'ID'],
      [
        ['日本', '7', 'x'],
        ['a', '12', 'y'],
      ],
    ),
  ).toEqual(['NAME   N  ID', '日本   7  x', 'a     12  y'])
})

it('lets no control character of a span through, and cuts long cells', () => {
  const [, row] = table(
    ['A', 'B'],
    [
      ['\u001b[31mred\u0007\nline\u202e', `${'漢'.repeat(40)}`],
      ['', ''],
    ],
  )
  expect(row).toBe(`[31mred line  ${'漢'.repeat(40)}`)
  expect(width(table(['A', 'B'], [['漢'.repeat(40), '']])[1]!)).toBeLessThanOrEqual(48)
})

const span = (durationMs: number, cost: number) => ({
  spanId: '0'.repeat(16),
  start: '2026-01-01T00:00:00.000Z',
  durationMs,
  attributes: { 'afn.llm.cost.total': cost },
})
const trace = (traceId: string, spans: ReturnType<typeof span>[], values = {}) => ({
  traceId,
  service: 'api',
  name: 'POST /chat',
  start: '2026-01-01T00:00:00.000Z',
  durationMs: 5,
  matched: spans.length,
  values,
  spans,
})

it('puts the largest first: spans, traces, sets and groups', () => {
  const traces = [trace('a', [span(1, 0.5), span(9, 0.1)]), trace('b', [span(5, 0.7)]), trace('c', [span(5, 0.2)])]
  const ids = (by: string, limit = 3) => {
    const answer = largestFirst({ kind: 'traces', traces }, by, limit)
    return answer.kind === 'traces' && answer.traces.map(({ traceId, spans }) => [traceId, spans[0]?.durationMs])
  }
  expect(ids('duration', 2)).toEqual([
    ['a', 9],
    ['b', 5],
  ])
  expect(ids('afn.llm.cost.total')).toEqual([
    ['b', 5],
    ['a', 1],
    ['c', 5],
  ])
  const groups = [1, Number.NaN, 3].map(value => ({ labels: {}, value }))
  expect(largestFirst({ kind: 'instant', groups }, undefined, 2)).toMatchObject({
    groups: [{ value: 3 }, { value: 1 }],
  })
})

it('shows traces, groups and series', () => {
  expect(show({ kind: 'traces', traces: [trace('ab', [span(1.25, 0.5)], { 'count()': 3 })] })).toEqual([
    'START                 SERVICE  ROOT        TRACE MS  SPANS  SPAN MS  COUNT()  COST.TOTAL  TRACE',
    '2026-01-01 00:00:00Z  api      POST /chat         5      1     1.25        3         0.5  ab',
  ])
  expect(show({ kind: 'instant', groups: [{ labels: { 'span.user.id': 'u1' }, value: 1 / 3 }] })).toEqual([
    'USER.ID     VALUE',
    'u1       0.333333',
  ])
  const samples = [1, 2, 8].map(value => ['2026-01-01T00:00:00.000Z', value] as const)
  expect(
    show({ kind: 'series', stepSeconds: 60, series: [{ labels: { model: 'm', __name__: 'x' }, samples }] }),
  ).toEqual(['MODEL  LAST  MIN  MAX  COURSE', 'm         8    1    8  ▁▂█'])
  expect(show({ kind: 'traces', traces: [] })).toEqual([])
})

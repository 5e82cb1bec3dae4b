// What the report of a month says of numbers that are known, and that what others wrote stays text. test/slo/month.test.ts makes reports
// by a real Prometheus.
import { describe, expect, it } from 'vitest'
import { daysUntil, lastMonth, monthOf } from '../../src/monitoring/slo/month'
import { readSlos } from '../../src/monitoring/slo/read'
import { type Ask, type MonthOfSlo, monthsOfSlo } from '../../src/monitoring/slo/report'
import { reportText } from '../../src/monitoring/slo/report-text'
import type { Slo } from '../../src/monitoring/slo/spec'

const DAY = 86_400
const october = monthOf('2026-10')
const afterwards = october.end + 10 * DAY

const slosOf = (slos: string): readonly Slo[] => {
  const { slos: read, mistakes } = readSlos(`version: prometheus/v1\nservice: shop\nslos:\n${slos}`)
  expect(mistakes).toEqual([])
  return read
}
const [raw] = slosOf(
  "  - {name: raw, objective: 99, sli: {raw: {error_ratio_query: 'avg_over_time(bad[{{.window}}])'}}}",
)
const [events] = slosOf("  - {name: events, objective: 99, sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}}") // biome-ignore format: one line

describe('months', () => {
  it('are those of the calendar, in UTC', () => {
    expect(october).toEqual({
      name: '2026-10',
      start: Date.UTC(2026, 9, 1) / 1_000,
      end: Date.UTC(2026, 10, 1) / 1_000,
    })
    expect(lastMonth(Date.UTC(2027, 0, 1) / 1_000).name).toBe('2026-12')
    expect((monthOf('2028-02').end - monthOf('2028-02').start) / DAY).toBe(29)
  })

  it('have the days that are there, and a part of the last one', () => {
    const days = daysUntil(october, october.start + 1.5 * DAY)
    expect(days.map(({ date, seconds }) => [date, seconds])).toEqual([
      ['2026-10-01', DAY],
      ['2026-10-02', DAY / 2],
    ])
    expect(daysUntil(october, afterwards)).toHaveLength(31)
    expect(daysUntil(october, october.start - 1)).toEqual([])
  })
})

/** Answers each query with what stands next to the first expression that the query contains, at every time. */
const answering =
  (answers: [part: RegExp, value: number][]): Ask =>
  async (query, { first, last, step }) => {
    const found = answers.find(([part]) => part.test(query))
    if (!found) return []
    const times = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step)
    return [{ labels: {}, values: new Map(times.map(time => [time, found[1]])) }]
  }

describe('the queries of a report', () => {
  it('of a ratio that somebody gives has no counts, and each minute weighs the same', async () => {
    const [found] = await monthsOfSlo(raw!, october, afterwards, answering([[/count_over_time\(\(slo:sli_error:ratio_rate5m/, 720], [/sum_over_time/, 7.2]])) // biome-ignore format: one line
    expect(found?.days[0]).toEqual({ date: '2026-10-01', minutes: 720, events: undefined, ratio: 0.01 })
    const text = reportText({ month: october, now: afterwards, from: 'x', slos: [found!], without: [] })
    expect(text).toContain('| `shop-raw` | 99 % | 99.00 % | 100 % | 0 % | not counted |')
    expect(text).toContain('- 15 d 12 h without recorded data\n')
  })

  it('of queries of the user is counted by their rates', async () => {
    const [found] = await monthsOfSlo(events!, october, afterwards, answering([[/count_over_time\(slo:sli_events/, 1_440], [/sli_events/, 60_000], [/sli_errors/, 300]])) // biome-ignore format: one line
    expect(found?.days).toHaveLength(31)
    expect(found?.days[30]).toEqual({
      date: '2026-10-31',
      minutes: 1_440,
      events: { total: 60_000, bad: 300 },
      ratio: 0.005,
    })
    expect(found?.causes).toEqual([])
  })

  it('of times that are excluded is said with the reason, and is not missing', async () => {
    const [slo] = slosOf("  - {name: odd, objective: 99, exclude: [{start: '2026-10-05T00:00:00Z', end: '2026-10-05T01:00:00Z', reason: new rack}, {start: '2026-11-05T00:00:00Z', end: '2026-11-05T01:00:00Z'}, {days: [sunday], from: '22:00', to: '01:30'}], sli: {ratio: {metric: jobs, bad: [{outcome: failed}]}}}") // biome-ignore format: one line
    const [found] = await monthsOfSlo(slo!, october, afterwards, answering([[/slo_exclude/, 65], [/count_over_time\(slo:sli_events:increase1m/, 1_375], [/sli_events/, 100], [/sli_errors/, 1], [/increase\(jobs_total/, 0]])) // biome-ignore format: one line
    const text = reportText({ month: october, now: afterwards, from: 'x', slos: [found!], without: [] })
    expect(text).toContain(
      '- 1 d 9 h 35 min excluded: new rack, 2026-10-05 00:00 UTC to 2026-10-05 01:00 UTC; Sunday 22:00 to 01:30\n',
    )
    expect(text).not.toContain('nothing is recorded')
  })

  it('of nothing is no month', async () => {
    expect(await monthsOfSlo(raw!, october, afterwards, answering([]))).toEqual([])
  })

  it('of a month that goes on ends now, and says so', async () => {
    const now = october.start + 3 * DAY + 43_350
    const [found] = await monthsOfSlo(events!, october, now, answering([[/count_over_time\(slo:sli_events/, 720], [/sli_events/, 10], [/sli_errors/, 0]])) // biome-ignore format: one line
    expect(found?.days).toHaveLength(4)
    expect(found?.minutes).toBe(3.5 * 1_440)
    expect(reportText({ month: october, now, from: 'x', slos: [found!], without: [] })).toContain(
      'The month until 2026-10-04 12:02 UTC',
    )
  })
})

it('an outage of staging spends the budget of production in the report', async () => {
  const [slo] = slosOf('  - {name: odd, objective: 99, sli: {ratio: {metric: jobs, bad: [{state: failed}]}}}')
  const bad: Record<string, number> = { production: 1, staging: 500 }
  const ask: Ask = async (query, { first, last, step }) => {
    if (!/slo:sli_|increase\(jobs_total.*state/.test(query)) return []
    const times = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step)
    return Object.keys(bad).map(environment => {
      const value = /errors|jobs_total/.test(query) ? bad[environment]! : 1_000
      const cause: Record<string, string> = query.includes('error_type') ? { error_type: environment } : {}
      return {
        labels: { deployment_environment_name: environment, ...cause },
        values: new Map(times.map(time => [time, value])),
      }
    })
  }
  const slos = await monthsOfSlo(slo!, october, afterwards, ask)
  const text = reportText({ month: october, now: afterwards, from: 'x', slos, without: [] })
  expect(text).toContain('| `shop-odd` (production) | 99 % | 99.900 % | 10 % | 90 % | 31,000 |')
  expect(text).toContain('| `shop-odd` (staging) | 99 % | 50.00 % | 5000 % | -4900 % | 31,000 |')
  const [, production = '', staging = ''] = text.split(/^## /m)
  expect(production).toMatch(/`production` \| 31 \| 100 %/)
  expect(production).not.toContain('staging')
  expect(staging).toMatch(/`staging` \| 15,500 \| 100 %/)
})

describe('what others wrote', () => {
  const hostile = [
    'a|b',
    '`',
    '``a',
    '<script>alert(1)</script>',
    '[x](javascript:1)',
    '# h',
    '| x | y |',
    'a\n## evil\n| b |',
    '\u202etxt',
    '*b*',
    '\\|',
  ]

  it('stays text in its cell and its line', () => {
    const [slo] = slosOf("  - {name: odd, objective: 99, exclude: [{start: '2026-10-05T00:00:00Z', end: '2026-10-05T01:00:00Z', reason: r}], sli: {raw: {error_ratio_query: 'x[{{.window}}]'}}}".replace('x[{{.window}}]', 'avg_over_time(x[{{.window}}])')) // biome-ignore format: one line
    const day = { date: '2026-10-01', minutes: 1_440, events: { total: 1_000, bad: 500 }, ratio: 0.5 }
    const of = (text: string): MonthOfSlo => ({
      slo: { ...slo!, description: text, exclude: slo!.exclude.map(one => ({ ...one, reason: text })) },
      part: '',
      source: 'records',
      days: [day],
      minutes: 1_440,
      excluded: 60,
      withoutEdge: [text],
      causes: [{ attribute: 'error.type', values: [{ value: text, bad: 500 }] }],
    })
    const made = (text: string) =>
      reportText({ month: october, now: afterwards, from: 'x', slos: [of(text)], without: [] })
    const shape = (text: string) => made(text).split('\n').map(line => (line.match(/(?<!\\)(?:\\\\)*\|/g) ?? []).length) // biome-ignore format: one line
    const usual = shape('usual')
    for (const text of hostile) {
      expect([text, shape(text)]).toEqual([text, usual])
      expect(made(text).match(/^#+ .*/gm)).toEqual(made('usual').match(/^#+ .*/gm))
      // outside of code nothing begins an element or a link
      expect(made(text).replaceAll(/(`+)[^`].*?\1/g, '')).not.toMatch(/(?<!\\)<\w|(?<!\\)\]\(|\u202e/)
    }
  })

  it('is cut where it is endless', () => {
    expect(reportText({ month: october, now: afterwards, from: 'x', slos: [], without: [{ ...raw!, description: 'x'.repeat(1e6) }] }).length).toBeLessThan(2_000) // biome-ignore format: one line
  })
})

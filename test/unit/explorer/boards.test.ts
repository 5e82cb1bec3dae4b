// What the explorer makes of a board before and after it asks. Oracles: Grafana's documentation of its variables, dates of the time zone
// database that are in every almanac, and series of known numbers.
import { describe, expect, it } from 'vitest'
import { marksOf } from '../../../src/backend/explorer/data/board/marks'
import { questionsOf, valuesUrl } from '../../../src/backend/explorer/data/board/panel-queries'
import { bucketsOf, judged, seriesOf, tableOf } from '../../../src/backend/explorer/data/board/series'
import { startOf, timesOf } from '../../../src/backend/explorer/data/board/times'
import { filledIn } from '../../../src/backend/explorer/data/board/variables'
import type { Panel } from '../../../src/monitoring/dashboards/board'

const panel = (more: Partial<Panel> = {}): Panel => ({
  type: 'timeseries',
  title: 'Requests',
  description: '',
  place: { x: 0, y: 0, w: 8, h: 8 },
  unit: 'short',
  queries: [{ expr: 'up', legend: '' }],
  ...more,
})
const times = { range: { start: 1_700_000_000, end: 1_700_003_600 }, step: 30, samples: 60 }
const fill = (expr: string, choices: Record<string, string> = {}) =>
  filledIn(expr, ['service', 'environment'], choices, times)

describe('variables', () => {
  it('of the time are those of Grafana, in each way of writing them', () => {
    expect(fill(`rate(a[$__rate_interval]) / $__range_s + increase(a[\${__range}]) @ [[__interval]]`)).toBe(
      'rate(a[240s]) / 3600 + increase(a[3600s]) @ 30s',
    )
    expect(fill('$__interval_ms $__range_ms $__rate_interval_ms')).toBe('30000 3600000 240000')
    expect(fill(`$__from $__to \${__to:date:seconds} \${__from:date:iso}`)).toBe(
      '1700000000000 1700003600000 1700003600 2023-11-14T22:13:20.000Z',
    )
  })

  it('of the board find everything, also what has no such label, until one is chosen', () => {
    expect(fill(`up{service_name=~"$service", a=~"\${environment}"}`)).toBe('up{service_name=~".*", a=~".*"}')
    expect(fill('up{service_name=~"$service"}', { service: 'shop' })).toBe('up{service_name=~"shop"}')
  })

  it('that are chosen are texts, whatever they have in them', () => {
    // in the query a backslash is written twice
    expect(fill('{a=~"$service"}', { service: 'a.b|c"' })).toBe('{a=~"a\\\\.b\\\\|c\\\\x22"}')
    expect(fill('{a=~"$service"}', { service: 'a\\b' })).toBe('{a=~"a\\\\\\\\b"}')
    expect(fill(`{a="\${service:raw}"}`, { service: 'a.b' })).toBe('{a="a.b"}')
  })

  it('that are none stay as they are', () => {
    expect(fill('label_replace(up, "a", "$1", "b", "(.*)") $nobody')).toBe(
      'label_replace(up, "a", "$1", "b", "(.*)") $nobody',
    )
  })
})

describe('times', () => {
  it('begin a day, a week and a month by the clocks of the account', () => {
    const utc = (text: string) => Date.parse(text) / 1000
    // 1 March 2026 is a Sunday; Tokyo is nine hours ahead, and has Monday already
    const now = utc('2026-03-01T20:00:00Z')
    expect(startOf('day', now, 'Asia/Tokyo')).toBe(utc('2026-03-01T15:00:00Z'))
    expect(startOf('week', now, 'Asia/Tokyo')).toBe(utc('2026-03-01T15:00:00Z'))
    expect(startOf('week', now, 'UTC')).toBe(utc('2026-02-23T00:00:00Z'))
    expect(startOf('month', now, 'Asia/Tokyo')).toBe(utc('2026-02-28T15:00:00Z'))
    expect(startOf('month', now, 'America/New_York')).toBe(utc('2026-03-01T05:00:00Z'))
  })

  it('begin a day whose midnight the clocks leave out with its first moment', () => {
    // in São Paulo 4 November 2018 began at one o'clock
    const noon = Date.parse('2018-11-04T15:00:00Z') / 1000
    expect(startOf('day', noon, 'America/Sao_Paulo')).toBe(Date.parse('2018-11-04T03:00:00Z') / 1000)
  })

  it('of a panel of this day end now, whatever the board shows', () => {
    const day = timesOf(panel({ since: 'day' }), { start: 5, end: 10 }, Date.parse('2026-03-01T20:00:00Z') / 1000, {
      timeZone: 'UTC',
      thinned: [],
    })
    expect(day.range.end - day.range.start).toBe(20 * 3600)
  })

  it('have steps that grow with the range', () => {
    const step = (seconds: number) => timesOf(panel(), { start: 0, end: seconds }, 0, { thinned: [] }).step
    expect([900, 3_600, 21_600, 86_400, 30 * 86_400, 90 * 86_400].map(step)).toEqual([5, 30, 120, 600, 21_600, 43_200])
  })
})

describe('of a day whose samples are thinned out', () => {
  const day = 86_400
  const now = 100 * day
  const thinned = [
    { before: now - 7 * day, step: 300 },
    { before: now - 32 * day, step: 3_600 },
  ]
  const of = (days: number) =>
    timesOf(panel(), { start: now - days * day, end: now - (days - 1) * day }, now, { thinned })

  it.each([
    [1, 600, '660s'],
    [10, 600, '1200s'],
    [40, 3_600, '14400s'],
  ])('%d days ago a panel asks for no more than is kept', (days, step, rate) => {
    expect(of(days).step).toBe(step)
    expect(filledIn('[$__rate_interval]', [], {}, of(days))).toBe(`[${rate}]`)
  })
})

describe('questions', () => {
  it('ask for now or for each step on round times', () => {
    expect(questionsOf(panel({ type: 'stat' }), [], {}, times)).toEqual({
      queries: ['api/v1/query?query=up&time=1700003600'],
    })
    expect(questionsOf(panel(), [], {}, times)).toEqual({
      queries: ['api/v1/query_range?query=up&start=1699999980&end=1700003580&step=30'],
    })
  })

  it('for the values of a variable narrow them to the metric', () => {
    expect(valuesUrl('label_values(process_uptime_seconds, service_name)', { start: 1, end: 2 })).toBe(
      'api/v1/label/service_name/values?match%5B%5D=process_uptime_seconds&start=1&end=2',
    )
    expect(valuesUrl('label_values(service_name)', { start: 1, end: 2 })).toBe(
      'api/v1/label/service_name/values?start=1&end=2',
    )
    expect(valuesUrl('query_result(up)', { start: 1, end: 2 })).toBeUndefined()
  })
})

describe('answers', () => {
  const value = (metric: Record<string, string>, text: string) => ({ metric, value: [10, text] as const })

  it('are named by the legend, by the panel, or by their labels, and no number is none', () => {
    const named = panel({ queries: [{ expr: '', legend: '{{model}} of {{ provider }}' }] })
    const of = (one: Panel, ...found: ReturnType<typeof value>[]) => seriesOf(one, [found]).map(({ name }) => name)
    expect(of(named, value({ model: 'm', provider: 'p' }, '1'))).toEqual(['m of p'])
    expect(of(panel(), value({ a: 'b' }, '1'))).toEqual(['Requests'])
    expect(of(panel(), value({ a: 'b' }, '1'), value({ a: 'c' }, '2'))).toEqual(['{a="b"}', '{a="c"}'])
    expect(of(panel(), value({ a: 'b' }, 'NaN'))).toEqual([])
    expect(of(named, value({}, '1'), value({}, '1'))).toEqual(['of', 'of (2)'])
    expect(seriesOf(panel(), [[value({}, '+Inf')]])[0]!.last).toBe(Number.POSITIVE_INFINITY)
  })

  it('of several queries are one row of a table where their labels are the same', () => {
    const table = panel({
      type: 'table',
      labels: { route: 'Route' },
      queries: [
        { expr: '', legend: 'Requests' },
        { expr: '', legend: 'Failed' },
      ],
    })
    const found = [
      [value({ route: '/a' }, '1'), value({ route: '/b' }, '2')],
      [value({ route: '/b', other: 'x' }, '3'), value({ route: '/c' }, 'NaN')],
    ]
    expect(tableOf(table, found)).toEqual({
      titles: ['Route'],
      rows: [
        { labels: ['/a'], values: [1, undefined] },
        { labels: ['/b'], values: [2, 3] },
        { labels: ['/c'], values: [undefined, undefined] },
      ],
    })
    const own = panel({ type: 'table', queries: [{ expr: '', legend: '' }] })
    expect(tableOf(own, [[value({ __name__: 'up', job: 'a' }, '1')]])).toEqual({
      titles: ['job'],
      rows: [{ labels: ['a'], values: [1] }],
    })
  })

  it('of a histogram are what fell into each bucket', () => {
    const row = (le: string, ...counts: number[]) => ({
      metric: { le },
      values: counts.map((count, index) => [index, String(count)] as const),
    })
    const { times, rows } = bucketsOf([[row('+Inf', 9, 9), row('0.1', 0, 0), row('0.5', 4, 1), row('1', 9, 9)]])
    expect(times).toEqual([0, 1])
    // nothing fell below 0.1 or above 1
    expect(rows).toEqual([
      { from: 0.1, to: 0.5, counts: [4, 1] },
      { from: 0.5, to: 1, counts: [5, 8] },
    ])
  })

  it('are judged by the last step that they reach, and by words first', () => {
    const steps = [{ level: 'good' }, { from: 1, level: 'warning' }, { from: 2, level: 'bad' }] as const
    expect([0.99, 1, 2, 9].map(one => judged(one, { steps })?.level)).toEqual(['good', 'warning', 'bad', 'bad'])
    expect(judged(1, { steps, words: [{ value: 1, text: 'warns', level: 'bad' }] })).toEqual({
      level: 'bad',
      text: 'warns',
    })
    expect(judged(1, {})).toBeUndefined()
  })

  it('of an annotation are one mark as long as they go on', () => {
    const annotation = { name: 'Deploys', expr: '', title: '{{version}}', level: 'neutral', store: 'high' } as const
    const values = [60, 120, 180, 600].map(time => [time, '1'] as const)
    const marks = marksOf(annotation, { start: 0, end: 900 }, [{ metric: { version: '2' }, values }])
    expect(marks.map(({ title, from, to }) => [title, from, to])).toEqual([
      ['2', 60, 180],
      ['2', 600, 600],
    ])
  })
})

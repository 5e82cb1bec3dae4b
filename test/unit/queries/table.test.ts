// Tables fit their terminal. How wide a text is in one is judged by string-width, which segments text as Unicode says; the texts are of many scripts.
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../../src/shared/queries/local-time'
import { table } from '../../../src/shared/queries/table'

const id = (n: number) => n.toString(16).padStart(32, '0')
const texts = [
  'POST /chat',
  '予約サービスの長い名前です',
  '👩‍👩‍👧 family',
  'x'.repeat(60),
  'é'.repeat(40),
  '',
  'ｶﾞｷﾞ',
  '🇯🇵 日本',
]
const rows = texts.map((text, n) => [
  `2026-11-24 10:00:0${n}Z`,
  'errors',
  text,
  text,
  `${n}.30 s`,
  `>= 0.0000${n} USD (1 of 3 unpriced)`,
  id(n),
])
const head = ['START', 'TIER', 'SERVICE', 'ROOT', 'DURATION', 'COST', 'TRACE']

describe('a table', () => {
  it.each([200, 140, 120, 100, 80, 60, 48])('fits %i columns, with each id, number, time and cost whole', width => {
    const lines = table(head, rows, { width })
    expect(lines.filter(line => stringWidth(line) > width)).toEqual([])
    const text = lines.join('\n')
    for (const cell of rows.flatMap(row => [row[0]!, row[4]!, row[5]!, row[6]!])) expect(text).toContain(cell)
  })

  it('is one line a row where that fits, and as wide as it needs without a width', () => {
    expect(table(head, rows, { width: 150 })).toHaveLength(rows.length + 1)
    const lines = table(head, rows, { width: undefined })
    expect(lines).toHaveLength(rows.length + 1)
    expect(lines.join('\n')).toContain('é'.repeat(40))
  })

  it('has its columns below each other, in every script', () => {
    const lines = table(
      ['A', 'B'],
      texts.map(text => [text, 'end']),
      { width: 40 },
    )
    const places = lines.slice(1).map(line => stringWidth(line.slice(0, line.indexOf('end'))))
    expect(new Set(places).size).toBe(1)
  })

  it('paints cells, and neither headings nor spaces', () => {
    const lines = table(['TIER', 'N'], [['errors', '1'], ['ok', '2']], { paint: text => `<${text}>` }) // biome-ignore format: rows
    expect(lines).toEqual(['TIER    N', '<errors>  <1>', '<ok>      <2>'])
  })
})

it.each([
  ['UTC', '2026-11-24 10:00:00Z'],
  ['Asia/Tokyo', '2026-11-24 19:00:00+09:00'],
  ['America/St_Johns', '2026-11-24 06:30:00-03:30'],
])('a time in %s has its offset', (zone, written) => {
  const before = process.env.TZ
  process.env.TZ = zone
  const time = localTime(Date.UTC(2026, 10, 24, 10))
  process.env.TZ = before ?? 'UTC'
  if (before === undefined) delete process.env.TZ
  expect(time).toBe(written)
  expect(Date.parse(time.replace(' ', 'T'))).toBe(Date.UTC(2026, 10, 24, 10))
})

// The address, the texts, and rules over all sources of the page.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { aligned, stacked, summaryOf } from '../../../src/backend/explorer/data/series'
import { translate } from '../../../src/backend/explorer/i18n'
import { en } from '../../../src/backend/explorer/i18n/en'
import { ja } from '../../../src/backend/explorer/i18n/ja'
import { readRange, stepOf } from '../../../src/backend/explorer/range'
import { changed, href, parseRoute, rangeOf } from '../../../src/backend/explorer/route'

describe('the address', () => {
  it('leads to where it came from', () => {
    const hash = href(['session', 'conversation', 'a/b ?#ü'], { q: '{ a = "1&2" }', range: '6h', live: undefined })
    const route = parseRoute(hash)
    expect(route.path).toEqual(['session', 'conversation', 'a/b ?#ü'])
    expect(route.params.get('q')).toBe('{ a = "1&2" }')
    expect(rangeOf(route)).toEqual({ range: '6h', from: undefined, to: undefined })
    expect(parseRoute(changed(route, { q: '{}', range: undefined })).params.toString()).toBe('q=%7B%7D')
  })

  it.each(['', '#', '#/', '#/%E0%A4%A', '#traces?%', '#/constructor'])('survives %s', hash =>
    expect(parseRoute(hash).path.length).toBeGreaterThan(0),
  )

  it('has a range of whole seconds, whatever it says', () => {
    const now = 1_795_574_000_500
    expect(readRange(parseRoute('#/traces?range=15m'), now)).toEqual({ start: 1_795_573_100, end: 1_795_574_001 })
    expect(readRange(parseRoute('#/traces?range=toString'), now).end).toBe(1_795_574_001)
    expect(readRange(parseRoute('#/traces?from=10.5&to=20.5'), now)).toEqual({ start: 10, end: 21 })
    expect(readRange(parseRoute('#/traces?from=20&to=10'), now).end).toBe(1_795_574_001)
    expect(stepOf({ start: 0, end: 3_600 })).toBe(30)
    expect(stepOf({ start: 0, end: 90 * 86_400 })).toBe(86_400)
  })
})

describe('the texts', () => {
  it('say one thing of one and another of many', () => {
    const t = translate('en')
    expect([t('traces.count', { n: 1 }), t('traces.count', { n: 2 })]).toEqual(['1 trace', '2 traces'])
    expect(translate('ja')('traces.count', { n: 1 })).toBe('トレース 1 件')
  })

  it('are there in both languages, with the same places to fill in', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort())
    const places = (text: string) => [...new Set(text.match(/\{\w+(?=[|}])/g) ?? [])].sort()
    for (const key of Object.keys(en) as (keyof typeof en)[])
      expect([key, places(ja[key])]).toEqual([key, places(en[key])])
  })
})

describe('the colours', () => {
  const sheet = readFileSync(path.join(import.meta.dirname, '../../../src/backend/explorer/style/colours.css'), 'utf8')
  const pairs = new Map(
    [...sheet.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
      name!,
      [light!, dark!] as const,
    ]),
  )
  /** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5]
      .map(at => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high! + 0.05) / (low! + 0.05)
  }

  it.each([
    'text',
    'quiet',
    'accent',
    'bad',
    'warn',
    'mask',
    ...[...pairs.keys()].filter(name => name.startsWith('code-')),
  ])('%s can be read on every ground, light and dark (WCAG AA)', name => {
    for (const ground of ['bg', 'surface', 'raised'])
      for (const look of [0, 1] as const)
        expect([ground, look, contrast(pairs.get(name)![look], pairs.get(ground)![look]) >= 4.5]).toEqual([
          ground,
          look,
          true,
        ])
  })
  it.each([
    ['on-accent', 'accent'],
    ['bad', 'bad-bg'],
    ['mask', 'mask-bg'],
    ['text', 'selected'],
    ['quiet', 'selected'],
    ['text', 'hover'],
  ])('%s can be read on %s', (name, ground) => {
    for (const look of [0, 1] as const)
      expect([look, contrast(pairs.get(name)![look], pairs.get(ground)![look]) >= 4.5]).toEqual([look, true])
  })
})

describe('numbers over time', () => {
  it('share their times, with gaps where a series has none', () => {
    const { times, series } = aligned([
      {
        key: 'a',
        points: [
          [10, 1],
          [20, 2],
        ],
      },
      {
        key: 'b',
        points: [
          [20, 5],
          [30, 6],
        ],
      },
    ])
    expect(times).toEqual([10, 20, 30])
    expect(series.map(({ values }) => values)).toEqual([
      [1, 2, null],
      [null, 5, 6],
    ])
    expect(stacked(series.map(({ values }) => values))).toEqual([
      [1, 2, 0],
      [1, 7, 6],
    ])
    expect(
      summaryOf({
        key: 'a',
        points: [
          [1, 2],
          [2, 4],
        ],
      }),
    ).toEqual({ sum: 6, mean: 3, max: 4, last: 4 })
    expect(summaryOf({ key: 'a', points: [] })).toBeUndefined()
  })
})

describe('the sources', () => {
  const folder = path.join(import.meta.dirname, '../../../src/backend/explorer')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => /\.(tsx?|html)$/.test(file))

  it('lead to each view by a key of its own', () => {
    const text = readFileSync(path.join(folder, 'views/index.ts'), 'utf8')
    const keys = [...text.matchAll(/\{ name: '\w+', key: '(\w)' \}/g)].map(([, key]) => key)
    expect(keys.length).toBeGreaterThan(10)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('insert text only as text', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function|srcdoc/
    expect(files.filter(file => forbidden.test(readFileSync(path.join(folder, file), 'utf8')))).toEqual([])
  })

  it('use every text', () => {
    const sources = files
      .filter(file => !file.startsWith('i18n'))
      .map(file => readFileSync(path.join(folder, file), 'utf8'))
    const all = sources.join('\n')
    const built = [...all.matchAll(/`([\w.]+[._])\$\{/g)].map(([, start]) => start!)
    const unused = Object.keys(en).filter(
      key => !all.includes(`'${key}'`) && !built.some(start => key.startsWith(start)),
    )
    expect(unused).toEqual([])
  })
})

// Colours of names in charts and in traces: a hue by the name alone, and no red, which is for failures.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { COLOURS, colourOf, coloursOf, paint } from '../../../src/backend/explorer/data/colours'
import { root } from '../../support/packed'

const HUES = 10
const names = Array.from({ length: 60 }, (_, n) => ['gpt-5-mini', 'shop', 'claude-sonnet-4-5', 'user'][n % 4]! + n)

describe('a name', () => {
  it('has another hue in another view, in another order, or at another load', () => {
    const alone = names.map(colourOf)
    for (const [from, to] of [
      [0, 8],
      [5, 30],
      [40, 60],
    ] as const) {
      const shown = names.slice(from, to)
      const colours = coloursOf(shown)
      const hues = alone.slice(from, to)
      // a fourth name of one hue takes another
      const isCrowded = (hue: number) => hues.filter(other => other === hue).length > 3
      for (const [at, hue] of hues.entries()) if (!isCrowded(hue)) expect(colours[at]! % HUES).toBe(hue)
      expect(coloursOf([...shown].reverse()).reverse()).toEqual(colours)
    }
  })

  it('looks like another one beside it, as far as there are colours', () => {
    for (let n = 0; n + COLOURS <= names.length; n++) {
      expect(new Set(coloursOf(names.slice(n, n + 8))).size).toBe(8)
      expect(new Set(coloursOf(names.slice(n, n + COLOURS))).size).toBe(COLOURS)
    }
    for (const colour of coloursOf(names)) expect(colour).toBeLessThan(COLOURS)
  })

  it('shares its hue with more others than chance would give it', () => {
    const models = Array.from({ length: 1_000 }, (_, n) => colourOf(`service-${n}`))
    for (let hue = 0; hue < HUES; hue++) expect(models.filter(one => one === hue).length).toBeGreaterThan(60)
  })
})

describe('the palette', () => {
  const sheet = readFileSync(path.join(root, 'src/backend/explorer/style/colours.css'), 'utf8')
  const pairs = new Map(
    [...sheet.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name!, [light!, dark!]] as const,
    ),
  )
  const linear = (hex: string) =>
    [1, 3, 5]
      .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  const contrast = (a: string, b: string) => {
    const [low, high] = [a, b]
      .map(linear)
      .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
      .sort((x, y) => x - y)
    return (high! + 0.05) / (low! + 0.05)
  }
  /** https://bottosson.github.io/posts/oklab/ */
  const oklab = (hex: string) => {
    const [r, g, b] = linear(hex)
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ]
  }
  const distance = (a: string, b: string) => Math.hypot(...oklab(a).map((part, at) => part - oklab(b)[at]!))
  const palette = Array.from({ length: COLOURS }, (_, n) => pairs.get(`c${n}`)!)

  it.each(['light', 'dark'] as const)('has a colour that is seen badly, or looks like a failure (%s)', theme => {
    const look = theme === 'light' ? 0 : 1
    const bad = pairs.get(paint('bad').slice(6, -1))![look]!
    for (const [n, colours] of palette.entries()) {
      for (const ground of ['bg', 'surface', 'raised'])
        expect([n, ground, contrast(colours[look]!, pairs.get(ground)![look]!) >= 3]).toEqual([n, ground, true])
      // two shades of one hue are 0.119 apart
      expect([n, distance(colours[look]!, bad) > 0.12]).toEqual([n, true])
    }
    const hues = palette.slice(0, HUES)
    for (const [n, one] of hues.entries())
      for (const other of hues.slice(n + 1)) expect(distance(one[look]!, other[look]!)).toBeGreaterThan(0.05)
    for (const [n, one] of palette.entries())
      for (const other of palette.slice(n + 1).filter((_, m) => (m + 1) % HUES === 0))
        expect(distance(one[look]!, other[look]!)).toBeGreaterThan(0.11)
  })
})

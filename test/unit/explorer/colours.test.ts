// Colours of names in charts.
import { expect, it } from 'vitest'
import { colourOf, coloursOf } from '../../../src/explorer/data/colours'

const names = Array.from({ length: 8 }, (_, n) => `model-${n}`)

it('differ in one chart, and stay with their names in the next', () => {
  const first = coloursOf(names)
  expect(new Set(first).size).toBe(8)
  const others = [...names].reverse().slice(2)
  expect(coloursOf(others)).toEqual(others.map(name => first[names.indexOf(name)]))
})

it('are the name’s own where nothing is in the way, and one of eight where there are more names', () => {
  expect(coloursOf(['chat-api'])).toEqual([colourOf('chat-api')])
  for (const colour of coloursOf(Array.from({ length: 30 }, (_, n) => `user-${n}`))) {
    expect(colour).toBeGreaterThanOrEqual(0)
    expect(colour).toBeLessThan(8)
  }
})

// Colours of names in charts and in traces.
import { expect, it } from 'vitest'
import { COLOURS, colourOf, coloursOf, paletteOf } from '../../../src/backend/explorer/data/colours'

const names = Array.from({ length: COLOURS }, (_, n) => `model-${n}`)

it('differ in one chart, and stay with their names in the next', () => {
  const first = coloursOf(names)
  expect(new Set(first).size).toBe(COLOURS)
  const others = [...names].reverse().slice(2)
  expect(coloursOf(others)).toEqual(others.map(name => first[names.indexOf(name)]))
})

it('are two alike in one chart, where each was chosen in a chart of its own', () => {
  const colours = paletteOf(4)
  const alone = names.map(name => colours([name])[0])
  const pair = names
    .flatMap((name, n) => names.slice(n + 1).map(other => [name, other] as const))
    .find(([name, other]) => alone[names.indexOf(name)] === alone[names.indexOf(other)])!
  expect(new Set(colours(pair)).size).toBe(2)
  expect(new Set(colours([...pair, 'another', 'one more'])).size).toBe(4)
  // by itself each is as before
  expect(colours([pair[1]])[0]).toBe(alone[names.indexOf(pair[1])])
})

it('are the name’s own where nothing is in the way, and of the palette where there are more names', () => {
  expect(coloursOf(['chat-api'])).toEqual([colourOf('chat-api')])
  for (const colour of coloursOf(Array.from({ length: 40 }, (_, n) => `user-${n}`))) {
    expect(colour).toBeGreaterThanOrEqual(0)
    expect(colour).toBeLessThan(COLOURS)
  }
})

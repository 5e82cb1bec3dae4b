// The search itself: it has to find what was planted, or it says of no surface anything.
import { expect, it } from 'vitest'
import { type Surface, search } from '../../adversary/search.mjs'
import { textOf } from '../../adversary/shapes.mjs'

/** Harmless text is read once; behind each `beta` that follows `gamma:` 400 characters are looked at a hundred times more. */
const planted: Surface = {
  name: 'planted',
  anchors: ['alpha', 'beta', 'gamma:', 'delta'],
  harmless: length => 'plain text '.repeat(length / 11 + 1).slice(0, length),
  run(text) {
    let sum = 0
    for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at)
    for (let at = text.indexOf('gamma:beta'); at >= 0; at = text.indexOf('gamma:beta', at + 1))
      for (let n = 0; n < 4000; n++) sum += text.charCodeAt(Math.min(text.length - 1, at + (n % 400)))
    return sum
  },
}

it('finds the two words that are dear together', async () => {
  const { dearest } = await search(planted, { seconds: 4, lengths: [4096, 16_384] })
  expect(dearest[0]?.ratio).toBeGreaterThan(20)
  expect(textOf(dearest[0]!.shape, 4096)).toContain('gamma:beta')
  expect(dearest.map(({ length }) => length)).toContain(16_384)
})

it('writes the number of the repetition, and the length that it was asked for', () => {
  expect(textOf({ opening: '{', pieces: ['"{n}":', 'x,'], ending: '}' }, 23)).toBe('{"1":x,"2":x,"3":x,"4"}')
})

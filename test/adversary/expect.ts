// What a test of a surface asks: that no text of the search, and none that an earlier one found, is dearer than harmless text.
import { writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { isLong } from '../support/long'
import { confirmed, type Found, measure, type Surface, search } from './search.mjs'
import { seedsFile, seedsOf } from './shapes.mjs'

/** Of CPU, beside harmless text of the same length. */
const BAR = 5
/** Characters: what is searched with, four and sixteen times as much. */
const LENGTHS = [4096, 16_384, 65_536]
/** Of one search; the long version makes one after another, each from another seed, for an hour. */
const [SHORT_SECONDS, LONG_SECONDS, HOUR] = [12, 60, 3600]
const MOST_SEEDS = 40
/** Of a test that calls `expectNothingDear`, in milliseconds. */
export const TIMEOUT = isLong('adversary') ? 2 * HOUR * 1000 : 120_000

/**
 * Searches, and expects nothing above the bar. With `AFN_TEST_LONG=adversary` what is above it is added to the seeds.
 * @param shortSeconds of the one search of the short version
 */
export async function expectNothingDear(
  surface: Surface,
  bar = BAR,
  lengths: readonly number[] = LENGTHS,
  shortSeconds = SHORT_SECONDS,
) {
  const seeds = seedsOf(surface.name)
  const long = isLong('adversary')
  // a machine that is busy with other suites measures half as much again
  const limit = long ? bar : bar * 1.5
  const above: Found[] = []
  const keep = async (found: readonly Found[]) => {
    for (const each of found) {
      if (each.ratio <= limit || above.some(({ shape }) => shape === each.shape)) continue
      const ratio = await confirmed(surface, each, limit)
      if (ratio > limit) above.push({ ...each, ratio })
    }
  }
  for (const shape of seeds) for (const length of lengths) await keep([await measure(surface, shape, length, 2)])
  const end = performance.now() + HOUR * 1000
  for (let seed = long ? Date.now() : 1; ; seed++) {
    const { dearest, tried } = await search(surface, {
      seconds: long ? LONG_SECONDS : shortSeconds,
      seed,
      seeds,
      lengths,
    })
    const [worst] = dearest
    console.log(
      `${surface.name}: ${tried} texts; ${worst?.ratio.toFixed(1)} times harmless text: ${JSON.stringify(worst)}`,
    )
    await keep(dearest)
    if (!long || performance.now() > end) break
  }
  if (long && above.length > 0) {
    const shapes = [...above.map(({ shape }) => shape), ...seeds].slice(0, MOST_SEEDS)
    writeFileSync(seedsFile(surface.name), `[\n${shapes.map(shape => JSON.stringify(shape)).join(',\n')}\n]\n`)
  }
  expect(
    above.map(({ shape, length, ratio }) => `${ratio.toFixed(1)} times at ${length}: ${JSON.stringify(shape)}`),
  ).toEqual([])
}

// What a test of a surface asks: that no text of the search, and none that an earlier one found, is dearer than harmless text.
import { writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { isLong } from '../support/long'
import { confirmed, type Found, look, type Surface, search } from './search.mjs'
import { seedsFile, seedsOf } from './shapes.mjs'

/** Of CPU, beside harmless text of the same length. */
const BAR = 5
/** Of a turn of the event loop, in microseconds of CPU: for 16 KiB, and for what is longer. */
const [SHORT_TURN, LONG_TURN] = [10_000, 50_000]
/** Characters: what is searched with, four and sixteen times as much. */
const LENGTHS = [4096, 16_384, 65_536]
/** Of one search; the long version makes one after another, each from another seed, for an hour. */
const [SHORT_SECONDS, LONG_SECONDS, HOUR] = [12, 60, 3600]
const MOST_SEEDS = 40
/** Of a test that calls `expectNothingDear`, in milliseconds. */
export const TIMEOUT = isLong('adversary') ? 2 * HOUR * 1000 : 120_000

/**
 * Searches, and expects nothing above the bars. With `AFN_TEST_LONG=adversary` what is above them is added to the seeds.
 * @param options.seconds of the one search of the short version
 */
export async function expectNothingDear(
  surface: Surface,
  { lengths = LENGTHS, seconds = SHORT_SECONDS }: { lengths?: readonly number[]; seconds?: number } = {},
) {
  const seeds = seedsOf(surface.name)
  const long = isLong('adversary')
  // a machine that is busy with other suites measures half as much again
  const slack = long ? 1 : 1.5
  const isAbove = ({ ratio, turn, length }: Found) =>
    ratio > (surface.bar ?? BAR) * slack || turn > (length > 16_384 ? LONG_TURN : SHORT_TURN) * slack
  const above: Found[] = []
  const keep = async (found: readonly Found[]) => {
    for (const each of found) {
      if (!isAbove(each) || above.some(({ shape }) => shape === each.shape)) continue
      const least = await confirmed(surface, each, isAbove)
      if (isAbove(least)) above.push(least)
    }
  }
  for (const shape of seeds) for (const length of lengths) await keep([await look(surface, shape, length, 2)])
  const end = performance.now() + HOUR * 1000
  for (let seed = long ? Date.now() : 1; ; seed++) {
    const { dearest, tried } = await search(surface, {
      seconds: long ? LONG_SECONDS : seconds,
      seed,
      seeds,
      lengths,
    })
    console.log(`${surface.name}: ${tried} texts; ${dearest[0] && described(dearest[0])}`)
    await keep(dearest)
    if (!long || performance.now() > end) break
  }
  if (long && above.length > 0) {
    const shapes = [...above.map(({ shape }) => shape), ...seeds].slice(0, MOST_SEEDS)
    writeFileSync(seedsFile(surface.name), `[\n${shapes.map(shape => JSON.stringify(shape)).join(',\n')}\n]\n`)
  }
  expect(above.map(described)).toEqual([])
}

const described = ({ shape, length, ratio, turn }: Found) =>
  `${ratio.toFixed(1)} times harmless text of ${length} characters, ${(turn / 1000).toFixed(1)} ms in one turn: ${JSON.stringify(shape)}`

// Whether a suite runs in full or in its short version: the one place that reads AFN_TEST_LONG.
import { parts } from '../long.mjs'

type Part = keyof typeof parts

const wanted = (process.env.AFN_TEST_LONG ?? '').split(',').filter(Boolean)
for (const name of wanted)
  if (!Object.hasOwn(parts, name))
    throw new Error(`AFN_TEST_LONG: no part ${name}; there are ${Object.keys(parts).join(', ')}`)

/** AFN_TEST_LONG names the part, in a comma-separated list. */
export const isLong = (part: Part): boolean => wanted.includes(part)

/**
 * Pairs to test. In full each with each; in short each value once at least, beside another partner in each `round`, so that suites
 * that differ in what they do with a pair have other ones.
 */
export function pairs<A, B>(part: Part, one: readonly A[], other: readonly B[], round = 0): [A, B][] {
  if (isLong(part)) return one.flatMap(a => other.map((b): [A, B] => [a, b]))
  const count = Math.max(one.length, other.length)
  return Array.from({ length: count }, (_, n) => [one[n % one.length]!, other[(n + round) % other.length]!])
}

// The 5,000 traces that conformance:traceql sends: the same ones in every run, but for the time at which they stand, and
// their ids.
import { Random } from '../../../support/random'
import { agent, chat, embedding } from './llm'
import { late, nameless, orphan, tree, twoRoots, typed } from './odd'
import { ms } from './shared'
import type { Span, Trace } from './trace'
import { health, queue, shop } from './web'

/** Seconds in which all spans of the corpus start. */
export const corpusSeconds = 80

const families: readonly [share: number, make: (random: Random, at: number) => Span[]][] = [
  [28, chat],
  [10, agent],
  [6, embedding],
  [16, shop],
  [8, health],
  [8, queue],
  [10, typed],
  [2, nameless],
  [3, orphan],
  [1, twoRoots],
  [7, tree],
  [1, late],
]

const weighted = families.flatMap(([share, make]) => Array.from({ length: share }, () => make))

/** Steps of all usual lengths meet here, so what belongs to which of two is seen. */
const boundaries = [10, 20, 30, 40].flatMap(seconds => [-1, 0, 1].map(ns => seconds * 1_000 * ms + ns))

/** @param began seconds since 1970; it is in the ids, since a Tempo may have the traces of a run before */
export function corpus(began: number, count = 5_000, seed = 20_261_125): Trace[] {
  const random = new Random(seed)
  const run = began.toString(16).padStart(8, '0')
  return Array.from({ length: count }, (_, index) => {
    const at = boundaries[index] ?? Math.floor(random.next() * (corpusSeconds - 10) * 1_000) * ms + random.below(ms)
    const zeros = random.pick([0, 0, 0, 1, 4])
    // no two the same, however many there are
    const id = `${'0'.repeat(zeros)}${random.hex(14 - zeros)}${run}f${index.toString(16).padStart(9, '0')}`
    return { id, spans: random.pick(weighted)(random, at) }
  })
}

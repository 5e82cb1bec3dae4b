// A long text is read in pieces, between which other texts may be read, so that it keeps no turn of the event loop.
import { BOUNDS, Hits, headOf, mostOf, type Reading, type Steps } from './scanner'
import { work } from './work'

/** Characters of a piece of a long text: some milliseconds where every word is a hit. */
export const PIECE = 16 * 1024

export interface ReadAhead extends Reading {
  /** Work that nobody was charged for yet. */
  readonly owed: number
}

/** Pauses after each piece. */
export function* readAhead(steps: Steps, whole: string): Generator<void, ReadAhead> {
  const head = headOf(whole, BOUNDS)
  const most = mostOf(head, BOUNDS)
  const hits = new Hits()
  let owed = 0
  let stoppedAt = Number.POSITIVE_INFINITY
  /** Who takes the reading is charged for it, not who is read in a pause. */
  const unpaid = <T>(piece: () => T): T => {
    const before = work.spent
    work.most = before + most - owed
    steps.stoppedAt = stoppedAt
    const result = piece()
    stoppedAt = steps.stoppedAt
    owed += work.spent - before
    work.spent = before
    return result
  }
  const folded = unpaid(() => steps.fold(head))
  const others = unpaid(() => steps.swept(folded.text))
  const { text } = folded
  for (let at = 0; at < text.length; ) {
    yield
    at = unpaid(() => steps.read(text, hits, at, Math.min(text.length, at + PIECE)))
  }
  const all = hits.with(others)
  const prose = steps.prose?.(text, all)
  if (!prose) return { folded, hits: all, stoppedAt, owed }
  for (;;) {
    yield
    const step = unpaid(() => prose.next())
    if (step.done) return { folded, hits: step.value, stoppedAt, owed }
  }
}

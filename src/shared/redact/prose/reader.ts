// Joins what finds persons to the scanner.
import { PIECE } from '../scan/ahead'
import { Hits, type Scan } from '../scan/scanner'
import { work } from '../scan/work'
import type { FindPersons } from '.'

/** The scanner reads sentences, too. */
export function withProse(scan: Scan, find: FindPersons): Scan {
  const { steps } = scan
  function* inPieces(text: string, hits: Hits): Generator<void, Hits> {
    const found = new Hits()
    const persons = find(text)
    for (let at = 0; at < text.length && steps.stoppedAt === Number.POSITIVE_INFINITY; ) {
      if (at > 0) yield
      const next = persons.read(at, at + PIECE, hits.list, (start, end) => found.add(start, end, 'NAME'))
      if (work.spent > work.most) steps.stoppedAt = at
      at = next
    }
    return hits.with(found)
  }
  steps.proseInPieces = inPieces
  steps.prose = (text, hits) => {
    const reading = inPieces(text, hits)
    for (;;) {
      const step = reading.next()
      if (step.done) return step.value
    }
  }
  return scan
}

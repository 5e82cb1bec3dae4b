// Joins what finds persons to a scan. The scanner has no part in it: in a browser there is none, and the engine there has to stay small.
import { PIECE, readAhead } from '../scan/ahead'
import { CleanTexts } from '../scan/clean-texts'
import { Hits, type Reading, type Scan } from '../scan/scanner'
import { work } from '../scan/work'
import type { FindPersons } from '.'

/** A scan that reads sentences, too. */
export function withProse(scan: Scan, find: FindPersons): Scan {
  const { steps } = scan
  const clean = new CleanTexts()
  steps.prose = function* (text, hits) {
    const found = new Hits()
    const persons = find(text)
    for (let at = 0; at < text.length && steps.stoppedAt === Number.POSITIVE_INFINITY; ) {
      if (at > 0) yield
      const next = persons.read(at, Math.min(text.length, at + PIECE), hits.list, (start, end) =>
        found.add(start, end, 'NAME'),
      )
      if (work.spent > work.most) steps.stoppedAt = at
      at = next
    }
    return hits.with(found)
  }

  function readAll(text: string): Reading {
    const reading = readAhead(steps, text)
    for (;;) {
      const step = reading.next()
      if (!step.done) continue
      work.spent += step.value.owed
      return step.value
    }
  }

  const scanProse: typeof scan = Object.assign(
    (...[text, mask, onCut, bounds, known]: Parameters<Scan>) => {
      if (clean.has(text)) return text
      const left = scan(text, mask, onCut, bounds, known ?? readAll(text))
      if (left === text) clean.add(text)
      return left
    },
    { steps },
  )
  return scanProse
}

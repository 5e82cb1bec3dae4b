// Makes cases of the calls in a running `afn-otel up`: each input once.
import type { Backend } from '../../shared/queries/http'
import type { TimeRange } from '../../shared/queries/window'
import { caseOf, type DatasetCase, type Redact } from './case'
import { storedCalls } from './stored-calls'

export interface Collected {
  readonly cases: readonly DatasetCase[]
  /** Calls that the query found. */
  readonly calls: number
  readonly duplicates: number
  /** Calls without content. */
  readonly withoutContent: number
  /** Calls whose content is not all there. */
  readonly cut: number
  /** Calls of traces whose content is more than one answer holds. */
  readonly left: number
  /** Whether there are more calls than were wanted cases. */
  readonly isLimited: boolean
}

export async function collect(
  backend: Backend,
  query: string,
  window: TimeRange,
  limit: number,
  redact: Redact,
): Promise<Collected> {
  const cases = new Map<string, DatasetCase>()
  const counts = { calls: 0, duplicates: 0, withoutContent: 0, cut: 0, left: 0 }
  for await (const { calls, left } of storedCalls(backend, query, window)) {
    counts.left += left
    for (const call of calls) {
      const made = caseOf(call, query, redact)
      const known = typeof made === 'object' ? cases.get(made.id) : undefined
      if (typeof made === 'object' && !known && cases.size === limit)
        return { cases: [...cases.values()], ...counts, isLimited: true }
      counts.calls++
      if (made === 'no content') counts.withoutContent++
      else if (made === 'cut') counts.cut++
      else if (known) {
        counts.duplicates++
        cases.set(made.id, merged(known, made))
      } else cases.set(made.id, made)
    }
  }
  return { cases: [...cases.values()], ...counts, isLimited: false }
}

/** Of two the newer, which is the first; but what a person has corrected is worth more. */
function merged(newer: DatasetCase, older: DatasetCase): DatasetCase {
  const kept = newer.expectedFrom !== 'correction' && older.expectedFrom === 'correction' ? older : newer
  return { ...kept, provenance: { ...kept.provenance, duplicates: newer.provenance.duplicates + 1 } }
}

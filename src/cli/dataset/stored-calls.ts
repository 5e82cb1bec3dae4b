// The calls that a query finds in a running `afn-otel up`, page by page.
import type { FoundCall, FoundCallsAnswer } from '../../backend/api/call-answers'
import { type Backend, getJson } from '../../shared/queries/http'
import type { TimeRange } from '../../shared/queries/window'

/** Traces of a page, where their content has room in it. */
const MOST_TRACES = 200

/** @returns pages, the newest first, with how many calls had no room in one: their traces have more content than one answer holds */
export async function* storedCalls(
  backend: Backend,
  query: string,
  { start, end }: TimeRange,
): AsyncGenerator<{ readonly calls: readonly FoundCall[]; readonly left: number }> {
  let after: string | null = ''
  for (let traces = MOST_TRACES; after !== null; ) {
    const parameters = { q: query, start: String(start), end: String(end), limit: String(traces), after }
    const page = (await getJson(backend, 'api/afn/calls', parameters)) as FoundCallsAnswer
    if (page.left > 0 && traces > 1) {
      traces = Math.ceil(traces / 2)
      continue
    }
    yield page
    after = page.next
  }
}

// The traces that a query finds, newest first and page by page: the next page ends where the last one did. Called by the
// list of traces.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundTrace, SearchAnswer } from '../../local/api/answers'
import type { Range } from '../range'
import { compare } from './bigints'
import { type ApiError, getJson, url } from './client'
import { asApiError } from './use-answer'

const PAGE = 100
/** When more traces than this start in one second, the rest of that second is passed over. */
const LARGEST_PAGE = 3_200

export interface TraceList {
  readonly traces: readonly FoundTrace[]
  readonly warnings: readonly string[]
  readonly error: ApiError | undefined
  readonly loading: boolean
  /** Whether all that the query finds is here. */
  readonly complete: boolean
  more(): void
}

type State = Omit<TraceList, 'more'>

/** @param query undefined for a query that finds no traces but numbers */
export function useTraces(query: string | undefined, { start, end }: Range, round: number): TraceList {
  const [state, setState] = useState<State>(begin)
  const controller = useRef<AbortController>(new AbortController())
  const ask = async (before: readonly FoundTrace[]) => {
    const { signal } = controller.current
    setState(state => ({ ...state, loading: true, error: undefined }))
    try {
      const { found, ...page } = await nextPage(query!, { start, end }, before, signal)
      if (signal.aborted) return
      setState({ traces: [...before, ...found], error: undefined, loading: false, ...page })
    } catch (error) {
      if (!signal.aborted) setState(state => ({ ...state, loading: false, error: asApiError(error), complete: true }))
    }
  }
  useEffect(() => {
    controller.current = new AbortController()
    setState(begin)
    if (query !== undefined) ask([])
    return () => controller.current.abort()
  }, [query, start, end, round])
  return {
    ...state,
    more: () => {
      if (!state.loading && !state.complete) ask(state.traces)
    },
  }
}

const begin: State = { traces: [], warnings: [], error: undefined, loading: true, complete: false }

async function nextPage(
  query: string,
  { start, end }: Range,
  before: readonly FoundTrace[],
  signal: AbortSignal,
): Promise<{ found: FoundTrace[] } & Pick<TraceList, 'warnings' | 'complete'>> {
  const known = new Set(before.map(({ traceID }) => traceID))
  let until = before.length > 0 ? Math.min(end, lastSecond(before) + 1) : end
  for (let limit = PAGE; until > start; ) {
    const { traces = [], warnings = [] } = await getJson<SearchAnswer>(
      url('api/search', { q: query, start, end: until, limit, spss: 1 }),
      signal,
    )
    const found = traces.filter(({ traceID }) => !known.has(traceID)).sort(newestFirst)
    if (traces.length < limit) return { found, warnings, complete: true }
    if (found.length > 0) return { found, warnings, complete: false }
    if (limit < LARGEST_PAGE) limit *= 2
    else until -= 1
  }
  return { found: [], warnings: [], complete: true }
}

function lastSecond(traces: readonly FoundTrace[]): number {
  return Number(BigInt(traces[traces.length - 1]!.startTimeUnixNano) / 1_000_000_000n)
}

function newestFirst(a: FoundTrace, b: FoundTrace): number {
  return compare(BigInt(b.startTimeUnixNano), BigInt(a.startTimeUnixNano))
}

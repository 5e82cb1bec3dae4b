// The traces that a query finds, newest first and page by page: the next page begins behind the last trace.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundTrace, SearchAnswer } from '../../local/api/answers'
import type { Range } from '../range'
import { type ApiError, getJson, url } from './client'
import { asApiError } from './use-answer'

const PAGE = 100

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
  const last = before.at(-1)
  const after = last && `${last.startTimeUnixNano}.${last.traceID}`
  const { traces = [], warnings = [] } = await getJson<SearchAnswer>(
    url('api/search', { q: query, start, end, after, limit: PAGE, spss: 1, afn: 'true' }),
    signal,
  )
  // a late span may have moved one behind the place where it was
  const known = new Set(before.map(({ traceID }) => traceID))
  const found = traces.filter(({ traceID }) => !known.has(traceID))
  return { found, warnings, complete: traces.length < PAGE || found.length === 0 }
}

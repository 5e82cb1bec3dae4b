// The traces that a query finds, page by page: newest first, where the next page begins behind the last trace, or sorted by the server, where
// it begins behind as many as there are.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundTrace, SearchAnswer, TraceSort } from '../../local/api/answers'
import type { Range } from '../range'
import { type ApiError, getJson, url } from './client'
import { asApiError } from './use-answer'

const PAGE = 100

export interface Order {
  readonly by: TraceSort
  readonly isAscending: boolean
}

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

/**
 * The traces of a query stay until the first page of the same query and order has come again.
 * @param query undefined for a query that finds no traces but numbers
 */
export function useTraces(
  query: string | undefined,
  order: Order | undefined,
  { start, end }: Range,
  round: number,
): TraceList {
  const sort = order && `${order.by}.${order.isAscending ? 'asc' : 'desc'}`
  const [state, setState] = useState<State>(begin)
  const list = `${sort} ${query}`
  const loaded = useRef(list)
  const controller = useRef<AbortController>(new AbortController())
  const load = async (before: readonly FoundTrace[]) => {
    const { signal } = controller.current
    setState(state => ({ ...state, loading: true, error: undefined }))
    try {
      const { found, ...page } = await nextPage(query!, order, { start, end }, before, signal)
      if (signal.aborted) return
      setState({ traces: [...before, ...found], error: undefined, loading: false, ...page })
    } catch (error) {
      if (!signal.aborted) setState(state => ({ ...state, loading: false, error: asApiError(error), complete: true }))
    }
  }
  useEffect(() => {
    controller.current = new AbortController()
    if (list !== loaded.current) setState(begin)
    loaded.current = list
    if (query !== undefined) load([])
    return () => controller.current.abort()
  }, [query, sort, start, end, round])
  return {
    ...state,
    more: () => {
      if (!state.loading && !state.complete) load(state.traces)
    },
  }
}

const begin: State = { traces: [], warnings: [], error: undefined, loading: true, complete: false }

async function nextPage(
  query: string,
  order: Order | undefined,
  { start, end }: Range,
  before: readonly FoundTrace[],
  signal: AbortSignal,
): Promise<{ found: FoundTrace[] } & Pick<TraceList, 'warnings' | 'complete'>> {
  const last = before.at(-1)
  const place = order
    ? { sort: order.by, order: order.isAscending ? 'asc' : 'desc', offset: before.length }
    : { after: last && `${last.startTimeUnixNano}.${last.traceID}` }
  const { traces = [], warnings = [] } = await getJson<SearchAnswer>(
    url('api/search', { q: query, start, end, ...place, limit: PAGE, spss: 1, afn: 'true' }),
    signal,
  )
  // a late span may have moved one behind the place where it was
  const known = new Set(before.map(({ traceID }) => traceID))
  const found = traces.filter(({ traceID }) => !known.has(traceID))
  return { found, warnings, complete: traces.length < PAGE || found.length === 0 }
}

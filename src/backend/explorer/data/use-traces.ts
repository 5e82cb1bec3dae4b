// The traces that a query finds, page by page: newest first, where the next page begins behind the last trace, or sorted by the server, where
// it begins behind as many as there are.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundTrace, SearchAnswer, TraceSort } from '../../api/answers'
import type { TimeRange } from '../range'
import { type ApiError, getJson, url } from './client'
import { asApiError } from './use-answer'

const PAGE = 100
/** Rows that a refresh loads at once where the reader has paged so far. */
const MOST_AGAIN = 1_000

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
  /** Pixels that the rows were scrolled when the reader left them by a link, where Back led here; else 0. */
  readonly top: number
  /** Called with the same when the rows go. */
  leave(top: number): void
}

interface TraceListState extends Omit<TraceList, 'more' | 'top' | 'leave'> {
  /** The query and the order that found them. */
  readonly list: string
}

/** The rows that the reader left last, by the entry of the browser's history, to which Back leads. */
let left: { readonly entry: string; readonly state: TraceListState; readonly top: number } | undefined

/** @returns the name that the page gave to this entry of the history; a new one has none yet */
function entryOfHistory(): string {
  const known = (history.state as { readonly list?: string } | null)?.list
  if (known) return known
  const name = crypto.getRandomValues(new Uint32Array(2)).join('-')
  history.replaceState({ list: name }, '')
  return name
}

export interface Found {
  /** TraceQL. */
  readonly query: string
  /** Of which each trace says where they stand. */
  readonly words: readonly string[]
  readonly tier: string | undefined
}

/**
 * The traces of a query stay until the first page of the same query and order has come again.
 * @param found undefined for a query that finds no traces but numbers
 */
export function useTraces(
  found: Found | undefined,
  order: Order | undefined,
  { start, end }: TimeRange,
  round: number,
): TraceList {
  const sort = order && `${order.by}.${order.isAscending ? 'asc' : 'desc'}`
  const list = `${sort} ${found?.tier} ${found?.query}`
  const [back] = useState(() => (left?.entry === entryOfHistory() && left.state.list === list ? left : undefined))
  const [state, setState] = useState<TraceListState>(back?.state ?? begin)
  const isThere = useRef(back !== undefined)
  const top = useRef(back?.top ?? 0)
  const entry = useRef('')
  useEffect(() => {
    entry.current = entryOfHistory()
    top.current = 0
  })
  const loaded = useRef(list)
  const controller = useRef<AbortController>(new AbortController())
  const load = async (before: readonly FoundTrace[], size = PAGE) => {
    const { signal } = controller.current
    setState(state => ({ ...state, loading: true, error: undefined }))
    try {
      const { traces, ...page } = await nextPage(found!, order, { start, end }, before, size, signal)
      if (signal.aborted) return
      setState({ traces: [...before, ...traces], error: undefined, loading: false, list, ...page })
    } catch (error) {
      if (!signal.aborted) setState(state => ({ ...state, loading: false, error: asApiError(error), complete: true }))
    }
  }
  useEffect(() => {
    controller.current = new AbortController()
    const isSame = list === loaded.current && state.list === list
    if (list !== loaded.current) setState(begin)
    loaded.current = list
    const again = isSame ? Math.min(MOST_AGAIN, Math.ceil(state.traces.length / PAGE) * PAGE) : 0
    if (found !== undefined && !isThere.current) load([], Math.max(PAGE, again))
    isThere.current = false
    return () => controller.current.abort()
  }, [list, start, end, round])
  return {
    ...state,
    top: top.current,
    leave: top => {
      if (!state.loading) left = { entry: entry.current, state, top }
    },
    more: () => {
      if (!state.loading && !state.complete) load(state.traces)
    },
  }
}

const begin: TraceListState = { traces: [], warnings: [], error: undefined, loading: true, complete: false, list: '' }

async function nextPage(
  { query, words, tier }: Found,
  order: Order | undefined,
  { start, end }: TimeRange,
  before: readonly FoundTrace[],
  size: number,
  signal: AbortSignal,
): Promise<{ traces: FoundTrace[] } & Pick<TraceList, 'warnings' | 'complete'>> {
  const last = before.at(-1)
  const place = order
    ? { sort: order.by, order: order.isAscending ? 'asc' : 'desc', offset: before.length }
    : { after: last && `${last.startTimeUnixNano}.${last.traceID}` }
  const { traces: all = [], warnings = [] } = await getJson<SearchAnswer>(
    url('api/search', {
      q: query,
      start,
      end,
      ...place,
      limit: size,
      spss: 1,
      afn: 'true',
      words: words.join('\n'),
      tier,
    }),
    signal,
  )
  // a late span may have moved one behind the place where it was
  const known = new Set(before.map(({ traceID }) => traceID))
  const traces = all.filter(({ traceID }) => !known.has(traceID))
  return { traces, warnings, complete: all.length < size || traces.length === 0 }
}

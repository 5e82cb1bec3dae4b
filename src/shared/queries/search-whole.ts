/**
 * All traces that a TraceQL query finds, however many: a search gives the newest up to its limit, and Tempo refuses one over more than a week
 * unless it is configured otherwise.
 */
import { type Backend, getJson } from './http'
import type { SearchResponse, TraceByIDResponse, TraceSearchMetadata } from './tempo-api'
import { halvesOf, secondsOf, splitWindow, type TimeRange } from './window'

/** Seconds: Tempo's `max_duration` of a search. */
const LONGEST_SEARCH = 168 * 3_600
/** Traces that are read at once. */
const AT_ONCE = 8

export interface WholeSearch {
  readonly backend: Backend
  readonly query: string
  readonly window: TimeRange
  readonly headers?: Readonly<Record<string, string>>
  /** Traces of one search; where there are more, it is asked again for the halves of its time. */
  readonly most: number
  /** Matching spans of a trace that come with it. */
  readonly spansOfTrace?: number
}

/**
 * @param found gets traces newest first; one that reaches into two searches comes twice
 * @returns whether a second has more traces than a search returns
 * @throws BackendError
 */
export async function searchWhole(search: WholeSearch, found: (trace: TraceSearchMetadata) => void): Promise<boolean> {
  const { backend, query, headers = {}, most, spansOfTrace } = search
  const spss = spansOfTrace === undefined ? {} : { spss: `${spansOfTrace}` }

  async function look(window: TimeRange): Promise<boolean> {
    const parameters = { q: query, start: `${window.start}`, end: `${window.end}`, limit: `${most}`, ...spss }
    const { traces = [] } = (await getJson(backend, 'api/search', parameters, headers)) as SearchResponse
    const isFull = traces.length >= most
    if (isFull && secondsOf(window) > 1) return lookAll(halvesOf(window))
    traces.forEach(found)
    return isFull
  }

  async function lookAll(windows: readonly TimeRange[]): Promise<boolean> {
    let isPart = false
    for (const window of windows) isPart = (await look(window)) || isPart
    return isPart
  }

  return lookAll(splitWindow(search.window, LONGEST_SEARCH))
}

/**
 * Traces by their ids, each whole, some at once.
 * @throws BackendError
 */
export async function* readTraces(
  backend: Backend,
  ids: readonly string[],
  parameters: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): AsyncGenerator<readonly TraceByIDResponse[]> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const read = ids
      .slice(from, from + AT_ONCE)
      .map(id => getJson(backend, `api/v2/traces/${id}`, parameters, headers) as Promise<TraceByIDResponse>)
    yield await Promise.all(read)
  }
}

// Parses the parameters of `GET /api/search` as Tempo does.

import { Refused } from '../../body'
import { parseGoDuration } from '../../durations'
import type { QueryParams } from '../../request-parameters'
import { traceIdOf } from '../../store/columns'
import type { TraceOrder } from '../../traceql/sorted-traces'
import { integer, oneOf, unsigned } from '../parameters'
import { orders } from '../sort-orders'
import { wantsMore } from './json-answer'
import { tagsQuery } from './tags-query'

export interface SearchRequest {
  /** TraceQL. */
  readonly query: string
  /** Whether each trace has fields beyond Tempo's. */
  readonly wantsFacts: boolean
  /** Words whose places each trace reports: our own parameter `words`, one per line. */
  readonly words?: readonly string[]
  /** Whether the answer includes the matching spans. A search by tags and durations has none. */
  readonly wantsSpans: boolean
  /** Selects traces that overlap it, in nanoseconds since 1970; undefined for all traces. */
  readonly window: { readonly fromNs: bigint; readonly toNs: bigint } | undefined
  /** The last trace of the previous page: our own parameter, `after=START_NS.TRACE_ID`. */
  readonly after: { readonly start: bigint; readonly traceId: bigint } | undefined
  /** Our own parameters `sort=cost`, `order=asc` and `offset=100`; if undefined, newest traces come first. */
  readonly order: TraceOrder | undefined
  /** Maximum number of traces. */
  readonly limit: number
  /** Maximum spans per span set. */
  readonly spans: number
}

/** Tempo's default `max_result_limit`. */
const mostTraces = 262_144

/** @throws Refused with 400 */
export function searchRequest(params: QueryParams): SearchRequest {
  const limit = unsigned(params, 'limit') ?? 20
  if (limit === 0) throw new Refused(400, 'invalid limit: must be a positive number')
  if (limit > mostTraces) throw new Refused(400, `limit ${limit} exceeds maximum ${mostTraces}`)
  const spans = unsigned(params, 'spss') || 3
  if (spans > 100) throw new Refused(400, `spans per span set exceeds 100. received ${spans}`)
  const query = params('q')
  const tags = params('tags')
  if (query && tags) throw new Refused(400, "invalid request: can't specify tags and q in the same query")
  const [min, max] = [durationNs(params, 'minDuration'), durationNs(params, 'maxDuration')]
  if (min && max && min > max) throw new Refused(400, 'invalid maxDuration: must be greater than minDuration')
  const window = searchWindow(params)
  const after = cursorOf(params)
  return {
    query: query ?? tagsQuery(tags ?? '', min, max),
    wantsFacts: wantsMore(params),
    words: (params('words') ?? '').split('\n').filter(Boolean),
    wantsSpans: query !== undefined,
    window,
    after,
    order: orderOf(params),
    limit,
    spans,
  }
}

function cursorOf(params: QueryParams): SearchRequest['after'] {
  const text = params('after')
  if (!text) return undefined
  const [, start, traceId] = /^(\d{1,19})\.([\da-f]{1,32})$/.exec(text) ?? []
  if (start && traceId) return { start: BigInt(start), traceId: traceIdOf(traceId) }
  throw new Refused(400, `invalid after: "${text}" is not startTimeUnixNano.traceID of a trace`)
}

/** Maximum offset; nobody scrolls further. */
const mostBefore = 1_000_000

function orderOf(params: QueryParams): TraceOrder | undefined {
  if (!params('sort')) return undefined
  const measure = orders[oneOf(params, 'sort', Object.keys(orders) as (keyof typeof orders)[], 'start')]
  const isAscending = oneOf(params, 'order', ['desc', 'asc'], 'desc') === 'asc'
  return { measure, isAscending, offset: integer(params, 'offset', 0, mostBefore) ?? 0 }
}

/** Whole seconds, both or neither. Tempo limits the window to a week to save reading, which is not needed here. @throws Refused with 400 */
export function searchWindow(params: QueryParams): SearchRequest['window'] {
  const start = unsigned(params, 'start') ?? 0
  const end = unsigned(params, 'end') ?? 0
  if (start === 0 && end === 0) return undefined
  if (end <= start)
    throw new Refused(400, `http parameter start must be before end. received start=${start} end=${end}`)
  if (start === 0) {
    throw new Refused(400, 'error parsing date range: only one of start and end provided: must provide both or neither')
  }
  return { fromNs: BigInt(start) * 1_000_000_000n, toNs: BigInt(end) * 1_000_000_000n }
}

/** @returns nanoseconds @throws Refused with 400 */
function durationNs(params: QueryParams, name: string): bigint | undefined {
  const text = params(name)
  if (!text) return undefined
  const duration = parseGoDuration(text)
  if (duration === undefined)
    throw new Refused(400, `invalid ${name}: "${text}" is not a duration; use for example 250ms or 1m30s`)
  return duration
}

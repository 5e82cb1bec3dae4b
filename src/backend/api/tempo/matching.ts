// Selects the spans whose tags an answer lists: those in a time range that match a filter.

import type { QueryParams } from '../../request-parameters'
import type { Store } from '../../store/store'
import type { Stage } from '../../traceql/ast'
import { CompiledQuery, type MatchingSpans } from '../../traceql/compiled-query'
import { contextOfText } from '../../traceql/context'
import { TraceqlError } from '../../traceql/error'
import type { KnownKeys } from '../../traceql/known-keys'
import { parse } from '../../traceql/parse'
import { searchWindow } from './search-request'

export interface Matching extends MatchingSpans {
  readonly keys: KnownKeys
  /** Whether all spans match. */
  readonly isAll: boolean
}

/**
 * A query that is still being typed is often not valid yet. As in Tempo, the valid conditions of `{ a = 1 && b = }` apply, and a text
 * without any filters nothing.
 * @param restriction a condition on `spans s`, if the request may not see all of them
 * @throws Refused with 400 for an invalid time range
 */
export async function matching(store: Store, params: QueryParams, restriction: string | undefined): Promise<Matching> {
  const window = searchWindow(params)
  const overlaps = window && `s.start_ns < ${window.toNs} AND s.start_ns + s.duration_ns >= ${window.fromNs}`
  const query = params('q') ?? ''
  const context = await contextOfText(store, query)
  const filters = stagesOf(query) ?? conditionsOf(query).flatMap(condition => stagesOf(`{ ${condition} }`) ?? [])
  const compiled = new CompiledQuery(context, filters)
  if (compiled.readsTree) await store.finalizeTraces()
  const conditions = [...(overlaps ? [overlaps] : []), ...(restriction ? [restriction] : [])]
  const isAll = conditions.length === 0 && filters.length === 0
  return { ...compiled.spans(conditions.join(' AND ') || 'true'), keys: context.keys, isAll }
}

/** Only the first filter, because it checks each span independently. */
function stagesOf(query: string): Stage[] | undefined {
  try {
    const parsed = parse(query)
    if (parsed.type === 'search') return parsed.stages.slice(0, 1).filter(({ type }) => type === 'filter')
    return parsed.metrics.type === 'firstStage' ? parsed.metrics.spans.filter(({ type }) => type === 'filter') : []
  } catch (error) {
    if (error instanceof TraceqlError) return undefined
    throw error
  }
}

/** Limit for an unfinished query; each invalid condition costs an exception. */
const MOST_CONDITIONS = 100

/** Splits the text between the braces at each `&&` outside of a string. An unterminated string extends to the end. */
function conditionsOf(query: string): string[] {
  const inside = query.trim().replace(/^\{|\}[^}]*$/g, '')
  const conditions = inside.match(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|`[^`]*(?:`|$)|(?!&&)[^"`])+/gs)
  return (conditions ?? []).slice(0, MOST_CONDITIONS)
}

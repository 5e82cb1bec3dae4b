// The spans whose tags an answer has: those of a time that a filter lets through.

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
  /** Whether it is every span there is. */
  readonly isAll: boolean
}

/**
 * What is typed at this moment is often no query yet: of `{ a = 1 && b = }` the first condition holds, and what is no
 * filter at all filters nothing, as in Tempo.
 * @param restriction a condition on `spans s`, where not all may be seen
 * @throws Refused with 400 for a time that is none
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

/** The first filter alone, which judges each span by itself. */
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

/** Of a query that is typed; each that is none costs an error. */
const MOST_CONDITIONS = 100

/** What stands between the braces, at each `&&` that is not in a text. One that has no end yet goes to the end. */
function conditionsOf(query: string): string[] {
  const inside = query.trim().replace(/^\{|\}[^}]*$/g, '')
  const conditions = inside.match(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|`[^`]*(?:`|$)|(?!&&)[^"`])+/gs)
  return (conditions ?? []).slice(0, MOST_CONDITIONS)
}

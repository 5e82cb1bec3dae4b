/** The spans that match a metrics query, as rows in SQL. */
import { aliases } from '../../store/columns'
import type { Store } from '../../store/store'
import type { FirstStage, Stage } from '../ast'
import { CompiledQuery, type MatchingSpans } from '../compiled-query'
import type { Context } from '../context'
import { Filter } from '../filter'
import { type MetricsGrid, within } from './grid'

export interface Observing {
  readonly store: Store
  readonly context: Context
  readonly grid: MetricsGrid
  /** A condition on `spans s` for callers that may not see all traces, as in `QueryRange`. */
  readonly restriction: string | undefined
}

/** Has only spans that start within the grid. */
export interface Matched extends MatchingSpans {
  /** Compiles further fields of these spans. */
  readonly filter: Filter
  /** Whether the query reads nested sets. The store then has to finalize traces first. */
  readonly readsTree: () => boolean
}

/**
 * @param observing the grid, and the restriction of visible spans
 * @param more whether fields of a span depend on its whole trace
 */
export function matched(
  stage: FirstStage,
  { context, grid, restriction }: Pick<Observing, 'context' | 'grid' | 'restriction'>,
  more = false,
): Matched {
  const isWhole = more || !stage.spans.every(isPlain) || readsTrace(stage)
  const sought = isWhole ? tracesWithin(grid) : within(grid)
  const query = new CompiledQuery(context, stage.spans)
  const { statement, rows } = query.spans(restriction ? `${sought} AND ${restriction}` : sought)
  const filter = new Filter(context)
  const readsTree = () => query.readsTree || filter.needs.has('tree')
  return { statement, rows: rows.where(within(grid), []), filter, readsTree }
}

/** Includes spans outside of the grid, because they may be parents of spans within it. */
function tracesWithin(grid: MetricsGrid): string {
  const { span } = aliases
  return `${span}.trace_id IN (SELECT ${span}.trace_id FROM spans ${span} WHERE ${within(grid)})`
}

/** Whether the stage judges each span on its own. */
const isPlain = ({ type }: Stage): boolean => type === 'filter' || type === 'select'

/** Whether any part of the syntax tree needs all spans of a trace. */
function readsTrace(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  const { type, name } = node as { type?: unknown; name?: unknown }
  if (type === 'intrinsic') return /^trace:(?!id$)/.test(String(name))
  return Object.values(node).some(readsTrace)
}

/** The spans that a metrics function sees, as rows for SQL. */
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
  /** Of what may be seen, as `Range` has it. */
  readonly restriction: string | undefined
}

/** Only spans that start within the grid. */
export interface Matched extends MatchingSpans {
  /** For what is read of these spans. */
  readonly filter: Filter
  /** Whether nested sets are read, for which the store has to finalize traces before. */
  readonly readsTree: () => boolean
}

/**
 * @param observing what is observed, and which spans may be seen
 * @param more whether what is read of the spans depends on their whole traces
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

/** What is outside of the time may still be the parent of what is in it. */
function tracesWithin(grid: MetricsGrid): string {
  const { span } = aliases
  return `${span}.trace_id IN (SELECT ${span}.trace_id FROM spans ${span} WHERE ${within(grid)})`
}

/** Judges each span alone. */
const isPlain = ({ type }: Stage): boolean => type === 'filter' || type === 'select'

/** Whether it reads anything that only all spans of a trace tell, anywhere in the syntax tree. */
function readsTrace(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  const { type, name } = node as { type?: unknown; name?: unknown }
  if (type === 'intrinsic') return /^trace:(?!id$)/.test(String(name))
  return Object.values(node).some(readsTrace)
}

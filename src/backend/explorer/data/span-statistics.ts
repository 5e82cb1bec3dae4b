// Statistics of the spans of one trace, one row for each service and name of a span, as Jaeger's trace statistics have them.
import { compare } from './bigints'
import { type Total, totalOf } from './llm'
import type { Span } from './span'
import type { Node, Tree } from './tree'

export interface SpanStatistics {
  readonly service: string
  readonly name: string
  readonly count: number
  /** Nanoseconds: the durations of all of them, added up. */
  readonly total: bigint
  /** Nanoseconds in which they ran and none of their children did. */
  readonly self: bigint
  /** Nanoseconds, of the durations, by nearest rank: each is the duration of a span that is there. */
  readonly p50: bigint
  readonly p95: bigint
  readonly errors: number
  /** Of the calls of models among them. */
  readonly usage: Total
  /** Id of the span that took longest. */
  readonly longest: string
}

/** In the order in which they begin in the trace. */
export function statisticsOf({ nodes }: Pick<Tree, 'nodes'>): SpanStatistics[] {
  const groups = new Map<string, Node[]>()
  for (const node of nodes.values()) {
    const key = JSON.stringify([node.span.service, node.span.name])
    const group = groups.get(key)
    if (group) group.push(node)
    else groups.set(key, [node])
  }
  return Array.from(groups.values(), group => {
    const spans = group.map(({ span }) => span)
    const inOrder = [...spans].sort((a, b) => compare(durationOf(a), durationOf(b)))
    const durations = inOrder.map(durationOf)
    return {
      service: spans[0]!.service,
      name: spans[0]!.name,
      count: spans.length,
      total: durations.reduce((sum, one) => sum + one, 0n),
      self: group.reduce((sum, { self }) => sum + self, 0n),
      p50: nearestRank(durations, 0.5),
      p95: nearestRank(durations, 0.95),
      errors: spans.filter(({ status }) => status === 'error').length,
      usage: totalOf(spans),
      longest: inOrder.at(-1)!.id,
    }
  })
}

const durationOf = ({ start, end }: Span): bigint => end - start

/** @param inOrder the smallest first, not empty @param share above 0, at most 1 */
export function nearestRank(inOrder: readonly bigint[], share: number): bigint {
  return inOrder[Math.ceil(share * inOrder.length) - 1]!
}

export const STATISTICS_COLUMNS = ['name', 'count', 'total', 'self', 'p50', 'p95', 'errors', 'tokens', 'cost'] as const
export type StatisticsColumn = (typeof STATISTICS_COLUMNS)[number]

const compareBy: Readonly<Record<StatisticsColumn, (a: SpanStatistics, b: SpanStatistics) => number>> = {
  name: (a, b) => compareTexts(a.name, b.name) || compareTexts(a.service, b.service),
  count: (a, b) => a.count - b.count,
  total: (a, b) => compare(a.total, b.total),
  self: (a, b) => compare(a.self, b.self),
  p50: (a, b) => compare(a.p50, b.p50),
  p95: (a, b) => compare(a.p95, b.p95),
  errors: (a, b) => a.errors - b.errors,
  tokens: (a, b) => a.usage.tokens - b.usage.tokens,
  // a cost that is not known is below each that is
  cost: (a, b) => (a.usage.costUsd ?? -1) - (b.usage.costUsd ?? -1),
}

const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

export function sortStatistics(
  rows: readonly SpanStatistics[],
  column: StatisticsColumn,
  isAscending: boolean,
): SpanStatistics[] {
  const by = compareBy[column]
  return [...rows].sort((a, b) => (isAscending ? by(a, b) : by(b, a)))
}

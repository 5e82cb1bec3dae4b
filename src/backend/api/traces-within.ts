// Reads traces of a period, of which some lie in it only partly: whole rows of the table `traces` for those inside, and sums over spans for
// the few that cross an edge.
import type { TimeRangeNs } from '../request-parameters'
import type { Store } from '../store/store'
import { ofSpans } from '../store/trace-parts'
import { within } from './parameters'

export interface TracesWithin {
  /** A SELECT with the columns of `traces`, one row per trace, over the spans that began in the period. */
  readonly parts: string
  /** A condition on `traces`: a span began in the period. */
  readonly begun: string
  /** Whether a trace has more than one root. */
  readonly hasForests: boolean
}

export async function tracesWithin(store: Store, period: TimeRangeNs): Promise<TracesWithin> {
  const { fromNs, toNs } = period
  const overlapping = `last_start_ns >= ${fromNs} AND first_ns < ${toNs}`
  const [edges] = await store.query(`
    SELECT count(*) FILTER (first_ns < ${fromNs} OR last_start_ns >= ${toNs}) > 0 AS any,
      max(last_start_ns) FILTER (first_ns < ${fromNs}) AS head, min(first_ns) FILTER (last_start_ns >= ${toNs}) AS tail,
      count(*) FILTER (first_ns < ${fromNs} AND last_start_ns >= ${toNs}) > 0 AS around, coalesce(bool_or(roots > 1), false) AS forests
    FROM traces WHERE ${overlapping}`)
  const { any, head, tail, around, forests } = edges as {
    any: boolean
    head: bigint | null
    tail: bigint | null
    around: boolean
    forests: boolean
  }
  const inside = `SELECT * FROM traces WHERE first_ns >= ${fromNs} AND last_start_ns < ${toNs}`
  // a trace that crosses only one edge has its spans in the period near that edge
  const near = [
    ...(head === null ? [] : [`s.start_ns <= ${head}`]),
    ...(tail === null ? [] : [`s.start_ns >= ${tail}`]),
  ]
  const reaching = `SELECT trace_id FROM traces WHERE ${overlapping} AND (first_ns < ${fromNs} OR last_start_ns >= ${toNs})`
  const ofReaching = `SELECT s.trace_id, ${ofSpans} FROM spans s
    WHERE ${within(period)} AND (${near.join(' OR ')}) AND s.trace_id IN (${reaching}) GROUP BY s.trace_id`
  const hasSpan = `(first_ns >= ${fromNs} OR last_start_ns < ${toNs}
    OR trace_id IN (SELECT s.trace_id FROM spans s WHERE ${within(period)}))`
  return {
    parts: any ? `${inside} UNION ALL BY NAME ${ofReaching}` : inside,
    begun: around ? `${overlapping} AND ${hasSpan}` : overlapping,
    hasForests: forests,
  }
}

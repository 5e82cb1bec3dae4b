// `GET /api/afn/heatmap`: the spans of a search by duration or cost over time. The server computes the bins, because a page can't hold all
// spans. Bin edges are exact values in TraceQL, so a selected box becomes a condition that matches the same spans.

import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { cost } from '../../store/calls'
import { ofTracesWithin } from '../../store/columns'
import { CompiledQuery } from '../../traceql/compiled-query'
import { contextOf } from '../../traceql/context'
import { parse } from '../../traceql/parse'
import type { HeatmapAnswer, HeatmapMeasure } from '../heatmap-answer'
import { oneOf, stepOf, within } from '../parameters'
import type { Parts } from '../parts'
import { onlyTier } from '../tiers'
import { count } from './row'

/** SQL over `spans s`. */
const measures: Readonly<Record<HeatmapMeasure, string>> = { duration: 's.duration_ns::DOUBLE', cost }

/** Rows per doubling of the value. If values are so far apart that there would be too many rows, one row per doubling is used. */
const perDoubling = 2
const mostRows = 40

/**
 * Counts spans that began in the period. Values of 0 and unknown values have no place on a logarithmic scale.
 * @throws TraceqlError, Refused with 400
 */
export async function heatmap(
  { store, policies }: Parts,
  params: QueryParams,
  period: TimeRangeNs,
): Promise<HeatmapAnswer> {
  const measure = oneOf(params, 'y', Object.keys(measures) as HeatmapMeasure[], 'duration')
  const step = stepOf(params, period)
  const stepNs = BigInt(step) * 1_000_000_000n
  const from = Number((period.fromNs / stepNs) * BigInt(step))
  const steps = Number((period.toNs - 1n) / stepNs) - from / step + 1
  const nothing = { from, step, steps, rows: [] }
  const query = parse(params('q') || '{}')
  if (query.type !== 'search') return nothing
  const compiled = new CompiledQuery(await contextOf(store, query), query.stages)
  if (compiled.readsTree) await store.finalizeTraces()
  const { statement, rows } = compiled.spans(`${ofTracesWithin(period)} AND ${onlyTier(params, policies) ?? 'true'}`)
  const value = measures[measure]
  const bins = rows
    .where(`${within(period)} AND ${value} > 0 AND ${value} < 'Infinity'::DOUBLE`, [])
    .select([
      `s.start_ns // ${stepNs} AS step`,
      `floor(log2(${value}) * ${perDoubling})::INTEGER AS bin`,
      'count(*) AS spans',
      'count(*) FILTER (s.status = 2) AS failed',
    ])
  const cells = await store.query(statement.sql(`${bins} GROUP BY ALL`))
  if (cells.length === 0) return nothing
  const all = cells.map(({ bin }) => bin as number)
  const [lowest, highest] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))]
  const joined = highest - lowest < mostRows ? 1 : perDoubling
  const first = Math.floor(lowest / joined)
  const edge = (row: number) => edgeOf(measure, 2 ** (((first + row) * joined) / perDoubling))
  const answer = Array.from({ length: Math.floor(highest / joined) - first + 1 }, (_, row) => ({
    from: edge(row),
    to: edge(row + 1),
    spans: new Array<number>(steps).fill(0),
    failed: new Array<number>(steps).fill(0),
  }))
  for (const cell of cells) {
    const row = answer[Math.floor((cell.bin as number) / joined) - first]!
    const at = Number(cell.step as bigint) - from / step
    row.spans[at]! += count(cell.spans)
    row.failed[at]! += count(cell.failed)
  }
  return { ...nothing, rows: answer }
}

/** Nanoseconds are integers, so a value of at least 2^k is at least the next integer. */
const edgeOf = (measure: HeatmapMeasure, value: number): number => (measure === 'duration' ? Math.ceil(value) : value)

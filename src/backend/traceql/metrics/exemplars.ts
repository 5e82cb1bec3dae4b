/** Exemplars: single spans that lead a reader from a sample to a trace. */
import { traceIdHex } from '../../store/columns'
import type { Store } from '../../store/store'
import { type MetricsGrid, timestampMs } from './grid'
import { type Exemplar, isName, type MetricsSeries, type SeriesSet } from './series'

/** The span with the largest value in a step, or the first span if the function only counts. */
export interface Candidate {
  readonly seq: bigint
  /** NaN: the value of the sample. */
  readonly value: number
}

/** By the key of the series, then by step. */
export type Candidates = ReadonlyMap<string, ReadonlyMap<number, Candidate>>

interface Placed extends Candidate {
  readonly key: string
  readonly step: number
}

/** The maximum per part of the time range. */
const mostTogether = 2

/**
 * Spreads exemplars over time: divides the time range into parts of at most two exemplars each.
 * @param most maximum for all series together
 */
export async function withExemplars(
  store: Store,
  grid: MetricsGrid,
  set: SeriesSet,
  candidates: Candidates,
  most: number,
): Promise<SeriesSet> {
  const chosen = choose(grid, set, candidates, most)
  if (chosen.length === 0) return set
  const ids = chosen.map(({ seq }) => seq).join(', ')
  const rows = await store.query(
    `SELECT seq, ${traceIdHex('trace_id')} AS id, start_ns FROM spans WHERE seq IN (${ids})`,
  )
  const spans = new Map(rows.map(row => [row.seq as bigint, row]))
  const added = new Map<string, Exemplar[]>()
  for (const { key, seq, value, step } of chosen) {
    const row = spans.get(seq)
    if (!row) continue
    const series = set.get(key)!
    const labels = [
      ...series.labels.filter(label => !isName(label) && !made.has(label.key)),
      { key: 'trace:id', value: { stringValue: (row.id as string).replace(/^0+/, '') } },
    ]
    const own = Number.isNaN(value) ? series.values[step]! : value
    const list = added.get(key) ?? []
    list.push({ labels, value: own, timestampMs: (row.start_ns as bigint) / 1_000_000n })
    added.set(key, list)
  }
  return new Map(
    [...set].map(([key, series]): [string, MetricsSeries] => [key, { ...series, exemplars: added.get(key) ?? [] }]),
  )
}

/** Labels that do not come from spans. */
const made: ReadonlySet<string> = new Set(['__bucket', 'p'])

function choose(grid: MetricsGrid, set: SeriesSet, candidates: Candidates, most: number): Placed[] {
  const parts = Math.max(1, Math.floor(most / mostTogether))
  const length = Number(timestampMs(grid, grid.count - 1) - timestampMs(grid, -1)) || 1
  const taken = new Map<number, number>()
  const chosen: Placed[] = []
  for (const [key, steps] of candidates) {
    const series = set.get(key)
    if (!series) continue
    for (const [step, candidate] of steps) {
      if (chosen.length >= most) return chosen
      const offset = Number(timestampMs(grid, step) - timestampMs(grid, -1))
      const part = Math.min(parts - 1, Math.floor((offset / length) * parts))
      const count = taken.get(part) ?? 0
      if (count >= mostTogether || Number.isNaN(series.values[step])) continue
      taken.set(part, count + 1)
      chosen.push({ ...candidate, key, step })
    }
  }
  return chosen
}

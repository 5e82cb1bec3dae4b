// A box of a heatmap as TraceQL, and what is different about the spans in it.

import { typedAttributes } from '../../../shared/otlp/any-value'
import type { MetricsAnswer } from '../../api/answers'
import type { HeatmapAnswer, HeatmapMeasure } from '../../api/heatmap-answer'
import { valueText } from '../parts/value'
import { condition } from '../traceql/write'

/** Rows and steps, the last ones too. */
export interface Box {
  readonly steps: readonly [number, number]
  readonly rows: readonly [number, number]
}

/** In whichever order its corners were drawn. */
export const boxOf = (a: Cell, b: Cell): Box => ({
  steps: [Math.min(a.step, b.step), Math.max(a.step, b.step)],
  rows: [Math.min(a.row, b.row), Math.max(a.row, b.row)],
})

export interface Cell {
  readonly step: number
  readonly row: number
}

/** What a box covers: seconds since 1970, values, and how many spans. */
export function coveredBy({ from, step, rows }: HeatmapAnswer, { steps, rows: [low, high] }: Box) {
  const within = rows.slice(low, high + 1)
  const sum = (counts: readonly number[]) => counts.slice(steps[0], steps[1] + 1).reduce((all, one) => all + one, 0)
  return {
    start: from + steps[0] * step,
    end: from + (steps[1] + 1) * step,
    low: rows[low]!.from,
    high: rows[high]!.to,
    spans: within.reduce((all, row) => all + sum(row.spans), 0),
    failed: within.reduce((all, row) => all + sum(row.failed), 0),
  }
}

/** The spans of a heatmap in TraceQL. Where nothing is asked for, whole traces tell more than all of their spans. */
export const spansOf = (filter: string, y: HeatmapMeasure): string =>
  y === 'duration' && /^\s*\{\s*(?:true)?\s*\}\s*$/.test(filter) ? '{ nestedSetParent < 0 }' : filter

/** The spans of the box beside all others. */
export function comparisonOf(spans: string, y: HeatmapMeasure, answer: HeatmapAnswer, box: Box): string {
  const { start, end, low, high } = coveredBy(answer, box)
  // compare() leaves out what begins at its start, and takes what begins at its end
  return `${spans} | compare({ ${valuesOf(y, low, high)} }, 10, ${nanosBefore(start)}, ${nanosBefore(end)})`
}

const nanosBefore = (seconds: number): string => String(BigInt(seconds) * 1_000_000_000n - 1n)

export function valuesOf(y: HeatmapMeasure, low: number, high: number): string {
  if (y === 'duration') return `duration >= ${low}ns && duration < ${high}ns`
  const cost = 'span.afn.llm.cost.total'
  // TraceQL has no exponents
  const literal = (value: number) => value.toFixed(20)
  return `${cost} >= ${literal(low)} && ${cost} < ${literal(high)}`
}

export interface Difference {
  readonly name: string
  readonly value: string
  /** Shares of the spans in the box, and of all others, from 0 to 1. */
  readonly inside: number
  readonly outside: number
  /** The same in TraceQL, where it can be said. */
  readonly condition: string | undefined
}

/** Below this share the difference is no difference. */
const LEAST = 0.05
const MOST = 20

/** What the box has more often, or less often, than the others: the greatest difference first. */
export function differencesIn({ series = [] }: MetricsAnswer): {
  readonly inside: number
  readonly outside: number
  readonly list: readonly Difference[]
} {
  const totals = { selection: 0, baseline: 0 }
  const values = new Map<
    string,
    { name: string; value: string; condition: string | undefined; counts: typeof totals }
  >()
  for (const { labels, value = 0 } of series) {
    const [kind, own] = typedAttributes(labels)
    if (kind?.value.type !== 'string' || !own) continue
    const [side, isTotal] = kind.value.value.split('_') as [keyof typeof totals, string | undefined]
    if (isTotal) totals[side] = Math.max(totals[side], value)
    else {
      const shown = valueText(own.value)
      const key = JSON.stringify([own.key, shown])
      const known = values.get(key) ?? {
        name: own.key,
        value: shown,
        condition: /^(?:status|kind)$/.test(own.key) ? `${own.key} = ${shown}` : condition(own.key, own.value),
        counts: { selection: 0, baseline: 0 },
      }
      known.counts[side] = value
      values.set(key, known)
    }
  }
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)
  const list = Array.from(values.values(), ({ counts, ...one }) => ({
    ...one,
    inside: share(counts.selection, totals.selection),
    outside: share(counts.baseline, totals.baseline),
  }))
  const size = ({ inside, outside }: Difference) => Math.abs(inside - outside)
  return {
    inside: totals.selection,
    outside: totals.baseline,
    list: list
      .filter(one => size(one) >= LEAST)
      .toSorted((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1))
      .slice(0, MOST),
  }
}

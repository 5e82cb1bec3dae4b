// What an answer has of a trace besides what Tempo's has: its tier, and what its calls cost.
import { foldedSpans } from '../store/tier'
import type { ExtraColumns } from '../traceql/trace-metadata'
import type { TraceFacts } from './answers'
import { failures, model, totals } from './own/calls'
import { count, usageOf } from './own/row'
import type { Parts } from './parts'
import { keptBy } from './tiers'

const measures = [foldedSpans, 'count(*) AS spans', totals, failures, `map_keys(histogram(${model})) AS models`]

export function factColumns(parts: Parts): ExtraColumns {
  return {
    measures,
    fieldsOf(row) {
      const { tier, reason, keptUntil } = keptBy(row, parts)
      const models = (row.models ?? []) as string[]
      const afn: TraceFacts = { tier, reason, keptUntil, spans: count(row.spans), models, ...usageOf(row) }
      return { afn }
    },
  }
}

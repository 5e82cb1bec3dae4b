// `GET /api/afn/overview`: the figures of a window, over spans that began in it.
import type { TimeRangeNs } from '../../request-parameters'
import { firstTokenMs, isCall } from '../../store/calls'
import { knownKeys } from '../../traceql/known-keys'
import type { Overview } from '../answers'
import { within } from '../parameters'
import type { Parts } from '../parts'
import { tierCounts } from '../tiers'
import { tracesWithin } from '../traces-within'
import { count, numberOrNull, usageOf } from './row'

/** Percentiles are over requests: the durations of root spans, and the time to first token of streams. */
export async function overview(parts: Parts, period: TimeRangeNs): Promise<Overview> {
  const { store } = parts
  const ttft = firstTokenMs(await knownKeys(store))
  const traces = await tracesWithin(store, period)
  const sum = (column: string) => `coalesce(sum(${column}), 0) AS ${column}`
  const roots = [
    `SELECT root_duration_ns AS ns FROM (${traces.parts}) WHERE roots = 1`,
    ...(traces.hasForests
      ? [
          `SELECT s.duration_ns AS ns FROM spans s
          WHERE ${within(period)} AND s.parent_id = 0 AND s.trace_id IN (SELECT trace_id FROM (${traces.parts}) WHERE roots > 1)`,
        ]
      : []),
  ].join(' UNION ALL ')
  const [[sums], [requests], [streams], tiers] = await Promise.all([
    store.query(`
      SELECT ${['spans', 'errors', 'calls', 'no_price', 'no_usage', 'cache_read', 'cache_write', 'reasoning'].map(sum).join(', ')},
        count(*) FILTER (errors > 0) AS failed_traces, sum(cost) AS cost, sum(input) AS input, sum(output) AS output FROM (${traces.parts})`),
    store.query(`SELECT quantile_cont(ns / 1e6, [0.5, 0.95]) AS ms FROM (${roots})`),
    store.query(
      `SELECT quantile_cont(${ttft}, 0.95) AS ms FROM spans s WHERE ${within(period)} AND ${ttft} IS NOT NULL AND ${isCall}`,
    ),
    tierCounts(parts, traces),
  ])
  const { inputTokens, outputTokens, ...usage } = usageOf(sums!)
  const [p50, p95] = (requests!.ms as number[] | null) ?? []
  return {
    traces: tiers.detailed + tiers.sampled + tiers.errors,
    spans: count(sums!.spans),
    failedTraces: count(sums!.failed_traces),
    ...usage,
    tokens: {
      input: inputTokens,
      output: outputTokens,
      cacheRead: count(sums!.cache_read),
      cacheWrite: count(sums!.cache_write),
      reasoning: count(sums!.reasoning),
    },
    p50Ms: numberOrNull(p50),
    p95Ms: numberOrNull(p95),
    ttftP95Ms: numberOrNull(streams!.ms),
    tiers,
    keptDays: parts.retention.traces,
  }
}

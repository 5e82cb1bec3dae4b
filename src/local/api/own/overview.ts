// `GET /api/afn/overview`: the figures of a window, over the spans that began in it.
import {
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../../semconv'
import { attribute } from '../../store/columns'
import type { Overview } from '../answers'
import { type Period, within } from '../parameters'
import type { Parts } from '../parts'
import { tierCounts } from '../tiers'
import { cost, failures, firstTokenMs, inputTokens, isCall, totals } from './calls'
import { count, numberOrNull } from './row'

/** Percentiles are those of requests: the durations of root spans, and of streams the time to the first token. */
export async function overview(parts: Parts, period: Period): Promise<Overview> {
  const sum = (key: string) => `coalesce(sum(${attribute('span', key, 'int')}) FILTER (${isCall}), 0)::BIGINT`
  const [[row], tiers] = await Promise.all([
    parts.store.query(`
      SELECT count(*) AS spans, count(DISTINCT s.trace_id) AS traces, ${failures}, ${totals},
        count(*) FILTER (${isCall} AND ${inputTokens} IS NOT NULL AND ${cost} IS NULL) AS unpriced,
        ${sum(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS)} AS cache_read,
        ${sum(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS)} AS cache_write,
        ${sum(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS)} AS reasoning,
        quantile_cont(s.duration_ns / 1e6, [0.5, 0.95]) FILTER (s.parent_id = 0) AS request_ms,
        quantile_cont(${firstTokenMs}, 0.95) FILTER (${isCall}) AS ttft_ms
      FROM spans s WHERE ${within(period)}`),
    tierCounts(parts, period),
  ])
  const [p50, p95] = (row!.request_ms as number[] | null) ?? []
  return {
    traces: count(row!.traces),
    spans: count(row!.spans),
    errors: count(row!.failed),
    calls: count(row!.calls),
    costUsd: numberOrNull(row!.cost),
    unpriced: count(row!.unpriced),
    tokens: {
      input: count(row!.input),
      output: count(row!.output),
      cacheRead: count(row!.cache_read),
      cacheWrite: count(row!.cache_write),
      reasoning: count(row!.reasoning),
    },
    p50Ms: numberOrNull(p50),
    p95Ms: numberOrNull(p95),
    ttftP95Ms: numberOrNull(row!.ttft_ms),
    tiers,
  }
}

// `GET /api/afn/overview`: the figures of a window, over the spans that began in it.
import {
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../../semconv'
import { cost, failures, firstTokenMs, isCall, unpriced } from '../../store/calls'
import { attribute } from '../../store/columns'
import { knownKeys } from '../../traceql/known-keys'
import type { Overview } from '../answers'
import { type Period, within } from '../parameters'
import type { Parts } from '../parts'
import { tierCounts } from '../tiers'
import { count, numberOrNull, unpricedOf } from './row'

/** Percentiles are those of requests: the durations of root spans, and of streams the time to the first token. */
export async function overview(parts: Parts, period: Period): Promise<Overview> {
  const { store } = parts
  const ttft = firstTokenMs(await knownKeys(store))
  const sum = (key: string) => `coalesce(sum(${attribute('span', key, 'int')}), 0)`
  const sumOrNull = (key: string) => `CASE WHEN count(*) = 0 THEN 0 ELSE sum(${attribute('span', key, 'int')}) END`
  const [[spans], [calls], tiers] = await Promise.all([
    store.query(`
      SELECT count(*) AS spans, ${failures}, count(DISTINCT s.trace_id) FILTER (s.status = 2) AS failed_traces, sum(${cost}) AS cost,
        quantile_cont(s.duration_ns / 1e6, [0.5, 0.95]) FILTER (s.parent_id = 0) AS request_ms
      FROM spans s WHERE ${within(period)}`),
    store.query(`
      SELECT count(*) AS calls, ${unpriced},
        ${sumOrNull(ATTR_GEN_AI_USAGE_INPUT_TOKENS)} AS input, ${sumOrNull(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS)} AS output,
        ${sum(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS)} AS cache_read,
        ${sum(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS)} AS cache_write,
        ${sum(ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS)} AS reasoning, quantile_cont(${ttft}, 0.95) AS ttft_ms
      FROM spans s WHERE ${within(period)} AND ${isCall}`),
    tierCounts(parts, period),
  ])
  const [p50, p95] = (spans!.request_ms as number[] | null) ?? []
  return {
    traces: tiers.detailed + tiers.sampled + tiers.errors,
    spans: count(spans!.spans),
    errors: count(spans!.failed),
    failedTraces: count(spans!.failed_traces),
    calls: count(calls!.calls),
    costUsd: numberOrNull(spans!.cost),
    ...unpricedOf(calls!),
    tokens: {
      input: numberOrNull(calls!.input),
      output: numberOrNull(calls!.output),
      cacheRead: count(calls!.cache_read),
      cacheWrite: count(calls!.cache_write),
      reasoning: count(calls!.reasoning),
    },
    p50Ms: numberOrNull(p50),
    p95Ms: numberOrNull(p95),
    ttftP95Ms: numberOrNull(calls!.ttft_ms),
    tiers,
    keptDays: parts.retention.traces,
  }
}

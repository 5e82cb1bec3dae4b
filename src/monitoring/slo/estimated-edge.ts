/**
 * A latency SLI is exact if its histogram has a bucket boundary at the threshold. OpenTelemetry's recommended boundaries for HTTP, used by
 * services in every language, have none between 1 and 2.5 s. In such gaps, observations are assumed to be evenly distributed, as in
 * Prometheus' `histogram_quantile` (decision 73).
 */
import type { Metric } from './spec'

/** The boundaries around a threshold, and the share of observations between them that counts as below it, 0 to 1. */
export interface Estimate {
  readonly lower: number
  readonly upper: number
  readonly share: number
}

/** Histograms in seconds whose thresholds may lie between boundaries. */
export const estimatedMetrics: readonly string[] = ['http.server.request.duration', 'http.client.request.duration']

/** HTTP semantic conventions 1.23. */
const advised = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** @returns undefined if the threshold equals a boundary, lies outside of them, or belongs to another histogram */
export function estimateOf({ name, unit }: Pick<Metric, 'name' | 'unit'>, threshold: number): Estimate | undefined {
  if (unit !== 's' || !estimatedMetrics.includes(name)) return undefined
  const at = advised.findIndex(boundary => boundary >= threshold)
  const [lower, upper] = [advised[at - 1], advised[at]]
  if (lower === undefined || upper === undefined || upper === threshold) return undefined
  return { lower, upper, share: (threshold - lower) / (upper - lower) }
}

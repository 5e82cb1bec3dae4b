/**
 * A latency is counted exactly where its histogram has a bucket that ends at the threshold. The boundaries that OpenTelemetry advises for
 * HTTP, which services in every language have, end at none between 1 and 2.5 s. There the observations between the two boundaries next to
 * the threshold are taken as evenly spread, as Prometheus' `histogram_quantile` takes them (decision 73).
 */
import type { Metric } from './spec'

/** The boundaries around a threshold, and how many of the observations between them count as below it: 0 to 1. */
export interface Estimate {
  readonly lower: number
  readonly upper: number
  readonly share: number
}

/** Whose thresholds may lie between two boundaries; in seconds. */
export const estimatedMetrics: readonly string[] = ['http.server.request.duration', 'http.client.request.duration']

/** HTTP semantic conventions 1.23. */
const advised = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** @returns `undefined` where the threshold is such a boundary, lies outside of them, or is another histogram's */
export function estimateOf({ name, unit }: Pick<Metric, 'name' | 'unit'>, threshold: number): Estimate | undefined {
  if (unit !== 's' || !estimatedMetrics.includes(name)) return undefined
  const at = advised.findIndex(boundary => boundary >= threshold)
  const [lower, upper] = [advised[at - 1], advised[at]]
  if (lower === undefined || upper === undefined || upper === threshold) return undefined
  return { lower, upper, share: (threshold - lower) / (upper - lower) }
}

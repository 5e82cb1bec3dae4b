// How the series of calls are shown, in a chart and in the table below it.
import type { SeriesMetric } from '../../api/answers'
import { count, durationMs, usd } from './format'

/** Of a chart; as many as there are colours. */
export const LINES = 8

export const FORMATS: Readonly<Record<SeriesMetric, (value: number) => string>> = {
  cost: usd,
  calls: count,
  tokens: count,
  errors: count,
  latency: durationMs,
  ttft: durationMs,
}

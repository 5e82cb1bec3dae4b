// `GET /api/metrics/query_range` and `/api/metrics/query`, computed by src/local/traceql.
import { Refused } from '../../body'
import { answerInstant, answerRange } from '../../traceql/metrics'
import { BadRange, readInstantQuestion, readRangeQuestion } from '../../traceql/metrics/question'
import type { Ask } from '../parameters'
import type { Parts } from '../parts'

/** @throws TraceqlError, or Refused with 400 */
export async function rangeMetrics({ store, now }: Parts, ask: Ask, restriction: string | undefined) {
  const question = within400(() => readRangeQuestion(ask, now()))
  return withMetrics(await answerRange(store, textOf(ask), { ...question, restriction }))
}

/** @throws TraceqlError, or Refused with 400 */
export async function instantMetrics({ store, now }: Parts, ask: Ask, restriction: string | undefined) {
  const range = within400(() => readInstantQuestion(ask, now()))
  return withMetrics(await answerInstant(store, textOf(ask), { ...range, restriction }))
}

/** Grafana asks with `q`, older ones with `query`. */
const textOf = (ask: Ask): string => ask('q') || ask('query') || ''

function within400<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadRange) throw new Refused(400, error.message)
    throw error
  }
}

function withMetrics<Series>({ series, warnings }: { series: readonly Series[]; warnings: readonly string[] }) {
  return { series, metrics: { completedJobs: 1, totalJobs: 1 }, ...(warnings.length > 0 && { warnings }) }
}

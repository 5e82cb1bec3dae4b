// `GET /api/metrics/query_range` and `/api/metrics/query`, computed by src/backend/traceql.

import { Refused } from '../../body'
import type { QueryParams } from '../../request-parameters'
import { answerInstant, answerRange } from '../../traceql/metrics'
import { BadRange, readInstantQuestion, readRangeQuestion } from '../../traceql/metrics/range-parameters'
import type { Parts } from '../parts'

/** @throws TraceqlError, or Refused with 400 */
export async function rangeMetrics({ store, now }: Parts, params: QueryParams, restriction: string | undefined) {
  const question = within400(() => readRangeQuestion(params, now()))
  return withMetrics(
    await answerRange(store, textOf(params), { ...question, restriction, isRunning: params('running') === 'true' }),
  )
}

/** @throws TraceqlError, or Refused with 400 */
export async function instantMetrics({ store, now }: Parts, params: QueryParams, restriction: string | undefined) {
  const range = within400(() => readInstantQuestion(params, now()))
  return withMetrics(await answerInstant(store, textOf(params), { ...range, restriction }))
}

/** Newer versions of Grafana send `q`, older ones `query`. */
const textOf = (params: QueryParams): string => params('q') || params('query') || ''

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

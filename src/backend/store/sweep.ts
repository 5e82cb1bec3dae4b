// Deletes expired data: traces by their highest tier, metrics by resolution, and log records by class.
import type { DuckDBConnection } from '@duckdb/node-api'
import { secondsOfDuration } from '../../shared/queries/window'
import { type Policies, type Retention, resolutionSteps } from '../../shared/tiers'
import { inTransaction } from './duckdb'
import { keptFromSql, nsOfDays } from './retention-start'
import { attributeMaps } from './schema'
import { tierExpression } from './tier'
import { joinSplit } from './trace-backfill'

export interface SweepOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  /** In days. */
  readonly retention: Retention
  readonly policies: Policies
}

/**
 * Each signal has its own transaction, independent of failures of the others; the next commit can use the freed space.
 * @param connection used by nothing else in the meantime
 */
export async function sweep(connection: DuckDBConnection, options: SweepOptions): Promise<void> {
  const failures: unknown[] = []
  for (const statements of [traces(options), [joinSplit], logs(options), metrics(options)])
    await inTransaction(connection, statements).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Records whose retention began before this have been kept for that many days. */
const before = ({ now }: SweepOptions, days: number): bigint => BigInt(Math.floor(now)) * 1_000_000n - nsOfDays(days)

/** A condition for records that have expired, by the retention of their tier or class. @param end when the record ended */
function isOver(options: SweepOptions, days: Readonly<Record<string, number>>, of: string, end: string): string {
  const cases = Object.entries(days).map(
    ([name, kept]) => `WHEN '${name}' THEN ${keptFromSql(end, kept)} < ${before(options, kept)}`,
  )
  return `CASE ${of} ${cases.join(' ')} END`
}

/** A trace expires when its last span does. */
const traces = (options: SweepOptions): string[] =>
  deleteTraces(
    `SELECT trace_id FROM traces WHERE ${isOver(options, options.retention.traces, tierExpression(options.policies), 'last_ns')}`,
  )

/** @param ids a SELECT of `trace_id` */
export const deleteTraces = (ids: string): string[] => [
  `CREATE OR REPLACE TEMP TABLE gone AS ${ids}`,
  ...['spans', 'trace_parts'].map(table => `DELETE FROM ${table} WHERE trace_id IN (SELECT trace_id FROM gone)`),
  'DROP TABLE gone',
]

function logs(options: SweepOptions): string[] {
  return [`DELETE FROM logs WHERE ${isOver(options, options.retention.logs, 'class', 'time_ns')}`]
}

/** Columns that identify a series. */
const series = ['resource', 'scope', 'name', 'unit', 'kind', 'temporality', ...Object.values(attributeMaps)].join(', ')

/** AGGREGATION_TEMPORALITY_DELTA: a point has the change since the previous one, so downsampling adds the points of a step. */
const DELTA = 1
/** Exponential histograms with deltas keep all points, because SQL cannot add up buckets of different scales. */
const isApart = `(temporality = ${DELTA} AND kind = 'exponentialHistogram')`

/** Caps a sum at 64 bits. */
const bounded = (sum: string): string =>
  `CASE WHEN ${sum} < ${2n ** 64n} THEN ${sum} WHEN ${sum} IS NOT NULL THEN ${2n ** 64n - 1n} END::UBIGINT`

const added = `min(start_ns) AS start_ns, sum(value) AS value, ${bounded('sum(count)')} AS count, sum(sum) AS sum, min(min) AS min,
  max(max) AS max, list_reduce(list(bucket_counts) FILTER (bucket_counts IS NOT NULL),
    lambda a, b: list_transform(list_zip(a, b), lambda pair: ${bounded('pair[1]::HUGEINT + pair[2]')})) AS bucket_counts`

/** Downsamples expired points: each step keeps one point in the coarser resolution, the last one, or the sum of all deltas. */
function metrics(options: SweepOptions): string[] {
  const { high, medium, low } = options.retention.metrics
  return [
    ...thin(options, 'high', 'medium', resolutionSteps.medium, high),
    ...thin(options, 'medium', 'low', resolutionSteps.low, medium),
    `DELETE FROM metric_points WHERE resolution = 'low' AND ${keptFromSql('time_ns', low)} < ${before(options, low)}`,
  ]
}

function thin(options: SweepOptions, from: string, to: string, step: string, days: number): string[] {
  const stepNs = BigInt(secondsOfDuration('step', step)) * 1_000_000_000n
  // Only whole steps: a step that two sweeps thin out would keep two points.
  const end = (before(options, days) / stepNs) * stepNs
  const over = `resolution = '${from}' AND ${keptFromSql('time_ns', days)} < ${end}`
  const inTime = `time_ns // ${stepNs}`
  // Histograms are only added if their bounds are equal.
  const group = `${series}, ${inTime}, CASE WHEN temporality = ${DELTA} THEN bounds END`
  const inStep = `FROM metric_points WHERE ${over} AND NOT ${isApart}`
  return [
    `UPDATE metric_points p SET start_ns = a.start_ns, value = a.value, count = a.count, sum = a.sum, min = a.min, max = a.max,
      bucket_counts = a.bucket_counts, point = NULL
    FROM (SELECT max_by(seq, time_ns) AS seq, ${added} ${inStep} AND temporality = ${DELTA} GROUP BY ${group} HAVING count(*) > 1) a
    WHERE p.seq = a.seq`,
    `UPDATE metric_points SET resolution = '${to}'
    WHERE seq IN (SELECT max_by(seq, time_ns) ${inStep} GROUP BY ${group}) OR (${over} AND ${isApart})`,
    `DELETE FROM metric_points WHERE ${over}`,
  ]
}

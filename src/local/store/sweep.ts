// Takes out what has been kept for its time: traces by their highest tier, metrics by resolution, log records by class. Called
// by store.ts, when the store opens and from time to time.
import type { DuckDBConnection } from '@duckdb/node-api'
import { steps } from '../../pipeline/metric-resolutions'
import { secondsOfDuration } from '../../queries/window'
import type { Policies, Retention } from '../../tiers'
import { attributeMaps } from './schema'
import { foldedSpans, tierExpression } from './tier'

const dayNs = 86_400_000_000_000n

export interface SweepOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  /** In days. */
  readonly retention: Retention
  readonly policies: Policies
}

/**
 * Each signal in a transaction of its own; the room is then free for what comes.
 * @param connection that nobody else uses meanwhile
 */
export async function sweep(connection: DuckDBConnection, options: SweepOptions): Promise<void> {
  for (const statements of [traces(options), logs(options), metrics(options)]) {
    await connection.run('BEGIN')
    try {
      for (const statement of statements) await connection.run(statement)
      await connection.run('COMMIT')
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => {})
      throw error
    }
  }
}

/** What ended before this has been kept for so many days. */
const before = ({ now }: SweepOptions, days: number): bigint =>
  BigInt(Math.floor(now)) * 1_000_000n - BigInt(Math.round(days * 1000)) * (dayNs / 1000n)

/** By tier or class, the expression of the time that is too early. */
function bounds(options: SweepOptions, days: Readonly<Record<string, number>>, of: string): string {
  const cases = Object.entries(days).map(([name, kept]) => `WHEN '${name}' THEN ${before(options, kept)}`)
  return `CASE ${of} ${cases.join(' ')} END`
}

/** A trace is over when its last span is. */
function traces(options: SweepOptions): string[] {
  const { retention, policies } = options
  const earliest = before(options, Math.min(...Object.values(retention.traces)))
  const ended = `(SELECT DISTINCT trace_id FROM spans WHERE start_ns + duration_ns < ${earliest})`
  const folded = `SELECT s.trace_id, ${foldedSpans} FROM spans s WHERE s.trace_id IN ${ended} GROUP BY s.trace_id`
  const over = `SELECT trace_id FROM (${folded}) WHERE last_ns < ${bounds(options, retention.traces, tierExpression(policies))}`
  return [`DELETE FROM spans WHERE trace_id IN (${over})`]
}

function logs(options: SweepOptions): string[] {
  return [`DELETE FROM logs WHERE time_ns < ${bounds(options, options.retention.logs, 'class')}`]
}

/** What makes points those of one series. */
const series = ['resource', 'scope', 'name', 'unit', 'kind', 'temporality', ...Object.values(attributeMaps)].join(', ')

/** Of a finer resolution whose time is over, the last point of each step goes on in the coarser one. */
function metrics(options: SweepOptions): string[] {
  const { high, medium, low } = options.retention.metrics
  return [
    ...thin('high', 'medium', steps.medium, before(options, high)),
    ...thin('medium', 'low', steps.low, before(options, medium)),
    `DELETE FROM metric_points WHERE resolution = 'low' AND time_ns < ${before(options, low)}`,
  ]
}

function thin(from: string, to: string, step: string, end: bigint): string[] {
  const stepNs = BigInt(secondsOfDuration('step', step)) * 1_000_000_000n
  // Whole steps: a step that is thinned in two sweeps would keep two points.
  const over = `resolution = '${from}' AND time_ns < ${(end / stepNs) * stepNs}`
  const lasts = `SELECT max_by(seq, time_ns) FROM metric_points WHERE ${over} GROUP BY ${series}, time_ns // ${stepNs}`
  return [
    `UPDATE metric_points SET resolution = '${to}' WHERE seq IN (${lasts})`,
    `DELETE FROM metric_points WHERE ${over}`,
  ]
}

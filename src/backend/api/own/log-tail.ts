// `GET /api/afn/logs/tail`: the log records that arrived since the last request, of which a page may show only the newest.

import { Refused } from '../../body'
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import type { LogTail } from '../log-answers'
import { integer } from '../parameters'
import type { Parts } from '../parts'
import { logFiltersOf, matching } from './log-filters'
import { lineOf, logColumns } from './logs'
import { count } from './row'

/** Without `after` the newest records of the period. @throws Refused with 400 */
export async function logTail({ store }: Parts, params: QueryParams, period: TimeRangeNs): Promise<LogTail> {
  const limit = integer(params, 'limit', 1, 1_000) ?? 200
  const filters = logFiltersOf(params)
  const after = placeOf(params('after'))
  const [row] = await store.query('SELECT coalesce(max(seq), -1) + 1 AS next FROM logs')
  const next = BigInt(String(row!.next))
  // a store that was begun anew, or lost its newest records, counts from fewer
  const arrived =
    after === undefined || after > next
      ? `l.time_ns >= ${period.fromNs} AND l.time_ns < ${period.toNs}`
      : `l.seq >= ${after}`
  const from = `FROM logs l JOIN resources r ON r.id = l.resource
    WHERE ${arrived} AND l.seq < ${next} AND ${matching(filters)}`
  const rows = await store.query(`SELECT ${logColumns} ${from} ORDER BY l.seq DESC LIMIT ${limit}`, filters.values)
  const isFull = after !== undefined && rows.length === limit
  const [all] = isFull ? await store.query(`SELECT count(*) AS n ${from}`, filters.values) : []
  return {
    logs: rows.map(lineOf),
    skipped: isFull ? count(all!.n) - rows.length : 0,
    after: String(next),
  }
}

function placeOf(after: string | undefined): bigint | undefined {
  if (!after) return undefined
  if (/^\d{1,18}$/.test(after)) return BigInt(after)
  throw new Refused(400, `invalid after: "${after}" is not a cursor from a previous response`)
}

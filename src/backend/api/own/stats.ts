// `GET /api/afn/stats`: what is stored, and what was received since the start.
import { version } from '../../../shared/version'
import type { Stats } from '../answers'
import { secondsOf } from '../parameters'
import type { Parts } from '../parts'
import { count } from './row'

export async function stats({ store, bytes, otlp }: Parts): Promise<Stats> {
  const [row] = await store.query(`
    SELECT (SELECT count(*) FROM spans) AS spans, count(*) AS traces, min(first_ns) AS oldest,
      max(least(last_start_ns, received_ns)) AS newest,
      (SELECT count(*) FROM logs) AS logs, (SELECT count(*) FROM metric_points) AS points FROM traces`)
  const time = (ns: unknown) => (ns === null ? null : secondsOf(ns))
  return {
    spans: count(row!.spans),
    traces: count(row!.traces),
    logs: count(row!.logs),
    metricPoints: count(row!.points),
    bytes: bytes(),
    maxBytes: store.limits.maxBytes || null,
    kept: store.limits.retention,
    oldest: time(row!.oldest),
    newest: time(row!.newest),
    received: store.vitals.counts.received,
    rejected: store.vitals.counts.rejected,
    otlp: otlp ?? null,
    version,
  }
}

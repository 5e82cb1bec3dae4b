// By which numbers the traces of a search may be sorted, in SQL: `sort` of `GET /api/search`.
import { service } from '../traceql/statement'
import type { TraceSort } from './answers'

/** Of `traces t` and the resource `r` of the root; NULL where it is not known. */
export const orders: Readonly<Record<TraceSort, string>> = {
  start: 't.first_ns',
  root: 't.root_name',
  service: `CASE WHEN t.roots > 0 THEN ${service} END`,
  duration: 't.last_ns - t.first_ns',
  spans: 't.spans',
  errors: 't.errors',
  tokens: 'CASE WHEN t.calls > 0 THEN coalesce(t.input, 0) + coalesce(t.output, 0) END',
  cost: 't.cost',
}

// The sort orders of a trace search in SQL: `sort` of `GET /api/search`.
import { service } from '../traceql/statement'
import type { TraceSort } from './answers'

/** Expressions over `traces s` and the root's resource `r`; NULL if unknown. */
export const orders: Readonly<Record<TraceSort, string>> = {
  start: 's.first_ns',
  root: 's.root_name',
  service: `CASE WHEN s.roots > 0 THEN ${service} END`,
  duration: 's.last_ns - s.first_ns',
  spans: 's.spans',
  errors: 's.errors',
  tokens: 'CASE WHEN s.calls > 0 THEN coalesce(s.input, 0) + coalesce(s.output, 0) END',
  cost: 's.cost',
}

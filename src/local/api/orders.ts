// By which numbers the traces of a search may be sorted, in SQL: `sort` of `GET /api/search`.

import { cost, isCall, tokens } from '../store/calls'
import { service } from '../traceql/statement'
import type { TraceSort } from './answers'

const ofRoot = (sql: string): string => `arg_min(${sql}, s.seq) FILTER (WHERE s.parent_id = 0)`

/** Each an aggregate over `spans s` and `resources r`; NULL where it is not known. */
export const orders: Readonly<Record<TraceSort, string>> = {
  start: 'min(s.start_ns)',
  root: ofRoot('s.name'),
  service: ofRoot(service),
  duration: 'max(s.start_ns + s.duration_ns) - min(s.start_ns)',
  spans: 'count(*)',
  errors: 'count(*) FILTER (s.status = 2)',
  tokens: `sum(${tokens}) FILTER (${isCall})`,
  cost: `sum(${cost})`,
}

// The words of TraceQL that completion offers.

import { spanKinds, statusCodes } from '../../../shared/otlp/trace'
import { intrinsics, shortName } from '../../traceql/names'

export const SCOPES = ['span.', 'resource.', 'event.', 'link.', 'instrumentation.', 'parent.']

/** By their shorter names, where they have two. */
export const INTRINSICS = [...new Set([...intrinsics.values()].map(shortName))]

/** Values that are words, not strings. */
export const KEYWORD_VALUES: Readonly<Record<string, readonly string[]>> = { status: statusCodes, kind: spanKinds }

export const OPERATORS = ['=', '!=', '=~', '!~', '>', '>=', '<', '<=', '&&', '||']

/** What may follow `|`, as it is written with its brackets. */
export const STAGES = [
  'select()',
  'by()',
  'coalesce()',
  'count()',
  'avg()',
  'sum()',
  'min()',
  'max()',
  'rate()',
  'count_over_time()',
  'sum_over_time()',
  'avg_over_time()',
  'min_over_time()',
  'max_over_time()',
  'quantile_over_time()',
  'histogram_over_time()',
  'compare()',
  'topk()',
  'bottomk()',
]

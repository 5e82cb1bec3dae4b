// The words of TraceQL that completion offers. Called by complete.ts.

export const SCOPES = ['span.', 'resource.', 'event.', 'link.', 'instrumentation.', 'parent.']

export const INTRINSICS = [
  'name',
  'duration',
  'status',
  'statusMessage',
  'kind',
  'rootName',
  'rootServiceName',
  'traceDuration',
  'nestedSetParent',
  'span:id',
  'span:parentID',
  'span:childCount',
  'trace:id',
  'event:name',
  'event:timeSinceStart',
  'link:traceID',
  'link:spanID',
  'instrumentation:name',
  'instrumentation:version',
]

/** Values that are words, not strings. */
export const KEYWORD_VALUES: Readonly<Record<string, readonly string[]>> = {
  status: ['ok', 'error', 'unset'],
  kind: ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'],
}

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

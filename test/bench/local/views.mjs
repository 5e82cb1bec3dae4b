// What the explorer requests other than searches, over the whole set, with a start and an end.
export const views = {
  overview: '/api/afn/overview',
  'cost by model': '/api/afn/series?metric=cost&by=model&step=60',
  'latency by service': '/api/afn/series?metric=latency&by=service&step=60',
  'time to first token by model': '/api/afn/series?metric=ttft&by=model&step=60',
  'tokens by user': '/api/afn/series?metric=tokens&by=user&step=60',
  map: '/api/afn/map',
  sessions: '/api/afn/sessions?limit=200',
  errors: '/api/afn/errors?limit=200',
  stats: '/api/afn/stats',
  'spans over time': '/api/metrics/query_range?q={} | count_over_time() by (status)&step=60s',
  tags: '/api/v2/search/tags',
  'values of a promoted field': '/api/v2/search/tag/span.http.route/values',
  'values of another attribute': '/api/v2/search/tag/span.tenant.name/values',
}

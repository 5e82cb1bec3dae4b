// Datasets of the GraphQL Analytics API, and the metrics that become of them. Cloudflare publishes no schema: the names are those that public
// exporters send. https://developers.cloudflare.com/analytics/graphql-api/features/data-sets/

export interface Measure {
  readonly metric: string
  /** OpenTelemetry's, of the metric. */
  readonly unit: string
  /** Such as `count` or `sum.visits`. */
  readonly field: string
  /** What the field is divided by. Default 1. */
  readonly divisor?: number
  readonly attributes?: Readonly<Record<string, string>>
}

export interface Dataset {
  readonly node: string
  readonly of: 'zone' | 'account'
  readonly measures: readonly Measure[]
  /** Attribute by dimension. */
  readonly dimensions: Readonly<Record<string, string>>
}

/** In a second. */
const MS = 1_000
const US = 1_000_000

const quantiles = (metric: string, field: string, divisor: number, of: readonly number[]): Measure[] =>
  of.map(percent => ({ metric, unit: 's', field: `quantiles.${field}P${percent}`, divisor, attributes: { quantile: String(percent / 100) } })) // biome-ignore format: one line

export const datasets: readonly Dataset[] = [
  {
    node: 'httpRequestsAdaptiveGroups',
    of: 'zone',
    measures: [
      { metric: 'afn.cloudflare.requests', unit: '{request}', field: 'count' },
      { metric: 'afn.cloudflare.response.size', unit: 'By', field: 'sum.edgeResponseBytes' },
      { metric: 'afn.cloudflare.visits', unit: '{visit}', field: 'sum.visits' },
    ],
    dimensions: { edgeResponseStatus: 'http.response.status_code', cacheStatus: 'cloudflare.cache.status' },
  },
  {
    node: 'httpRequestsAdaptiveGroups',
    of: 'zone',
    measures: [
      ...quantiles('afn.cloudflare.time_to_first_byte', 'edgeTimeToFirstByteMs', MS, [50, 95, 99]),
      ...quantiles('afn.cloudflare.origin.duration', 'originResponseDurationMs', MS, [50, 95, 99]),
    ],
    dimensions: {},
  },
  {
    node: 'firewallEventsAdaptiveGroups',
    of: 'zone',
    measures: [{ metric: 'afn.cloudflare.firewall.events', unit: '{event}', field: 'count' }],
    dimensions: { action: 'cloudflare.firewall.action', source: 'cloudflare.firewall.source' },
  },
  {
    node: 'healthCheckEventsAdaptiveGroups',
    of: 'zone',
    measures: [{ metric: 'afn.cloudflare.health_check.events', unit: '{event}', field: 'count' }],
    dimensions: { healthStatus: 'cloudflare.health_check.status', region: 'cloudflare.region', fqdn: 'server.address' },
  },
  {
    node: 'workersInvocationsAdaptive',
    of: 'account',
    measures: [
      { metric: 'afn.cloudflare.worker.requests', unit: '{request}', field: 'sum.requests' },
      { metric: 'afn.cloudflare.worker.errors', unit: '{error}', field: 'sum.errors' },
      { metric: 'afn.cloudflare.worker.subrequests', unit: '{request}', field: 'sum.subrequests' },
      ...quantiles('afn.cloudflare.worker.cpu_time', 'cpuTime', US, [50, 99]),
    ],
    dimensions: { scriptName: 'cloudflare.script.name', status: 'cloudflare.script.outcome' },
  },
  {
    node: 'pagesFunctionsInvocationsAdaptiveGroups',
    of: 'account',
    measures: [
      { metric: 'afn.cloudflare.pages.requests', unit: '{request}', field: 'sum.requests' },
      { metric: 'afn.cloudflare.pages.errors', unit: '{error}', field: 'sum.errors' },
    ],
    dimensions: { scriptName: 'cloudflare.script.name' },
  },
  {
    node: 'rumPageloadEventsAdaptiveGroups',
    of: 'account',
    measures: [
      { metric: 'afn.cloudflare.page.loads', unit: '{load}', field: 'count' },
      { metric: 'afn.cloudflare.page.visits', unit: '{visit}', field: 'sum.visits' },
    ],
    dimensions: { requestHost: 'server.address' },
  },
]

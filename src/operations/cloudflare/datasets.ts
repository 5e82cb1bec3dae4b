// Defines the datasets of the GraphQL Analytics API and the metrics made from them. Cloudflare publishes no schema; the names are those
// that public exporters use. https://developers.cloudflare.com/analytics/graphql-api/features/data-sets/
import * as names from '../../../semconv'

export interface Measure {
  readonly metric: string
  /** OpenTelemetry's unit of the metric. */
  readonly unit: string
  /** Such as `count` or `sum.visits`. */
  readonly field: string
  /** The divisor of the field's value. Default 1. */
  readonly divisor?: number
  readonly attributes?: Readonly<Record<string, string>>
}

export interface Dataset {
  readonly node: string
  readonly of: 'zone' | 'account'
  /** A GraphQL filter on its rows. */
  readonly filter?: string
  readonly measures: readonly Measure[]
  /** Dimension → attribute. */
  readonly dimensions: Readonly<Record<string, string>>
}

/** Divisors to seconds. */
const MS = 1_000
const US = 1_000_000

const measure = (metric: string, { unit }: { readonly unit: string }, field: string): Measure => ({
  metric,
  unit,
  field,
})

const quantiles = (metric: string, field: string, divisor: number, of: readonly number[]): Measure[] =>
  of.map(percent => ({
    metric,
    unit: 's',
    field: `quantiles.${field}P${percent}`,
    divisor,
    attributes: { [names.ATTR_AFN_CLOUDFLARE_QUANTILE]: String(percent / 100) },
  }))

/**
 * Requests of visitors, as the dashboard counts them. Without it, requests of Cloudflare's health checks, purges and Workers count too,
 * including those of our Worker. https://developers.cloudflare.com/analytics/graphql-api/migration-guides/graphql-api-analytics/
 */
const FROM_PEOPLE = 'requestSource:"eyeball"'

export const datasets: readonly Dataset[] = [
  {
    node: 'httpRequestsAdaptiveGroups',
    of: 'zone',
    filter: FROM_PEOPLE,
    measures: [
      measure(names.METRIC_AFN_CLOUDFLARE_REQUESTS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_REQUESTS, 'count'),
      measure(
        names.METRIC_AFN_CLOUDFLARE_RESPONSE_SIZE,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_RESPONSE_SIZE,
        'sum.edgeResponseBytes',
      ),
      measure(names.METRIC_AFN_CLOUDFLARE_VISITS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_VISITS, 'sum.visits'),
    ],
    dimensions: {
      edgeResponseStatus: names.ATTR_HTTP_RESPONSE_STATUS_CODE,
      cacheStatus: names.ATTR_AFN_CLOUDFLARE_CACHE_STATUS,
    },
  },
  {
    node: 'httpRequestsAdaptiveGroups',
    of: 'zone',
    filter: FROM_PEOPLE,
    measures: [
      ...quantiles(names.METRIC_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE, 'edgeTimeToFirstByteMs', MS, [50, 95, 99]),
      ...quantiles(names.METRIC_AFN_CLOUDFLARE_ORIGIN_DURATION, 'originResponseDurationMs', MS, [50, 95, 99]),
    ],
    dimensions: {},
  },
  {
    node: 'firewallEventsAdaptiveGroups',
    of: 'zone',
    measures: [
      measure(
        names.METRIC_AFN_CLOUDFLARE_FIREWALL_EVENTS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_FIREWALL_EVENTS,
        'count',
      ),
    ],
    dimensions: {
      action: names.ATTR_AFN_CLOUDFLARE_FIREWALL_ACTION,
      source: names.ATTR_AFN_CLOUDFLARE_FIREWALL_SOURCE,
    },
  },
  {
    node: 'healthCheckEventsAdaptiveGroups',
    of: 'zone',
    measures: [
      measure(
        names.METRIC_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS,
        'count',
      ),
    ],
    dimensions: {
      healthStatus: names.ATTR_AFN_CLOUDFLARE_HEALTH_CHECK_STATUS,
      region: names.ATTR_AFN_CLOUDFLARE_REGION,
      fqdn: names.ATTR_SERVER_ADDRESS,
    },
  },
  {
    node: 'workersInvocationsAdaptive',
    of: 'account',
    measures: [
      measure(
        names.METRIC_AFN_CLOUDFLARE_WORKER_REQUESTS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_REQUESTS,
        'sum.requests',
      ),
      measure(
        names.METRIC_AFN_CLOUDFLARE_WORKER_ERRORS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_ERRORS,
        'sum.errors',
      ),
      measure(
        names.METRIC_AFN_CLOUDFLARE_WORKER_SUBREQUESTS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_SUBREQUESTS,
        'sum.subrequests',
      ),
      ...quantiles(names.METRIC_AFN_CLOUDFLARE_WORKER_CPU_TIME, 'cpuTime', US, [50, 99]),
    ],
    dimensions: {
      scriptName: names.ATTR_AFN_CLOUDFLARE_SCRIPT_NAME,
      status: names.ATTR_AFN_CLOUDFLARE_SCRIPT_OUTCOME,
    },
  },
  {
    node: 'pagesFunctionsInvocationsAdaptiveGroups',
    of: 'account',
    measures: [
      measure(
        names.METRIC_AFN_CLOUDFLARE_PAGES_REQUESTS,
        names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_REQUESTS,
        'sum.requests',
      ),
      measure(names.METRIC_AFN_CLOUDFLARE_PAGES_ERRORS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_ERRORS, 'sum.errors'),
    ],
    dimensions: { scriptName: names.ATTR_AFN_CLOUDFLARE_SCRIPT_NAME },
  },
  {
    node: 'rumPageloadEventsAdaptiveGroups',
    of: 'account',
    measures: [
      measure(names.METRIC_AFN_CLOUDFLARE_PAGE_LOADS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_LOADS, 'count'),
      measure(names.METRIC_AFN_CLOUDFLARE_PAGE_VISITS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_VISITS, 'sum.visits'),
    ],
    dimensions: { requestHost: names.ATTR_SERVER_ADDRESS },
  },
]

/** Recognizes a quantile by its attribute. */
export const isQuantile = (attributes: Readonly<Record<string, string>>): boolean =>
  attributes[names.ATTR_AFN_CLOUDFLARE_QUANTILE] !== undefined

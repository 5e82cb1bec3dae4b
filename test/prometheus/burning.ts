// Services whose requests fail or are slow in known numbers, as OTLP metrics over three days: what burns follows from the numbers alone.

import type { Slo } from '../../src/monitoring/slo/spec'
import type { Document } from '../../src/shared/otlp/schema'

export interface Scene {
  readonly service: string
  /** Requests within one step that began so many minutes ago, how many of them failed, and how many were slower than two seconds. */
  at(minutesAgo: number): { readonly requests: number; readonly failed: number; readonly slow: number }
  /** Alerts that have to fire, and no others. */
  readonly fires: readonly string[]
}

/** Minutes between two points. */
export const STEP = 2
const DAYS = 3

/** Of 1,000 requests a step, so many fail. */
const failing = (failed: (minutesAgo: number) => number) => (minutesAgo: number) => ({
  requests: 1_000,
  failed: failed(minutesAgo),
  slow: 0,
})
/** 0.02 %: a fifth of what 99.9 % allows. */
const HEALTHY = (minutesAgo: number) => (minutesAgo % 10 === 0 ? 1 : 0)

/** The objective of the first six is 99.9 % of requests without failure, of the last that 95 % take at most two seconds; both over 30 days. */
export const scenes: readonly Scene[] = [
  { service: 'healthy', at: failing(HEALTHY), fires: [] },
  {
    // 50 times too fast for an hour: 8.3 times over 6 hours, 2.3 over a day, 0.9 over three
    service: 'fast',
    at: failing(ago => (ago <= 60 ? 50 : HEALTHY(ago))),
    fires: ['AvailabilityFastBurn', 'AvailabilityMediumBurn'],
  },
  {
    // 4 times too fast for two days: 4 times over a day, 2.7 over three
    service: 'slow',
    at: failing(ago => (ago <= 48 * 60 ? 4 : HEALTHY(ago))),
    fires: ['AvailabilityLongTermBurn', 'AvailabilitySlowBurn'],
  },
  { service: 'recovered', at: failing(ago => (ago > 150 && ago <= 210 ? 50 : HEALTHY(ago))), fires: [] },
  {
    service: 'silent',
    at: ago => (ago > 120 ? failing(HEALTHY)(ago) : { requests: 0, failed: 0, slow: 0 }),
    fires: [],
  },
  {
    // one failure of six requests is 167 times too fast, and no trend
    service: 'seldom',
    at: ago => ({ requests: ago <= 4 ? 3 : 0, failed: ago <= 2 ? 1 : 0, slow: 0 }),
    fires: [],
  },
  {
    // 40 % of 5 % for 8 hours: 8 times over 6 hours, 2.7 over a day, 0.9 over three
    service: 'tardy',
    at: ago => ({ requests: 1_000, failed: 0, slow: ago <= 8 * 60 ? 400 : 0 }),
    fires: ['LatencyMediumBurn'],
  },
]

const METRIC = { name: 'http.server.request.duration', unit: 's', type: 'histogram' } as const

export const slos: readonly Slo[] = scenes.map(({ service }) => {
  const where = [{ attribute: 'service.name', operator: '=', value: service }] as const
  const isTardy = service === 'tardy'
  const name = isTardy ? 'latency' : 'availability'
  const extras = { disabled: false, labels: {}, annotations: {} }
  return {
    id: `${service}-${name}`,
    service,
    name,
    description: '',
    objective: isTardy ? 95 : 99.9,
    period: '30d',
    labels: {},
    sli: isTardy
      ? { kind: 'latency', metric: METRIC, where, threshold: 2 }
      : {
          kind: 'ratio',
          metric: METRIC,
          where,
          selects: 'bad',
          alternatives: [[{ attribute: 'http.response.status_code', operator: '=~', value: '5..' }]],
        },
    alerts: {
      name: isTardy ? 'Latency' : 'Availability',
      page: extras,
      ticket: extras,
      severities: {
        fast_burn: 'critical',
        medium_burn: 'high',
        slow_burn: 'medium',
        long_term_burn: 'low',
        metric_absent: 'high',
        data_invalid: 'medium',
      },
      expectsData: 'always',
    },
    lowTraffic: { failures: { critical: 2, high: 2, medium: 2, low: 2 }, events: 0 },
    exclude: [],
    compat: undefined,
  }
})

/** `slo.yaml` with an objective of the service `fast`, and one that only Prometheus can rate. */
export const sloFile = `version: prometheus/v1
service: fast
slos:
  - name: availability
    objective: 99.9
    sli:
      ratio:
        metric: http.server.request.duration
        type: histogram
        bad:
          - http.response.status_code: { regex: "5.." }
  - name: by-query
    objective: 99
    sli:
      events:
        error_query: sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_server_request_duration_seconds_count[{{.window}}]))
`

/** Of all requests so far, by status. */
interface Totals {
  ok: number
  failed: number
  slow: number
}

/** All of them, as those who sum up what they sent know it. */
export function countsOf({ at }: Scene): { requests: number; failed: number; slow: number } {
  const all = { requests: 0, failed: 0, slow: 0 }
  for (let ago = DAYS * 1_440; ago > 0; ago -= STEP) {
    const { requests, failed, slow } = at(ago)
    all.requests += requests
    all.failed += failed
    all.slow += slow
  }
  return all
}

/**
 * One request of OTLP for each half hour, in the order of time.
 * @param now milliseconds since 1970: the time of the last point
 */
export function* requests(now: number): Generator<Document> {
  const totals = new Map<string, Totals>(scenes.map(({ service }) => [service, { ok: 0, failed: 0, slow: 0 }]))
  const first = DAYS * 1_440
  const start = nanoseconds(now - first * 60_000)
  // of older ones beside newer ones Prometheus takes half an hour
  const batch = 30
  for (let from = first; from >= 0; from -= batch) {
    const points = new Map<string, Document[]>(scenes.map(({ service }) => [service, []]))
    for (let ago = from; ago > from - batch && ago >= 0; ago -= STEP) {
      for (const { service, at } of scenes) {
        const total = totals.get(service)!
        // what was counted since the point before
        if (ago < first) {
          const { requests, failed, slow } = at(ago + STEP)
          total.ok += requests - failed
          total.failed += failed
          total.slow += slow
        }
        const time = nanoseconds(now - ago * 60_000)
        points
          .get(service)!
          .push(pointOf(start, time, '200', total.ok, total.slow), pointOf(start, time, '500', total.failed, 0))
      }
    }
    yield { resourceMetrics: [...points].map(([service, dataPoints]) => metricsOf(service, dataPoints)) }
  }
}

/** What a process says at a time that has counted since another, both in milliseconds since 1970. */
export const metricsUntil = (
  service: string,
  since: number,
  now: number,
  { ok, failed }: { ok: number; failed: number },
): Document => {
  const [start, time] = [nanoseconds(since), nanoseconds(now)]
  const points = [pointOf(start, time, '200', ok, 0), pointOf(start, time, '500', failed, 0)]
  return { resourceMetrics: [metricsOf(service, points)] }
}

const nanoseconds = (ms: number): string => `${Math.floor(ms)}000000`

const pointOf = (start: string, time: string, status: string, count: number, slow: number): Document => ({
  startTimeUnixNano: start,
  timeUnixNano: time,
  attributes: [
    { key: 'http.request.method', value: { stringValue: 'GET' } },
    { key: 'http.response.status_code', value: { intValue: status } },
  ],
  count: String(count),
  sum: count * 0.1,
  explicitBounds: [0.5, 2],
  bucketCounts: [String(count - slow), '0', String(slow)],
})

const metricsOf = (service: string, dataPoints: Document[]): Document => ({
  resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
  scopeMetrics: [
    {
      scope: { name: 'burning' },
      metrics: [{ ...{ name: METRIC.name, unit: METRIC.unit }, histogram: { aggregationTemporality: 2, dataPoints } }],
    },
  ],
})

// Metrics of one run as OTLP/JSON. All are gauges, because a Worker keeps no start time for sums.
import * as names from '../../../../semconv'
import type { Result } from './probe'

export interface Run {
  readonly service: string
  /** ms since 1970 */
  readonly at: number
  readonly results: readonly Result[]
  /** Seconds since the last heartbeat; absent if none is expected or none has arrived. */
  readonly heartbeatAge?: number
}

interface Point {
  readonly value: number
  readonly attributes?: Readonly<Record<string, string>>
}

/** @returns an ExportMetricsServiceRequest */
export function metricsOf({ service, at, results, heartbeatAge }: Run): object {
  const timeUnixNano = `${at}000000`
  const gauge = (name: string, { unit }: { readonly unit: string }, points: readonly Point[]) => ({
    name,
    unit,
    gauge: { dataPoints: points.map(({ value, attributes }) => ({ timeUnixNano, asDouble: value, ...(attributes && { attributes: attributesOf(attributes) }) })) }, // biome-ignore format: one line
  })
  const ofProbe = ({ name }: Result) => ({ [names.ATTR_AFN_PROBE_NAME]: name })
  const flag = (isSo: boolean) => (isSo ? 1 : 0)
  // a blocked probe does not show whether the target is up
  const known = results.filter(({ condition }) => condition !== 'blocked')
  const metrics = [
    gauge(names.METRIC_AFN_PROBE_UP, names.METRIC_OPTIONS_AFN_PROBE_UP, known.map(one => ({ value: flag(one.condition === 'up'), attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge(names.METRIC_AFN_PROBE_BLOCKED, names.METRIC_OPTIONS_AFN_PROBE_BLOCKED, results.map(one => ({ value: flag(one.condition === 'blocked'), attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge(names.METRIC_AFN_PROBE_DURATION, names.METRIC_OPTIONS_AFN_PROBE_DURATION, results.map(one => ({ value: one.durationMs / 1_000, attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge(names.METRIC_AFN_MONITOR_LAST_RUN, names.METRIC_OPTIONS_AFN_MONITOR_LAST_RUN, [{ value: at / 1_000 }]),
    ...(heartbeatAge === undefined ? [] : [gauge(names.METRIC_AFN_MONITOR_HEARTBEAT_AGE, names.METRIC_OPTIONS_AFN_MONITOR_HEARTBEAT_AGE, [{ value: heartbeatAge }])]), // biome-ignore format: one line
  ].filter(({ gauge }) => gauge.dataPoints.length > 0)
  const resource = { 'service.name': 'afn-otel-monitor', 'service.namespace': service, 'cloud.provider': 'cloudflare', 'cloud.platform': 'cloudflare_workers' } // biome-ignore format: one line
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeMetrics: [{ scope: { name: '@afn/otel/cloudflare-worker' }, metrics }],
      },
    ],
  }
}

const attributesOf = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))

// Metrics of one run as OTLP/JSON. All are gauges: a Worker remembers nothing that a sum could begin at.
import type { Result } from './probe'

export interface Run {
  readonly service: string
  /** ms since 1970 */
  readonly at: number
  readonly results: readonly Result[]
  /** s since the last heartbeat; absent where none is watched, or none has come. */
  readonly heartbeatAge?: number
}

interface Point {
  readonly value: number
  readonly attributes?: Readonly<Record<string, string>>
}

/** @returns an ExportMetricsServiceRequest */
export function metricsOf({ service, at, results, heartbeatAge }: Run): object {
  const timeUnixNano = `${at}000000`
  const gauge = (name: string, unit: string, description: string, points: readonly Point[]) => ({
    name,
    unit,
    description,
    gauge: { dataPoints: points.map(({ value, attributes }) => ({ timeUnixNano, asDouble: value, ...(attributes && { attributes: attributesOf(attributes) }) })) }, // biome-ignore format: one line
  })
  const ofProbe = ({ name }: Result) => ({ 'afn.probe.name': name })
  // of a probe that was refused nobody knows whether it is up
  const known = results.filter(({ condition }) => condition !== 'blocked')
  const metrics = [
    gauge('afn.probe.up', '1', 'Whether the probe from the edge was answered well: 1 or 0.', known.map(one => ({ value: one.condition === 'up' ? 1 : 0, attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge('afn.probe.blocked', '1', 'Whether a rule of Cloudflare refused the probe: 1 or 0.', results.map(one => ({ value: one.condition === 'blocked' ? 1 : 0, attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge('afn.probe.duration', 's', 'How long the probe took.', results.map(one => ({ value: one.durationMs / 1_000, attributes: ofProbe(one) }))), // biome-ignore format: one line
    gauge('afn.monitor.last_run', 's', 'When the monitoring Worker ran, in seconds since 1970.', [
      { value: at / 1_000 },
    ]),
    ...(heartbeatAge === undefined ? [] : [gauge('afn.monitor.heartbeat.age', 's', 'How long ago the Watchdog was seen.', [{ value: heartbeatAge }])]), // biome-ignore format: one line
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

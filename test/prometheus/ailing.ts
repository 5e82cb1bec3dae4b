// What an app says of itself while it loses telemetry, fails its checks and fills its disk; and as much that is in order.
import type { Document } from '../../src/shared/otlp/schema'

const MINUTE = 60_000
const SERVICE = 'ailing'

interface Metric {
  readonly name: string
  readonly unit?: string
  readonly kind: 'counter' | 'upDownCounter' | 'gauge'
  readonly points: readonly { readonly attributes: Record<string, string>; value(minutesAgo: number): number }[]
}

/** Grows by so much each two minutes. */
const growing = (attributes: Record<string, string>, each: number) => ({
  attributes,
  value: (ago: number) => each * (5 - ago / 2),
})
const steady = (attributes: Record<string, string>, value: number) => ({ attributes, value: () => value })
const day = 86_400

const metrics = (now: number): readonly Metric[] => [
  { name: 'afn.redaction.errors', unit: '{value}', kind: 'counter', points: [growing({}, 1)] },
  {
    name: 'otel.sdk.exporter.span.exported',
    unit: '{span}',
    kind: 'counter',
    points: [growing({}, 1_000), growing({ 'error.type': 'timeout' }, 10), steady({ 'error.type': 'refused' }, 0)],
  },
  {
    name: 'afn.logs.dropped',
    unit: '{record}',
    kind: 'counter',
    points: [growing({ 'afn.logs.class': 'info', 'afn.logs.drop_reason': 'disk' }, 2)],
  },
  {
    name: 'afn.health.check.status',
    unit: '1',
    kind: 'upDownCounter',
    points: ['redis fail', 'redis pass', 'turso fail', 'turso pass'].map(both => {
      const [name, state] = both.split(' ') as [string, string]
      const isIn = state === (name === 'redis' ? 'fail' : 'pass')
      return steady({ 'afn.health.check.name': name, 'afn.health.check.state': state }, isIn ? 1 : 0)
    }),
  },
  {
    name: 'system.filesystem.utilization',
    unit: '1',
    kind: 'gauge',
    points: [
      steady({ 'system.filesystem.mountpoint': '/data' }, 0.98),
      steady({ 'system.filesystem.mountpoint': '/' }, 0.5),
    ],
  },
  {
    name: 'afn.tls.certificate.expiry',
    unit: 's',
    kind: 'gauge',
    points: [
      steady({ 'server.address': 'old.example', 'server.port': '443' }, now / 1_000 + 3 * day),
      steady({ 'server.address': 'new.example', 'server.port': '443' }, now / 1_000 + 60 * day),
    ],
  },
]

/** One request for each two minutes of the last ten. @param now milliseconds since 1970 */
export const ailing = (now: number): Document[] =>
  [10, 8, 6, 4, 2, 0].map(ago => {
    const time = { timeUnixNano: `${now - ago * MINUTE}000000`, startTimeUnixNano: `${now - 10 * MINUTE - 1}000000` }
    const all = metrics(now).map(({ name, unit, kind, points }) => {
      const dataPoints = points.map(({ attributes, value }) => ({
        ...time,
        asDouble: value(ago),
        attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      }))
      const sum = { aggregationTemporality: 2, isMonotonic: kind === 'counter', dataPoints }
      const data = kind === 'gauge' ? { gauge: { dataPoints } } : { sum }
      return { name, unit, ...data }
    })
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: SERVICE } }] }
    return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'ailing' }, metrics: all }] }] }
  })

/** By name and service, whether pending or firing. */
export const ailments = [
  'AfnCertificateExpiring old.example',
  'AfnDiskFilling ailing',
  'AfnDiskFull ailing',
  'AfnHealthCheckFailing ailing',
  'AfnLogLinesLost ailing',
  'AfnRedactionErrors ailing',
  'AfnTelemetryLost ailing',
]

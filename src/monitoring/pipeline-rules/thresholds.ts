// From where on an alert of the pipeline fires, as far as alerts-config.yaml may say so.

interface Limit {
  readonly default: number
  /** `share`: 0 to 1, in percent for people; `time`: seconds; `count`: a whole number. */
  readonly unit: 'share' | 'time' | 'count'
  /** What it is a limit of, in words. */
  readonly of: string
}

const limit = (unit: Limit['unit'], value: number, of: string): Limit => ({ default: value, unit, of })

const MINUTE = 60
const DAY = 86_400

/** By the name of the alert. */
export const limits = {
  AfnCertificateExpiring: limit('time', 14 * DAY, 'until a certificate ends'),
  AfnCloudflareErrors: limit('share', 0.05, 'requests that fail at the edge'),
  AfnCloudflareSlow: limit('time', 2, 'for which one request in 20 waits at the edge'),
  AfnCollectorQueueFilling: limit('share', 0.8, 'of a queue of the Collector'),
  AfnCollectorRestarting: limit('count', 2, 'starts in half an hour'),
  AfnDataQuality: limit('share', 0.01, 'spans of a service that break a rule'),
  AfnDiskFilling: limit('share', 0.9, 'of a disk'),
  AfnDiskFull: limit('share', 0.97, 'of a disk'),
  AfnEdgeMonitorSilent: limit('time', 10 * MINUTE, 'since the monitoring Worker ran'),
  AfnInodesRunningOut: limit('share', 0.9, 'of the inodes of a disk'),
  AfnLangfuseQueueFilling: limit('share', 0.8, 'of the queue for LangFuse'),
  AfnTempoCompactionFailing: limit('count', 2, 'failed compactions in an hour'),
} as const satisfies Readonly<Record<string, Limit>>

export type LimitName = keyof typeof limits

/** What alerts-config.yaml says of alerts, by their names: another limit, or that there is no such alert. */
export type ChangedLimits = Readonly<Record<string, number | 'off'>>

export function limitOf(name: LimitName, changed: ChangedLimits): number {
  const own = changed[name]
  return typeof own === 'number' ? own : limits[name].default
}

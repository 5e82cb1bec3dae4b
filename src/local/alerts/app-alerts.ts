// Of the alerts that watch the pipeline, those about apps, over the metrics that they send here: the conditions of src/monitoring without
// PromQL. A test holds that a Prometheus says the same.
import {
  METRIC_AFN_HEALTH_CHECK_STATUS,
  METRIC_AFN_LOGS_DROPPED,
  METRIC_AFN_REDACTION_ERRORS,
  METRIC_AFN_TLS_CERTIFICATE_EXPIRY,
} from '../../../semconv'
import type { Alert } from '../../monitoring/alert'
import { dataAlerts } from '../../monitoring/data-alerts'
import { machineAlerts } from '../../monitoring/machine-alerts'
import { secondsOfDuration } from '../../queries/window'
import { inWords } from '../../slo/alert-texts'
import type { Increase, Listener, Series } from './counted-points'
import type { ActiveAlert } from './evaluation'

interface Condition {
  /** By OpenTelemetry's names. */
  readonly metrics: readonly string[]
  /** Which series count. */
  readonly where?: (label: Series['label']) => boolean
  /** Labels by Prometheus' names: for each combination an alert. */
  readonly by: readonly string[]
  readonly holds: Grown | Level
}

/** A counter grew within so many seconds. */
interface Grown {
  readonly within: number
}

/** A value is beyond a limit. Values that are older than `fresh` seconds are none. */
interface Level {
  readonly of: (values: readonly number[], now: number) => number
  readonly isBeyond: (level: number) => boolean
  readonly fresh: number
}

const MINUTE = 60
const DAY = 86_400
/** Of Prometheus, for how long a value holds. */
const LOOKBACK = 5 * MINUTE

const conditions: Readonly<Record<string, Condition>> = {
  AfnRedactionErrors: { metrics: [METRIC_AFN_REDACTION_ERRORS], by: ['job'], holds: { within: 15 * MINUTE } },
  AfnTelemetryLost: {
    metrics: [
      'otel.sdk.exporter.span.exported',
      'otel.sdk.exporter.metric_data_point.exported',
      'otel.sdk.exporter.log.exported',
      'otel.sdk.processor.span.processed',
      'otel.sdk.processor.log.processed',
    ],
    where: label => label('error_type') !== '',
    by: ['job', 'error_type'],
    holds: { within: 15 * MINUTE },
  },
  AfnLogLinesLost: {
    metrics: [METRIC_AFN_LOGS_DROPPED],
    by: ['job', 'afn_logs_class', 'afn_logs_drop_reason'],
    holds: { within: 15 * MINUTE },
  },
  AfnHealthCheckFailing: {
    metrics: [METRIC_AFN_HEALTH_CHECK_STATUS],
    where: label => label('afn_health_check_state') === 'fail',
    by: ['job', 'afn_health_check_name', 'afn_health_check_component'],
    holds: { of: values => Math.max(...values), isBeyond: level => level === 1, fresh: LOOKBACK },
  },
  AfnDiskFull: {
    metrics: ['system.filesystem.utilization'],
    by: ['job', 'system_filesystem_mountpoint', 'mountpoint'],
    holds: { of: values => Math.max(...values), isBeyond: level => level > 0.97, fresh: LOOKBACK },
  },
  AfnCertificateExpiring: {
    metrics: [METRIC_AFN_TLS_CERTIFICATE_EXPIRY],
    by: ['server_address', 'server_port'],
    holds: {
      of: (values, now) => Math.min(...values) - now,
      isBeyond: level => level < 14 * DAY,
      fresh: DAY,
    },
  },
}

/** One combination of labels. All times in seconds since 1970. */
interface Group {
  readonly labels: Readonly<Record<string, string>>
  /** What counters counted, and when that began. */
  grown: { readonly at: number; readonly count: number }[]
  /** The last value of each series. */
  values: { at: number; value: number }[]
  since: number | undefined
}

interface Watched extends Condition {
  readonly alert: Alert
  readonly groups: Map<string, Group>
}

export class AppAlerts {
  readonly #watched: readonly Watched[] = [...dataAlerts, ...machineAlerts].flatMap(alert =>
    Object.hasOwn(conditions, alert.name) ? [{ ...conditions[alert.name]!, alert, groups: new Map() }] : [],
  )

  /** Those that are looked at, by OpenTelemetry's names. */
  readonly metrics: readonly string[] = this.#watched.flatMap(({ metrics }) => metrics)

  listenerOf(series: Series): Listener {
    const watched = this.#watched.find(
      ({ metrics, where }) => metrics.includes(series.metric) && (where?.(series.label) ?? true),
    )
    if (!watched) return undefined
    const group = groupOf(watched, series)
    if ('within' in watched.holds) return increase => count(group, increase)
    const last = { at: 0, value: 0 }
    group.values.push(last)
    return ({ to, value }) => {
      if (to / 1_000 < last.at) return
      last.at = to / 1_000
      last.value = value
    }
  }

  /** @param now seconds since 1970 */
  active(now: number): ActiveAlert[] {
    return this.#watched.flatMap(watched => [...watched.groups.values()].flatMap(group => alertOf(watched, group, now)))
  }
}

function groupOf({ groups, by }: Watched, { label }: Series): Group {
  const labels = Object.fromEntries(by.map(name => [name, label(name)]))
  const key = JSON.stringify(Object.values(labels))
  const group = groups.get(key) ?? { labels, grown: [], values: [], since: undefined }
  groups.set(key, group)
  return group
}

function count(group: Group, { from, count }: Increase): void {
  if (count > 0) group.grown.push({ at: from / 1_000, count })
}

function alertOf({ alert, holds }: Watched, group: Group, now: number): ActiveAlert[] {
  const level = 'within' in holds ? grownBy(group, now - holds.within) : levelOf(group, holds, now)
  if (level === undefined) {
    group.since = undefined
    return []
  }
  group.since ??= now
  const filled = (text: string) => fill(text, group.labels, level)
  const isPending = alert.for !== undefined && now - group.since < secondsOfDuration('for', alert.for)
  return [
    {
      key: JSON.stringify([alert.name, group.labels]),
      name: alert.name,
      severity: alert.severity,
      state: isPending ? 'pending' : 'firing',
      since: group.since,
      service: filled(alert.service),
      summary: filled(alert.summary),
      description: `${filled(alert.description)} ${filled(alert.remedy)}`,
    },
  ]
}

/** What is older counts no more. */
function grownBy(group: Group, from: number): number | undefined {
  group.grown = group.grown.filter(({ at }) => at >= from)
  return group.grown.length > 0 ? group.grown.reduce((sum, { count }) => sum + count, 0) : undefined
}

function levelOf(group: Group, { of, isBeyond, fresh }: Level, now: number): number | undefined {
  // a series that is that old is forgotten, and found anew
  group.values = group.values.filter(({ at }) => at === 0 || at > now - DAY)
  const values = group.values.filter(({ at }) => at > now - fresh).map(({ value }) => value)
  if (values.length === 0) return undefined
  const level = of(values, now)
  return isBeyond(level) ? level : undefined
}

const formats: Readonly<Record<string, (value: number) => string>> = {
  humanize: value => String(Number(value.toPrecision(4))),
  humanizePercentage: value => `${Number((100 * value).toPrecision(4))}%`,
  humanizeDuration: value => (value < 0 ? `-${inWords(Math.round(-value))}` : inWords(Math.round(value))),
}

/** As Prometheus fills its templates. */
const fill = (text: string, labels: Readonly<Record<string, string>>, value: number): string =>
  text.replace(/\{\{ \$(?:labels\.(\w+)|value \| (\w+)) \}\}/g, (whole, label?: string, format?: string) =>
    label !== undefined ? (labels[label] ?? '') : (formats[format!]?.(value) ?? whole),
  )

// Alerts of machines and servers, by what apps, the Collector and commands report of them: health checks, disks, certificates.
import {
  METRIC_AFN_HEALTH_CHECK_STATUS,
  METRIC_AFN_TLS_CERTIFICATE_EXPIRY,
  METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS,
  METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY,
} from '../../../semconv'
import { metricName } from '../../shared/otlp/prometheus-names'
import type { Alert, WatchedPipeline } from './alert'
import { app, appName } from './growth'
import { limitOf } from './thresholds'

const status = metricName(METRIC_AFN_HEALTH_CHECK_STATUS, METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS.unit, 'other')
const expiry = metricName(METRIC_AFN_TLS_CERTIFICATE_EXPIRY, METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY.unit, 'gauge')

/** The SDK and the Collector name a mount point differently. */
const place = `by (${app.join(', ')}, instance, system_filesystem_mountpoint, mountpoint)`
const mountpoint = '{{ $labels.system_filesystem_mountpoint }}{{ $labels.mountpoint }}'
const used = 'system_filesystem_utilization_ratio'
const inodes = (matchers = '') => `sum ${place} (system_filesystem_inodes_usage${matchers})`
const stateUsed = ['{system_filesystem_state="used"}', '{state="used"}']

/** A check that takes no app out of service wakes nobody. */
function failing(severity: 'high' | 'medium', isRequired: '=' | '!=', description: string): Alert {
  const by = [...app, 'afn_health_check_name', 'afn_health_check_component'].join(', ')
  const failed = `${status}{afn_health_check_state="fail", afn_health_check_required${isRequired}"true"}`
  return {
    name: 'AfnHealthCheckFailing',
    severity,
    service: appName,
    expr: `max by (${by}) (${failed}) == 1`,
    for: '2m',
    summary: `The check {{ $labels.afn_health_check_name }} {{ $labels.afn_health_check_component }} of ${appName} fails.`,
    description,
    remedy:
      'Query its /health endpoint with its AFN_HEALTH_TOKEN: it names the failing dependency and the cause in one word.',
  }
}

export const machineAlerts = ({ changed }: Pick<WatchedPipeline, 'changed'>): Alert[] => [
  failing('high', '=', 'The service cannot work without it and accepts no requests.'),
  failing('medium', '!=', 'The service keeps running without it, with reduced functionality.'),
  {
    name: 'AfnDiskFull',
    severity: 'critical',
    service: appName,
    expr: `max ${place} (${used}) > ${limitOf('AfnDiskFull', changed)}`,
    for: '1m',
    summary: `The disk at ${mountpoint} of ${appName} is {{ $value | humanizePercentage }} full.`,
    description: 'Queues, logs and traces written there are lost.',
    remedy: 'Free up space: delete what is not needed, or shorten retention and generate again.',
  },
  {
    name: 'AfnDiskFilling',
    severity: 'high',
    service: appName,
    expr: [
      `max ${place} (${used}) > ${limitOf('AfnDiskFilling', changed)}`,
      `or (max ${place} (predict_linear(${used}[2h], 14400)) > ${limitOf('AfnDiskFull', changed)} and max ${place} (${used}) > 0.6)`,
    ].join('\n'),
    for: '10m',
    summary: `The disk at ${mountpoint} of ${appName} is nearly full, or will be within four hours.`,
    description: 'When it is full, queues, logs and traces written there are lost.',
    remedy: 'Free up space, enlarge the disk, or shorten retention and generate again.',
  },
  {
    name: 'AfnInodesRunningOut',
    severity: 'high',
    service: appName,
    expr: stateUsed
      .map(matchers => `${inodes(matchers)} / ${inodes()} > ${limitOf('AfnInodesRunningOut', changed)}`)
      .join('\nor '),
    for: '10m',
    summary: `The disk at ${mountpoint} of ${appName} has used {{ $value | humanizePercentage }} of its inodes.`,
    description: 'Soon no new files can be created there, although there is free space.',
    remedy: 'Delete small files: old logs, spools, caches.',
  },
  {
    name: 'AfnCertificateExpiring',
    severity: 'high',
    service: '{{ $labels.server_address }}',
    expr: `min by (server_address, server_port) (last_over_time(${expiry}[1d])) - time() < ${limitOf('AfnCertificateExpiring', changed)}`,
    for: '15m',
    summary:
      'The certificate of {{ $labels.server_address }}:{{ $labels.server_port }} expires in {{ $value | humanizeDuration }}.',
    description: 'After that, clients that verify certificates can no longer connect.',
    remedy: 'Renew it, and find out why automatic renewal failed.',
  },
]

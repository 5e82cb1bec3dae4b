// Alerts of machines and servers, by what apps, the Collector and commands report of them: health checks, disks, certificates.
import {
  METRIC_AFN_HEALTH_CHECK_STATUS,
  METRIC_AFN_TLS_CERTIFICATE_EXPIRY,
  METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS,
  METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY,
} from '../../semconv'
import { metricName } from '../otlp/prometheus-names'
import type { Alert } from './alert'

const service = '{{ $labels.job }}'
const status = metricName(METRIC_AFN_HEALTH_CHECK_STATUS, METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS.unit, 'other')
const expiry = metricName(METRIC_AFN_TLS_CERTIFICATE_EXPIRY, METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY.unit, 'gauge')

/** The SDK and the Collector name a mount point differently. */
const place = 'by (job, system_filesystem_mountpoint, mountpoint)'
const mountpoint = '{{ $labels.system_filesystem_mountpoint }}{{ $labels.mountpoint }}'
const used = 'system_filesystem_utilization_ratio'
const inodes = (matchers = '') => `sum ${place} (system_filesystem_inodes_usage${matchers})`
const stateUsed = ['{system_filesystem_state="used"}', '{state="used"}']

export const machineAlerts: readonly Alert[] = [
  {
    name: 'AfnHealthCheckFailing',
    severity: 'high',
    service,
    expr: `max by (job, afn_health_check_name, afn_health_check_component) (${status}{afn_health_check_state="fail"}) == 1`,
    for: '2m',
    summary:
      'The check {{ $labels.afn_health_check_name }} {{ $labels.afn_health_check_component }} of {{ $labels.job }} fails.',
    description:
      'The service cannot reach something that it needs. If it needs it to work at all, it takes no requests.',
    remedy: 'Ask its /health endpoint: it says in one word what is wrong with which dependency.',
  },
  {
    name: 'AfnDiskFull',
    severity: 'critical',
    service,
    expr: `max ${place} (${used}) > 0.97`,
    for: '1m',
    summary: `The disk at ${mountpoint} of {{ $labels.job }} is {{ $value | humanizePercentage }} full.`,
    description: 'What is written there is lost: queues, logs, traces.',
    remedy: 'Make room: delete what is not needed there, or shorten retention and generate again.',
  },
  {
    name: 'AfnDiskFilling',
    severity: 'high',
    service,
    expr: [
      `max ${place} (${used}) > 0.9`,
      `or (max ${place} (predict_linear(${used}[2h], 14400)) > 0.97 and max ${place} (${used}) > 0.6)`,
    ].join('\n'),
    for: '10m',
    summary: `The disk at ${mountpoint} of {{ $labels.job }} is nearly full, or will be within four hours.`,
    description: 'When it is full, queues, logs and traces that are written there are lost.',
    remedy: 'Make room, enlarge it, or shorten retention and generate again.',
  },
  {
    name: 'AfnInodesRunningOut',
    severity: 'high',
    service,
    expr: stateUsed.map(matchers => `${inodes(matchers)} / ${inodes()} > 0.9`).join('\nor '),
    for: '10m',
    summary: `The disk at ${mountpoint} of {{ $labels.job }} has used {{ $value | humanizePercentage }} of its inodes.`,
    description: 'No new file can be made there soon, though there is room.',
    remedy: 'Delete small files: old logs, spools, caches.',
  },
  {
    name: 'AfnCertificateExpiring',
    severity: 'high',
    service: '{{ $labels.server_address }}',
    expr: `min by (server_address, server_port) (last_over_time(${expiry}[1d])) - time() < 14 * 86400`,
    for: '15m',
    summary:
      'The certificate of {{ $labels.server_address }}:{{ $labels.server_port }} ends in {{ $value | humanizeDuration }}.',
    description: 'After that nothing that looks at certificates connects any more.',
    remedy: 'Renew it, and look why that did not happen by itself.',
  },
]

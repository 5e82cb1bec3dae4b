// Alerts of what Cloudflare's edge sees: by the analytics that `afn-otel cloudflare metrics --watch` sends, and by the monitoring Worker.
import * as names from '../../../semconv'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import type { Alert, WatchedPipeline } from './alert'
import { limitOf } from './thresholds'

const gauge = (name: string, { unit }: { readonly unit: string }) => metricName(name, unit, 'gauge')!
const requests = gauge(names.METRIC_AFN_CLOUDFLARE_REQUESTS, names.METRIC_OPTIONS_AFN_CLOUDFLARE_REQUESTS)
const firstByte = gauge(
  names.METRIC_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE,
  names.METRIC_OPTIONS_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE,
)
const up = gauge(names.METRIC_AFN_PROBE_UP, names.METRIC_OPTIONS_AFN_PROBE_UP)
const lastRun = gauge(names.METRIC_AFN_MONITOR_LAST_RUN, names.METRIC_OPTIONS_AFN_MONITOR_LAST_RUN)
const zone = labelName(names.ATTR_AFN_CLOUDFLARE_ZONE_NAME)!
const status = labelName(names.ATTR_HTTP_RESPONSE_STATUS_CODE)!
const quantile = labelName(names.ATTR_AFN_CLOUDFLARE_QUANTILE)!
const probe = labelName(names.ATTR_AFN_PROBE_NAME)!

/** A sample is the count of a minute, so a sum over time is exact, also of a status that was never there before. */
const counted = (matcher = '') => `sum by (${zone}) (sum_over_time(${requests}${matcher}[10m]))`

export const cloudflareAlerts = ({ changed }: Pick<WatchedPipeline, 'changed'>): Alert[] => [
  {
    name: 'AfnCloudflareErrors',
    severity: 'high',
    service: `{{ $labels.${zone} }}`,
    // of a few requests one that fails is a great share
    expr: [
      `${counted(`{${status}=~"5.."}`)} / ${counted()} > ${limitOf('AfnCloudflareErrors', changed)}`,
      `and ${counted()} > 100`,
    ].join('\n'),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of the requests to {{ $labels.${zone} }} fail at Cloudflare's edge.`,
    description:
      'Users see responses of 500 and above: from the app, or from Cloudflare (520 to 526) when it cannot reach the origin or parse its response.',
    remedy: 'Check which statuses they are, and whether the origin responds.',
  },
  {
    name: 'AfnCloudflareSlow',
    severity: 'medium',
    service: `{{ $labels.${zone} }}`,
    expr: `max by (${zone}) (avg_over_time(${firstByte}{${quantile}="0.95"}[10m])) > ${limitOf('AfnCloudflareSlow', changed)}`,
    for: '10m',
    summary: `One request in 20 to {{ $labels.${zone} }} waits more than {{ $value | humanizeDuration }} for its first byte.`,
    description: 'This is measured at the edge: users wait this long, plus the latency of their own network.',
    remedy: 'Check whether the origin or the edge takes the time.',
  },
  {
    name: 'AfnEdgeProbeDown',
    severity: 'critical',
    service: `{{ $labels.${probe} }}`,
    expr: `max by (service_namespace, ${probe}) (max_over_time(${up}[3m])) == 0`,
    for: '1m',
    summary: `The probe {{ $labels.${probe} }} fails from Cloudflare's edge.`,
    description: 'The monitoring Worker has had no good response for three minutes, so users get none either.',
    remedy: 'Request the same address yourself, and check the health of the app.',
  },
  {
    name: 'AfnEdgeMonitorSilent',
    severity: 'medium',
    service: '{{ $labels.service_namespace }}',
    expr: `time() - max by (service_namespace) (last_over_time(${lastRun}[1d])) > ${limitOf('AfnEdgeMonitorSilent', changed)}`,
    for: '5m',
    summary: 'The monitoring Worker last ran {{ $value | humanizeDuration }} ago.',
    description:
      'It probes from outside, and only it notices when all other monitoring is down. It has stopped running, or its metrics do not arrive.',
    remedy: 'Check whether its cron trigger runs, and redeploy it.',
  },
]

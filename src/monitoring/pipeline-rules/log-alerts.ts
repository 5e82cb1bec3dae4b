// The alert of log records that the Collector's files have for longer than their class is kept: the sweep reports the oldest one.
import { ATTR_AFN_LOGS_CLASS, METRIC_AFN_LOGS_OLDEST_TIME, METRIC_OPTIONS_AFN_LOGS_OLDEST_TIME } from '../../../semconv'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import type { Alert, WatchedPipeline } from './alert'

const DAY = 86_400
const oldest = metricName(METRIC_AFN_LOGS_OLDEST_TIME, METRIC_OPTIONS_AFN_LOGS_OLDEST_TIME.unit, 'gauge')
const label = labelName(ATTR_AFN_LOGS_CLASS)

export const logAlerts = (logDays: NonNullable<WatchedPipeline['logDays']>): Alert[] => [
  {
    name: 'AfnLogsKeptTooLong',
    severity: 'medium',
    service: 'otel-collector',
    expr: Object.entries(logDays)
      .map(
        ([logClass, days]) =>
          `time() - min by (${label}) (last_over_time(${oldest}{${label}="${logClass}"}[1d])) > ${days + 1} * ${DAY}`,
      )
      .join('\nor\n'),
    for: '15m',
    summary: `The Collector's files hold log records of class {{ $labels.${label} }} that are {{ $value | humanizeDuration }} old.`,
    description:
      'They exceed their retention: the Collector rotates files by size only, and the sweep did not remove them.',
    remedy: 'Run the sweep manually: it names the file that it cannot write.',
  },
]

// Alerts of jobs that run now and then, by the time of their last success: each job reports that time itself, and its interval.
import {
  METRIC_AFN_JOB_FAILURES,
  METRIC_AFN_JOB_INTERVAL,
  METRIC_AFN_JOB_LAST_SUCCESS,
  METRIC_OPTIONS_AFN_JOB_FAILURES,
  METRIC_OPTIONS_AFN_JOB_INTERVAL,
  METRIC_OPTIONS_AFN_JOB_LAST_SUCCESS,
} from '../../../semconv'
import { metricName } from '../../shared/otlp/prometheus-names'
import type { Alert, WatchedPipeline } from './alert'

const success = metricName(METRIC_AFN_JOB_LAST_SUCCESS, METRIC_OPTIONS_AFN_JOB_LAST_SUCCESS.unit, 'gauge')
const interval = metricName(METRIC_AFN_JOB_INTERVAL, METRIC_OPTIONS_AFN_JOB_INTERVAL.unit, 'gauge')
const failures = metricName(METRIC_AFN_JOB_FAILURES, METRIC_OPTIONS_AFN_JOB_FAILURES.unit, 'gauge')
/** Runs, and fails: that it has not succeeded for long follows from it. */
const failing = `max by (afn_job_name) (last_over_time(${failures}[7d])) >= 3`
const service = '{{ $labels.afn_job_name }}'

export const jobAlerts = ({ scheduledJobs }: WatchedPipeline): Alert[] => [
  {
    name: 'AfnJobStale',
    severity: 'medium',
    service,
    expr: [
      `time() - max by (afn_job_name) (last_over_time(${success}[7d]))`,
      `> 3 * max by (afn_job_name) (last_over_time(${interval}[7d]))`,
      `unless on (afn_job_name) ${failing}`,
    ].join('\n'),
    for: '5m',
    summary: '{{ $labels.afn_job_name }} last succeeded {{ $value | humanizeDuration }} ago.',
    description:
      'Three runs in a row did not start, or did not report a result. Without cost-budget, nobody is notified of a spent budget; without reconcile, the tiers lack what a killed Collector held; without the janitor, LangFuse keeps data forever.',
    remedy: 'Run it manually: its output shows what is missing.',
  },
  {
    name: 'AfnJobFailing',
    severity: 'medium',
    service,
    expr: failing,
    summary: 'The last {{ $value }} runs of {{ $labels.afn_job_name }} have failed.',
    description: 'Its work is not being done. It keeps retrying, at least once an hour.',
    remedy: 'Its log shows what is missing.',
  },
  ...(scheduledJobs.length > 0
    ? [
        {
          name: 'AfnJobNeverRan',
          severity: 'medium',
          service,
          // nothing is missing before Prometheus has been there for three runs
          expr: scheduledJobs
            .map(({ name, seconds }) => {
              const window = `${3 * seconds}s`
              return `absent_over_time(${success}{afn_job_name="${name}"}[${window}]) and on () max(up{job="prometheus"} offset ${window})`
            })
            .join('\nor\n'),
          for: '15m',
          summary: '{{ $labels.afn_job_name }} has not reported success within three intervals.',
          description: 'It was never started, every run fails, or no run can reach the Collector.',
          remedy: 'Check the log of the jobs.',
        } satisfies Alert,
      ]
    : []),
]

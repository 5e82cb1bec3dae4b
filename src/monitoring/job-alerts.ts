// Alerts of jobs that run now and then, by the time of their last success: each job reports that time itself, and its interval.
import {
  METRIC_AFN_JOB_FAILURES,
  METRIC_AFN_JOB_INTERVAL,
  METRIC_AFN_JOB_LAST_SUCCESS,
  METRIC_OPTIONS_AFN_JOB_FAILURES,
  METRIC_OPTIONS_AFN_JOB_INTERVAL,
  METRIC_OPTIONS_AFN_JOB_LAST_SUCCESS,
} from '../../semconv'
import { metricName } from '../otlp/prometheus-names'
import type { Alert, Watched } from './alert'

const success = metricName(METRIC_AFN_JOB_LAST_SUCCESS, METRIC_OPTIONS_AFN_JOB_LAST_SUCCESS.unit, 'gauge')
const interval = metricName(METRIC_AFN_JOB_INTERVAL, METRIC_OPTIONS_AFN_JOB_INTERVAL.unit, 'gauge')
const failures = metricName(METRIC_AFN_JOB_FAILURES, METRIC_OPTIONS_AFN_JOB_FAILURES.unit, 'gauge')
/** Runs, and fails: that it has not succeeded for long follows from it. */
const failing = `max by (afn_job_name) (last_over_time(${failures}[7d])) >= 3`
const service = '{{ $labels.afn_job_name }}'

export const jobAlerts = ({ scheduledJobs }: Watched): Alert[] => [
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
      'Three runs in a row did not start, or do not say how they ended. Without cost-budget nobody is notified of a budget that is spent; without reconcile the tiers lack what a killed Collector had; without the janitor LangFuse keeps data for ever.',
    remedy: 'Run it by hand: it says what it lacks.',
  },
  {
    name: 'AfnJobFailing',
    severity: 'medium',
    service,
    expr: failing,
    summary: 'The last {{ $value }} runs of {{ $labels.afn_job_name }} have failed.',
    description: 'What it does is left undone: it goes on trying, at least once an hour.',
    remedy: 'Its log says what it lacks.',
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
          summary: '{{ $labels.afn_job_name }} has reported no success in the time of three runs.',
          description: 'It was never started, no run of it succeeds, or none can reach the Collector.',
          remedy: 'Look at the log of the jobs.',
        } satisfies Alert,
      ]
    : []),
]

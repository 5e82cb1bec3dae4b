// `GET /metrics`: the state of this process in Prometheus' text format 0.0.4. It queries no store, so that it answers at once even while
// the store is busy.
import { version } from '../../shared/version'
import { faults } from '../faults'
import type { Parts } from './parts'

type ExposedSample = readonly [
  labels: Readonly<Record<string, string | number>>,
  value: number,
  suffix?: '_sum' | '_count',
]
type Family = readonly [
  name: string,
  type: 'counter' | 'gauge' | 'summary',
  help: string,
  samples: readonly ExposedSample[],
]

export function exposition(parts: Parts): string {
  const { records, commits, sweeps, queries, words } = parts.store.vitals
  const of = (key: 'received' | 'rejected' | 'misdated'): ExposedSample[] =>
    Object.entries(records).map(([signal, counts]) => [{ signal }, counts[key]])
  const one = (value: number): ExposedSample[] => [[{}, value]]
  const families: Family[] = [
    ['afn_up_build_info', 'gauge', 'The version that runs.', [[{ version }, 1]]],
    [
      'afn_up_requests_total',
      'counter',
      'Requests of OTLP, by the status of the answer; 503 is sent again.',
      Array.from(parts.requests.all, ({ signal, code, value }) => [{ signal, code }, value]),
    ],
    ['afn_up_records_received_total', 'counter', 'Spans, data points and log records that came.', of('received')],
    [
      'afn_up_records_rejected_total',
      'counter',
      'Those without ids, or without anything in them: not stored.',
      of('rejected'),
    ],
    [
      'afn_up_records_misdated_total',
      'counter',
      'Those with a time after 2262, which got that of their arrival.',
      of('misdated'),
    ],
    [
      'afn_up_commit_duration_seconds',
      'summary',
      'How long commits took that succeeded.',
      [
        [{}, commits.seconds, '_sum'],
        [{}, commits.succeeded, '_count'],
      ],
    ],
    [
      'afn_up_commit_failures_total',
      'counter',
      'Commits that failed: what they held was answered with 503.',
      one(commits.failed),
    ],
    [
      'afn_up_last_commit_timestamp_seconds',
      'gauge',
      'When the last commit succeeded; 0 for never.',
      one(commits.lastAt),
    ],
    ['afn_up_sweeps_total', 'counter', 'Sweeps of what has been kept for its time.', one(sweeps.succeeded)],
    ['afn_up_sweep_failures_total', 'counter', 'Sweeps that failed.', one(sweeps.failed)],
    ['afn_up_last_sweep_timestamp_seconds', 'gauge', 'When the last sweep succeeded; 0 for never.', one(sweeps.lastAt)],
    [
      'afn_up_index_lag_spans',
      'gauge',
      'Spans that are not in the index of words yet.',
      one(words.newest - words.last),
    ],
    ['afn_up_queries_running', 'gauge', 'Questions that the store answers now.', one(queries.running)],
    ['afn_up_queries_waiting', 'gauge', 'Questions that wait for their turn.', one(queries.waiting)],
    ['afn_up_faults_total', 'counter', 'Faults, each told on stderr once an hour at most.', one(faults.count)],
    ['afn_up_file_bytes', 'gauge', 'Size of the file with its log.', one(parts.bytes())],
    [
      'afn_up_file_max_bytes',
      'gauge',
      'How large it may be; 0 for as large as the disk.',
      one(parts.store.limits.maxBytes),
    ],
  ]
  return families.map(textOf).join('')
}

function textOf([name, type, help, samples]: Family): string {
  const lines = samples.map(([labels, value, suffix = '']) => {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
    return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

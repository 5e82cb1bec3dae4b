// What an alert of the pipeline's own watch is, and what has to be known of a pipeline to watch it.
import type { Severity } from '../../shared/severities'
import type { ChangedLimits } from './thresholds'

export interface Alert {
  /** Also the name of its runbook: docs/runbooks/NAME.md. */
  readonly name: string
  /** `none` is the Watchdog's, which is no alarm. */
  readonly severity: Severity | 'none'
  /** Value of the label `service`: a part of the pipeline, or a template that names the service of a series. */
  readonly service: string
  /** PromQL. */
  readonly expr: string
  /** How long it has to hold, such as `5m`; absent where the expression itself looks back. */
  readonly for?: string
  /** One sentence. */
  readonly summary: string
  /** What is lost, or will be, and why it matters. */
  readonly description: string
  /** What to do about it, as an imperative. */
  readonly remedy: string
}

/** Alerts of one part; a failure of one group leaves the others alone. */
export interface Group {
  readonly name: string
  /** Time between two evaluations; that of Prometheus where it is absent. */
  readonly interval?: string
  readonly alerts: readonly Alert[]
}

/** What is watched. */
export interface WatchedPipeline {
  /** Collectors that Prometheus scrapes; gateways in a cluster. */
  readonly collectors: number
  /** Whether LLM spans go to LangFuse too. */
  readonly langfuse: boolean
  /** Days for which each Prometheus has to keep its metrics, by resolution; `high` is always there. */
  readonly retentionDays: Readonly<Record<string, number>>
  /** Days for which the Collector's log files keep each class; undefined where Loki keeps them. */
  readonly logDays: Readonly<Record<string, number>> | undefined
  /** Whether Thanos keeps metrics in a bucket. */
  readonly thanos: boolean
  /** Alertmanagers that form one cluster. */
  readonly alertmanagers: number
  /** Jobs that the pipeline itself starts, so that one that never ran is a fault, and the seconds between two runs. */
  readonly scheduledJobs: readonly { readonly name: string; readonly seconds: number }[]
  /** Whether `afn-otel alerts serve` is there. */
  readonly receiver: boolean
  readonly changed: ChangedLimits
  /** Of what says none. */
  readonly environment: string
  /** Base URL of the alert receiver, which serves the runbooks. */
  readonly alertsUrl: string
  /** In which alerts speak. */
  readonly language: 'en' | 'ja'
}

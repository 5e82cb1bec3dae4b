// Where the services are: their names in the network of compose and of Kubernetes, and the ports of this host at which
// compose.yaml publishes them.
import type { Resolution } from '../../shared/tiers'

export const prometheusOf = {
  high: 'prometheus',
  medium: 'prometheus-medium',
  low: 'prometheus-low',
} as const satisfies Record<Resolution, string>

export const alertmanagerPort = 9093

/** Where the containers of our commands have what they go by: alerts-config.yaml, its secrets, runbooks. */
export const RECEIVER_FOLDER = '/etc/afn-otel'

/**
 * Ports of 127.0.0.1. None is a default of `afn-otel up` (3200 and 4318), so that both can run on one machine; what `up` has
 * too is ten higher.
 */
export const published = {
  otlpGrpc: 4317,
  otlpHttp: 4328,
  /** OTLP over HTTP from apps that have the token. */
  otlpTrusted: 4319,
  health: 13133,
  selfMetrics: 8888,
  /** Tempo's HTTP API. */
  tempo: 3210,
  /** Tempo's own OTLP/HTTP receiver, behind the Collector: for `afn-otel reconcile` alone. Nothing is redacted there. */
  tempoOtlp: 4338,
  /** Loki's HTTP API. */
  loki: 3100,
  prometheus: { high: 9090, medium: 9091, low: 9092 },
  alertmanager: 9093,
  /** `afn-otel alerts serve`: for acknowledgement links and the runbooks. */
  alerts: 9095,
  /** `afn-otel jobs`: what has become of each. */
  jobs: 9096,
  grafana: 3001,
  langfuse: 3002,
  /** LangFuse's object storage, from which browsers load media by signed addresses. */
  langfuseMedia: 3004,
} as const

/** The URL of a published port. */
export const urlOf = (port: number): string => `http://127.0.0.1:${port}`

/** Replicas of Alertmanager in a cluster. */
export const ALERTMANAGERS = 2

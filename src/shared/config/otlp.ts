// What one signal's OTLP exporter needs, after OpenTelemetry's rule that a signal's own value wins over the common one.
import type { Settings } from './settings'

export const signals = ['traces', 'metrics', 'logs'] as const
export type Signal = (typeof signals)[number]

export interface OtlpTarget {
  readonly signal: Signal
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly gzip: boolean
  /** Longest time for one export with everything in it, ms: the shorter one of the exporter's and the processor's or reader's. */
  readonly timeoutMs: number
  /** Paths of PEM files. */
  readonly certificate: string | undefined
  readonly clientCertificate: string | undefined
  readonly clientKey: string | undefined
}

/** The path `v1/{signal}` is added to the common endpoint only. */
export function signalUrl(endpoint: string, signal: Signal): string {
  if (!URL.canParse(endpoint)) return endpoint
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`
  return url.href
}

/** A signal's own endpoint is used as it is. */
export function otlpTarget(signal: Signal, s: Settings): OtlpTarget {
  return {
    signal,
    url: s[`${signal}Endpoint`] ?? signalUrl(s.otlpEndpoint, signal),
    headers: { ...s.otlpHeaders, ...s[`${signal}Headers`] },
    protocol: s[`${signal}Protocol`] ?? s.otlpProtocol,
    gzip: (s[`${signal}Compression`] ?? s.otlpCompression) === 'gzip',
    timeoutMs: Math.min(s[`${signal}Timeout`] ?? s.otlpTimeout, batchTimeout(signal, s)),
    certificate: s[`${signal}Certificate`] ?? s.otlpCertificate,
    clientCertificate: s[`${signal}ClientCertificate`] ?? s.otlpClientCertificate,
    clientKey: s[`${signal}ClientKey`] ?? s.otlpClientKey,
  }
}

function batchTimeout(signal: Signal, { spanTimeout, logTimeout, metricTimeout }: Settings): number {
  return { traces: spanTimeout, logs: logTimeout, metrics: metricTimeout }[signal]
}

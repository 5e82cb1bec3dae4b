import type { Diagnostic } from './report'

/** What a part of the distribution really started with. Parts write it themselves: re-deriving it from settings would lie. */
export interface Status {
  version: string
  pid: number
  /** `stood-down` and `failed`: nothing runs, and `reason` says why. `stopped`: it was shut down. */
  state: 'starting' | 'started' | 'stopped' | 'stood-down' | 'failed'
  reason?: string
  startedAt?: string
  startMs?: number
  entry?: string
  api?: { bundled: string; resolved: string | null; registeredAs: string }
  resource?: Record<string, unknown>
  propagators?: string[]
  traces?: { exporter: string; endpoint?: string; protocol?: string; sampler: string }
  metrics?: { exporter: string; endpoint?: string; protocol?: string; intervalMs?: number; scraped?: string }
  logs?: { exporter: string; endpoint?: string; protocol?: string }
  redaction?: { readonly enabled: boolean; readonly detectors: string[] }
  llm?: {
    fetch: 'tapped' | 'replaced' | 'absent'
    /** Node's own clients: armed until the app loads the module. */
    http: 'armed' | 'active' | 'failed'
    http2: 'armed' | 'active' | 'failed'
    undici: 'armed' | 'active' | 'failed'
    captureContent: string
    /** Of which streams the token counts are requested where the app does not request them. */
    includeUsage: 'auto' | 'on' | 'off'
    protocols: string[]
    prices: string
    /** Requests to hosts of providers that became no call: `last` is the method and path of the newest, without ids. */
    unobserved: readonly {
      readonly host: string
      readonly reason: string
      readonly count: number
      readonly last: string
    }[]
  }
  instrumentations: Record<string, 'armed' | 'active' | 'disabled' | 'failed'>
  esm: 'off' | 'sync-hooks' | 'loader-thread' | 'failed'
  exported: Exported
  /** Calls that several libraries traced. `evicted` ones were exported before all of their spans had ended. */
  duplicates?: { readonly merged: number; readonly evicted: number; readonly libraries: string[] }
  /** What has ended and is in no queue yet: at most 4,096 spans and log records, and 16 MiB, together. */
  waiting?: WaitingCounts
  /** What was kept back for subjects who objected; absent without a list. */
  suppression?: {
    /** Values that the list knows. */
    readonly handles: number
    /** How often the list was looked at. */
    readonly polls: number
    readonly spans: number
    readonly logs: number
  }
  /** What became of the calls that each evaluator was to judge; absent without one. */
  evaluators?: Readonly<Record<string, EvaluatorCounts>>
  /** Budgets of `guard()`; absent without one. */
  guard?: GuardStatus
  diagnostics: Diagnostic[]
}

export interface GuardStatus {
  readonly budgets: number
  /** Calls that were sent whatever they may cost, by where they passed. What they cost is counted. */
  readonly unheld: Readonly<Partial<Record<'websocket' | 'bidirectional', number>>>
}

export interface EvaluatorCounts {
  judged: number
  failed: number
  /** There was nothing that it could judge. */
  skipped: number
  /** Sampled, and left out: too many waited, the hour was used up, or the answer was too long. */
  dropped: number
}

/** What waits, by what it waits for; `bytes` roughly. */
export interface WaitingCounts {
  /** another span of the same call */
  readonly duplicates: Amount
  /** the next turn of the event loop */
  readonly turn: Amount
  /** the price table */
  readonly prices: Amount
  /** another attempt of a call that failed */
  readonly retries: Amount
  /** the user's model of names */
  readonly names: Amount
}

interface Amount {
  readonly items: number
  readonly bytes: number
}

/** What became of the telemetry since the start. Where a signal has several exporters, each counts. */
export interface Exported {
  spans: number
  logs: number
  /** Points of metrics. */
  dataPoints: number
  /** Sent, and not taken. */
  failed: number
  /** Never sent. */
  dropped: number
  /**
   * Both by reason: `queue_full`, `queue_bytes_full`, `too_large`, `already_shutdown`; `timeout`, `rejected` (by the partial
   * success of an answer), an HTTP status such as `503`, or the code of an error such as `ECONNREFUSED`.
   */
  readonly lost: Readonly<Record<'traces' | 'metrics' | 'logs', Record<string, number>>>
}

export function newExported(): Exported {
  return { spans: 0, logs: 0, dataPoints: 0, failed: 0, dropped: 0, lost: { traces: {}, metrics: {}, logs: {} } }
}

export function newStatus(version: string): Status {
  return {
    version,
    pid: process.pid,
    state: 'starting',
    instrumentations: {},
    esm: 'off',
    exported: newExported(),
    diagnostics: [],
  }
}

/** What the erasure needs from a store. Every method must be safe to repeat after a crash or failure. */
import type { Unerasable } from '../receipt'
import type { Identity } from '../subject'

/** Number of records to show before an erasure. */
export const SAMPLES = 3

export interface SubjectRecords {
  /**
   * Number of spans, log records, series or lines to erase or mask: those that name the subject, or belong to a trace that only concerns
   * the subject.
   */
  readonly records: number
  /** Traces that only concern the subject, 32 hexadecimal digits each. */
  readonly traceIds: readonly string[]
  /** Number of traces in the store, if it has traces: erasing a large share needs confirmation. */
  readonly allTraces?: number
  /** Number of records in the store, for the same reason; undefined if no text is searched. */
  readonly allRecords?: number
  /** The first of `records`, in original form; they are redacted before they are shown. */
  readonly samples?: readonly unknown[]
  /** Number of traces that also name other persons. */
  readonly shared: number
}

/** Whom to search for, and what other stores have found. */
export interface Target {
  readonly identity: Identity
  /** Trace ids found in any store: a log record may only have the trace id. */
  readonly traceIds: readonly string[]
  /** For an interrupted search: the parts that are done, with the traces in each that may be the subject's. */
  readonly searched?: Searched
}

export type Searched = Readonly<Record<string, readonly string[]>>
/** Saves a part for the next run of the same step. */
export type Keep = (part: string, traceIds: readonly string[]) => void

/** A record of an export. */
export interface ExportRecord {
  readonly signal: 'span' | 'log' | 'metric' | 'audit'
  readonly record: unknown
}

export interface SubjectStore {
  /** Letters, digits and `-`; a second store of the same kind has a number. It appears in the receipt, so it contains no host name. */
  readonly name: string
  /** How long after an erasure data may still arrive, or an erasure may still be running, in milliseconds. */
  readonly flushWindowMs: number
  /** Maximum duration of one of its steps in milliseconds, if that exceeds the default of five minutes. */
  readonly patienceMs?: number
  /** Read-only. */
  find(target: Target, signal: AbortSignal, keep?: Keep): Promise<SubjectRecords>
  export(target: Target, signal: AbortSignal): AsyncIterable<ExportRecord>
  /** Resolves when the store has accepted the request; only `verify` shows the result. */
  erase(target: Target, signal: AbortSignal): Promise<void>
  /** Number of records that a new query finds, without those listed by `unerasable`. */
  verify(target: Target, signal: AbortSignal, keep?: Keep): Promise<number>
  /** Data that remains after an erasure, and until when. @param nowMs time of the erasure, milliseconds since 1970 */
  unerasable(nowMs: number): readonly Unerasable[]
}

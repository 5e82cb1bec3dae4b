/** What the erasure needs of a store. Every method may come again, after a kill or a failure, and then does no harm. */
import type { Unerasable } from '../receipt'
import type { Identity } from '../subject'

/** Of what is found, somebody has to see some before it is erased. */
export const SAMPLES = 3

export interface SubjectRecords {
  /** Spans, log records, series or lines that name the subject, and are erased or masked, or are part of a trace that is the subject's alone. */
  readonly records: number
  /** Traces that are the subject's alone, 32 hexadecimal digits each. */
  readonly traceIds: readonly string[]
  /** Of all traces of the store, where it has traces: many at once have to be confirmed. */
  readonly allTraces?: number
  /** Of all records of the store, for the same; undefined where no text is looked at. */
  readonly allRecords?: number
  /** The first of `records`, as the store has them: what is shown of them is redacted. */
  readonly samples?: readonly unknown[]
  /** Traces in which other persons are named too. */
  readonly shared: number
}

/** Of whom, and since when there is more than the store itself knows. */
export interface Target {
  readonly identity: Identity
  /** What any of the stores found: a log record may name the trace alone. */
  readonly traceIds: readonly string[]
  /** Of a search that was ended in the middle: the parts that it was through with, and the traces that may be the subject's in each. */
  readonly searched?: Searched
}

export type Searched = Readonly<Record<string, readonly string[]>>
/** Keeps a part for the next run of the same step. */
export type Keep = (part: string, traceIds: readonly string[]) => void

/** One record of the export. */
export interface ExportRecord {
  readonly signal: 'span' | 'log' | 'metric' | 'audit'
  readonly record: unknown
}

export interface SubjectStore {
  /** Letters, digits and `-`; a second one of its kind has a number. Stands in the receipt, so it names no host. */
  readonly name: string
  /** How long after an erasure what was on its way may still arrive, or an erasure be at work, in milliseconds. */
  readonly flushWindowMs: number
  /** How long one of its steps may take, in milliseconds, where that is more than the five minutes of any other store. */
  readonly patienceMs?: number
  /** Changes nothing. */
  find(target: Target, signal: AbortSignal, keep?: Keep): Promise<SubjectRecords>
  export(target: Target, signal: AbortSignal): AsyncIterable<ExportRecord>
  /** Resolves when the store took the request, which says nothing about what becomes of it: `verify` does. */
  erase(target: Target, signal: AbortSignal): Promise<void>
  /** Records that a new question still finds. What `unerasable` has is none of them. */
  verify(target: Target, signal: AbortSignal, keep?: Keep): Promise<number>
  /** What stays after an erasure, and until when. @param nowMs of the erasure, milliseconds since 1970 */
  unerasable(nowMs: number): readonly Unerasable[]
}

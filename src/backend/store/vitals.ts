// The state of the store for `/metrics` and `/ready`, across sessions.
import type { Signal } from '../../shared/config/otlp'
import type { Count } from './spans'

/** The result of one request. */
export interface StoredRequest {
  readonly signal: Signal
  readonly count: Count
}

/** How long a failure counts, in milliseconds: later requests may be smaller and succeed. */
const MINUTE = 60_000
/** Number of sweeps that may fail in a row. */
const PATIENCE = 3

export class Vitals {
  readonly records: Readonly<Record<Signal, { -readonly [K in keyof Count]: Count[K] }>> = {
    traces: nothing(),
    metrics: nothing(),
    logs: nothing(),
  }
  readonly commits = { succeeded: 0, failed: 0, seconds: 0, lastAt: 0 }
  readonly sweeps = { succeeded: 0, failed: 0, lastAt: 0 }
  /** The load by queries. */
  readonly queries = { running: 0, waiting: 0 }
  /** Sequence numbers of the last span in the word index and of the last stored span; -1 for none. See word-index.ts. */
  readonly words = { last: -1, newest: -1 }
  /** Whether no commit has succeeded since one failed. */
  isFailing = false
  /** By the monotonic clock. */
  #failedAt = 0
  readonly #sweepMs: number
  #sweptAt = performance.now()

  /** @param sweepMs interval between sweeps */
  constructor(sweepMs: number) {
    this.#sweepMs = sweepMs
  }

  committed(stored: readonly StoredRequest[], seconds: number): void {
    this.isFailing = false
    this.commits.succeeded++
    this.commits.seconds += seconds
    this.commits.lastAt = Date.now() / 1_000
    for (const { signal, count } of stored) {
      const sum = this.records[signal]
      sum.received += count.received
      sum.rejected += count.rejected
      sum.misdated += count.misdated
    }
  }

  commitFailed(): void {
    this.isFailing = true
    this.#failedAt = performance.now()
    this.commits.failed++
  }

  swept(): void {
    this.#sweptAt = performance.now()
    this.sweeps.succeeded++
    this.sweeps.lastAt = Date.now() / 1_000
  }

  get failedJustNow(): boolean {
    return this.isFailing && performance.now() - this.#failedAt < MINUTE
  }

  get isSwept(): boolean {
    return performance.now() - this.#sweptAt < PATIENCE * this.#sweepMs
  }

  /** Totals over all signals. */
  get counts(): { readonly received: number; readonly rejected: number } {
    const all = Object.values(this.records)
    return {
      received: all.reduce((sum, { received }) => sum + received, 0),
      rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
    }
  }
}

const nothing = () => ({ received: 0, rejected: 0, misdated: 0 })

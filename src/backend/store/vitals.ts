// How the store is: what `/metrics` and `/ready` say of it. Kept over sessions.
import type { Signal } from '../../shared/config/otlp'
import type { Count } from './spans'

/** What one request brought. */
export interface StoredRequest {
  readonly signal: Signal
  readonly count: Count
}

/** Milliseconds in which a failure is believed: what is tried later is smaller than what failed. */
const MINUTE = 60_000
/** Sweeps that may be missed. */
const PATIENCE = 3

export class Vitals {
  readonly records: Readonly<Record<Signal, { -readonly [K in keyof Count]: Count[K] }>> = {
    traces: nothing(),
    metrics: nothing(),
    logs: nothing(),
  }
  readonly commits = { succeeded: 0, failed: 0, seconds: 0, lastAt: 0 }
  readonly sweeps = { succeeded: 0, failed: 0, lastAt: 0 }
  /** Of questions. */
  readonly queries = { running: 0, waiting: 0 }
  /** The numbers of the last span that is in the index of words, and of the last that there is; -1 for none. See word-index.ts. */
  readonly words = { last: -1, newest: -1 }
  /** Nothing was committed since a commit failed. */
  isFailing = false
  /** By a clock that nobody sets. */
  #failedAt = 0
  readonly #sweepMs: number
  #sweptAt = performance.now()

  /** @param sweepMs between two sweeps */
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

  /** Of all signals. */
  get counts(): { readonly received: number; readonly rejected: number } {
    const all = Object.values(this.records)
    return {
      received: all.reduce((sum, { received }) => sum + received, 0),
      rejected: all.reduce((sum, { rejected }) => sum + rejected, 0),
    }
  }
}

const nothing = () => ({ received: 0, rejected: 0, misdated: 0 })

// Tracks which traces have to be finalized, and which ones no longer get spans.

import type { StoredTraces } from './whole-traces'

/** A trace without a new span for this long counts as complete. */
const QUIET_MS = 1000

export class ChangedTraces {
  readonly #unfinished = new Set<string>()
  /** In the order of their last change. */
  readonly #moving = new Map<string, number>()

  /** @param now in milliseconds, by the monotonic clock */
  changed({ all, parts }: Pick<StoredTraces, 'all' | 'parts'>, now: number): void {
    for (const trace of parts) this.#unfinished.add(trace)
    for (const trace of all) {
      this.#moving.delete(trace)
      this.#moving.set(trace, now)
    }
  }

  /** Returns and removes the traces to finalize, of these or of all; the caller returns them if it fails. */
  takeUnfinished(among?: readonly string[]): string[] {
    const traces = (among ?? [...this.#unfinished]).filter(trace => this.#unfinished.has(trace))
    for (const trace of traces) this.#unfinished.delete(trace)
    return traces
  }

  giveBack(traces: Iterable<string>): void {
    for (const trace of traces) this.#unfinished.add(trace)
  }

  takeRested(now: number): string[] {
    const rested: string[] = []
    for (const [trace, changed] of this.#moving) {
      if (now - changed < QUIET_MS) break
      rested.push(trace)
      this.#moving.delete(trace)
    }
    return rested
  }
}

/** @param trace the 16 bytes of the id as latin1 */
export const traceIdFrom = (trace: string): bigint => BigInt(`0x${Buffer.from(trace, 'latin1').toString('hex')}`)

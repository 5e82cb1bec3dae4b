// Counts OTLP requests by signal and status.
import { type Signal, signals } from '../shared/config/otlp'

export class RequestCounts {
  readonly #counts = new Map<string, { readonly signal: Signal; readonly code: number; value: number }>()

  constructor() {
    // so that rates start at 0
    for (const signal of signals) for (const code of [200, 503]) this.count(signal, code, 0)
  }

  count(signal: Signal, code: number, by = 1): void {
    const key = `${signal} ${code}`
    const known = this.#counts.get(key) ?? { signal, code, value: 0 }
    known.value += by
    this.#counts.set(key, known)
  }

  get all(): Iterable<{ readonly signal: Signal; readonly code: number; readonly value: number }> {
    return this.#counts.values()
  }
}

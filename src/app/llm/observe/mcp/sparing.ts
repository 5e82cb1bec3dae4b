// How many spans notifications get. The conventions have one for each at both ends; a tool that tells of each percent, or a resource that
// changes all day, would bury the trace in them. Beyond the first ones a span a minute is left. Metrics count all.
import type { SpanContext } from '@opentelemetry/api'

const FIRST = 20
const MINUTE = 60_000
/** Traces that are remembered; the oldest are forgotten. */
const MOST_TRACES = 1_000

interface Seen {
  spans: number
  /** When the last one was let through, in milliseconds. */
  last: number
}

export class Sparing {
  readonly #seen = new Map<string, Seen>()

  /** @param parent undefined for one that would begin a trace: all of these count together */
  admits(method: string, parent: SpanContext | undefined): boolean {
    const key = `${parent?.traceId ?? ''} ${method}`
    const seen = this.#seen.get(key) ?? this.#remember(key)
    const now = performance.now()
    if (seen.spans >= FIRST && now - seen.last < MINUTE) return false
    seen.spans++
    seen.last = now
    return true
  }

  #remember(key: string): Seen {
    const oldest = this.#seen.size >= MOST_TRACES ? this.#seen.keys().next().value : undefined
    if (oldest !== undefined) this.#seen.delete(oldest)
    const seen = { spans: 0, last: 0 }
    this.#seen.set(key, seen)
    return seen
  }
}

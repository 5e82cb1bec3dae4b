// Limits the spans for notifications. The conventions define one for each at both ends, but a tool that reports each percent, or a resource
// that changes all day, would flood the trace. After the first few, one span per minute is made. Metrics count all.
import type { SpanContext } from '@opentelemetry/api'

const FIRST = 20
const MINUTE = 60_000
/** Maximum traces remembered; the oldest are removed first. */
const MOST_TRACES = 1_000

interface Seen {
  spans: number
  /** Time of the last admitted one, in milliseconds. */
  last: number
}

export class Sparing {
  readonly #seen = new Map<string, Seen>()

  /** @param parent undefined if the span would start a trace; all of these share one limit */
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

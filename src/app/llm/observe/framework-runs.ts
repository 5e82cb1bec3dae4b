// The runs that a framework reports by its own ids, and their spans.
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api'
import { type Begun, type OpenSpan, startWithin } from '../spans/agent-spans'

/** Limits the memory for runs that never end: the oldest are removed. */
const MOST_RUNS = 10_000

export class FrameworkRuns {
  /** The span is unset for runs that have no span of their own. */
  readonly #runs = new Map<string, Partial<OpenSpan> & Pick<OpenSpan, 'context'>>()

  constructor(
    private readonly tracer: Tracer,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** @param begun undefined if the run has no span of its own */
  begin(id: string, outside: Context, begun: Begun | undefined): void {
    const oldest = this.#runs.size >= MOST_RUNS ? this.#runs.keys().next().value : undefined
    if (oldest !== undefined) this.end(oldest)
    this.#runs.set(id, begun ? startWithin(this.tracer, outside, begun) : { context: outside })
  }

  end(id: string, told: Attributes = {}): void {
    const span = this.spanOf(id)
    this.#runs.delete(id)
    span?.setAttributes(told).end()
  }

  spanOf(id: string): Span | undefined {
    return this.#runs.get(id)?.span
  }

  /** The context within a run; undefined if the run is unknown. */
  contextOf(id: string | undefined): Context | undefined {
    return id === undefined ? undefined : this.#runs.get(id)?.context
  }

  /** Wraps a callback for a framework, so that our failures do not affect the framework. */
  guarded<Given extends unknown[]>(ours: (...given: Given) => void): (...given: Given) => void {
    return (...given) => {
      try {
        ours(...given)
      } catch (error) {
        this.onFailure(error)
      }
    }
  }
}

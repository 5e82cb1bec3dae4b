// The runs that a framework reports by ids of its own, and their spans.
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api'
import { type Begun, type OpenSpan, startWithin } from '../spans/agent-spans'

/** Runs that never end must not fill the memory: the oldest are forgotten. */
const MOST_RUNS = 10_000

export class FrameworkRuns {
  /** Without a span where a run has none of its own. */
  readonly #runs = new Map<string, Partial<OpenSpan> & Pick<OpenSpan, 'context'>>()

  constructor(
    private readonly tracer: Tracer,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** @param begun undefined where the run has no span of its own */
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

  /** What is active within it; undefined for one that is not known. */
  contextOf(id: string | undefined): Context | undefined {
    return id === undefined ? undefined : this.#runs.get(id)?.context
  }

  /** What a framework calls: its own work goes on, whatever becomes of ours. */
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

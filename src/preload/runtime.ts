// What a started distribution offers to the rest of the process, across all copies of our modules (require and import,
// several versions). Called by `start.ts` and `./sdk`, which fill it, and by the API.
import type { Attributes, Context } from '@opentelemetry/api'
import type { Status } from '../diag/status'
import type { Evaluation } from '../llm/quality/evaluation'
import type { LlmMetrics } from '../llm/told/llm-metrics'

export interface Runtime {
  status(): Status
  /** Never rejects. */
  flush(timeoutMs: number): Promise<void>
  /** Whether message content may be written onto spans. */
  readonly content: boolean
  /** From now on these stand on every span of the scope and of the trace that `context` is in. Never throws. */
  identify(context: Context, attributes: Attributes): void
  /** A call of the API could not do what it is for. */
  failed(error: unknown): void
}

/** What an app tells of its LLM calls itself goes here; `./sdk` offers it too. */
export interface Told {
  /** Never throws. */
  recordEvaluation(evaluation: Evaluation): void
  /** Never throws. */
  recordLlmMetrics(call: LlmMetrics): void
}

const key = Symbol.for('@afn/otel')

interface Slot {
  /** Set by the first preload; a later one finds it and starts nothing. */
  runtime?: Runtime
  told?: Told
}

export function slot(): Slot {
  const holder = globalThis as { [key]?: Slot }
  holder[key] ??= {}
  return holder[key]
}

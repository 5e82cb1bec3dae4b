// What a started distribution offers to the rest of the process, across all copies of our modules (require and import,
// several versions). Called by `start.ts`, which fills it, and by the API.
import type { Status } from '../diag/status'
import type { Evaluation } from '../llm/quality/evaluation'

export interface Runtime {
  status(): Status
  /** Never rejects. */
  flush(timeoutMs: number): Promise<void>
}

/** What an app tells of its LLM calls itself goes here; `./sdk` offers it too. */
export interface Told {
  /** Never throws. */
  recordEvaluation(evaluation: Evaluation): void
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

// What a started distribution offers to the rest of the process, across all copies of our modules (require and import,
// several versions). It stands below every room, so that the API and `./next` need no import from the preload.
import type { Attributes, Context } from '@opentelemetry/api'
import type { Status } from '../shared/diag/status'
import type { EvaluatorOptions } from './evaluate/options'
import type { Guard, GuardOptions } from './guard/options'
import type { Health } from './health/health'
import type { LlmMetrics } from './llm/report/manual-call'
import type { Evaluation } from './llm/report/quality/evaluation'
import type { Suppression } from './suppress/suppression'

export interface Runtime {
  status(): Status
  /** Never rejects. */
  flush(timeoutMs: number): Promise<void>
  /** Whether message content may be written onto spans. */
  readonly content: boolean
  /** Whether names that the conventions gave up are written too. */
  readonly oldNames?: boolean
  /** Who sends it may read figures of the business. */
  readonly healthToken?: string | undefined
  /** From now on these stand on every span of the scope and of the trace that `context` is in. Never throws. */
  identify(context: Context, attributes: Attributes): void
  /** A call of the API could not do what it is for. */
  failed(error: unknown): void
  /** Whose telemetry must not leave. Absent where there is no list of subjects who objected. */
  readonly suppression?: Pick<Suppression, 'has' | 'remove'> | undefined
  /** Throws where an option can't be. Absent where nothing was started. */
  guard?(options: GuardOptions): Guard
  /** Never throws. Absent where nothing was started. */
  recordEvaluation?(evaluation: Evaluation): void
  /** Never throws. Absent where nothing was started. */
  addEvaluator?(evaluator: EvaluatorOptions): void
  /** Never throws. Absent where nothing was started. */
  recordLlmMetrics?(call: LlmMetrics): void
}

const key = Symbol.for('@afn/otel')

interface Slot {
  /** The one that runs, or the last that ran. The first preload sets it; a later one finds it and starts nothing. */
  runtime?: Runtime
  /**
   * What the plugins for bundlers make libraries in a bundle call with their exports and `afn-otel:NAME@VERSION`; returns
   * the exports for the app. Never throws. Absent where nothing was started.
   */
  bundled?: (exports: unknown, marker: string) => unknown
  /** The checks of this process, from the first use on. */
  health?: Health
  /** Gets the attributes of each LLM call when it has been counted. Must not throw. */
  onCall?: (attributes: Attributes) => void
  /** Is told of each uncaught exception; returns the context of the request that it came out of. Must not throw. */
  uncaught?: (error: unknown) => Context
  /** In a Lambda function: loads its handler, which is then observed. */
  lambda?: (importFile: (url: string) => Promise<unknown>) => Promise<unknown>
  /** Paths on which probes come to servers of the app: they make no spans and no metrics. */
  probePaths?: Set<string>
}

export function slot(): Slot {
  const holder = globalThis as { [key]?: Slot }
  holder[key] ??= {}
  return holder[key]
}

/** What stands in the slot of a process in which nothing runs. */
export function inertRuntime(status: Status): Runtime {
  return { status: () => status, flush: async () => {}, content: false, identify() {}, failed() {} }
}

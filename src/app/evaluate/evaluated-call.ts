// A call as an evaluator gets it. Public through `./api`, whose types know nothing of providers.
import type { Attributes } from '@opentelemetry/api'
import type { Message } from '../llm/messages'

export interface EvaluatedCall {
  readonly traceId: string
  readonly spanId: string
  readonly operation: string | undefined
  readonly provider: string | undefined
  /** The model that was requested. */
  readonly model: string | undefined
  readonly agent: string | undefined
  /** Those of the span, by OpenTelemetry's names. */
  readonly attributes: Readonly<Attributes>
  /** The system's instructions, as text. */
  readonly system: string
  /** The text of the user's last message. */
  readonly question: string
  /** The text of the answer; of several answers the first. */
  readonly answer: string
  /** What counts as the right answer, where a dataset has one. */
  readonly expected?: string
  /** Messages in the shape of the GenAI conventions. */
  readonly input: readonly Message[]
  readonly output: readonly Message[]
  /** Definitions of the tools that the model could call: `{ name, parameters }`. */
  readonly tools: readonly unknown[]
  readonly finishReasons: readonly string[]
}

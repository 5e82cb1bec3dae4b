// The exporting copy of a span as the stages of this room see it. The sdk's copy has this shape.
import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { Call } from '../call'
import type { Usage } from '../usage'

/** The instrumentation scope of our own spans of LLM calls. */
export const LLM_SCOPE = '@afn/otel/llm'

export interface LlmSpan {
  name: string
  readonly kind: SpanKind
  readonly context: { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly spanId: string }
  /** Shared with the live span: read here, write to `own()`. */
  readonly attributes: Readonly<Attributes>
  events: readonly { readonly name: string; readonly attributes?: Attributes }[]
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: SpanStatus
  readonly instrumentationScope: { readonly name: string }
  /** What the call used, of a span of ours that nobody else wrote to; of others their attributes say it. */
  readonly counts: Usage | undefined
  /** Its call; `undefined` where it is not about an LLM. Known once it has today's names; pricing and deduplication write to it. */
  readonly call: Call | undefined
  /** Whether it is exported. A call that isn't is only counted. */
  readonly isSampled: boolean
  /** On a run of an agent. */
  run?: AgentRun | undefined
  /** The copy's own attributes, to be written to; what is written is not limited in number. */
  own(): Attributes
}

/** What one run of an agent did itself: what an agent below it does is that one's. */
export interface AgentRun {
  inferenceCalls: number
  toolCalls: number
}

/** A step on the way out. It may change the span's own attributes and its name. */
export type Stage = (span: LlmSpan) => void

// The exported copy of a span as the stages of this room see it. The sdk room's copy has this shape.
import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { Call } from '../call'
import type { Usage } from '../usage'

/** The instrumentation scope of our own LLM spans. */
export const LLM_SCOPE = '@afn/otel/llm'

export interface LlmSpan {
  name: string
  readonly kind: SpanKind
  readonly context: { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly spanId: string }
  /** Shared with the live span: read here, write with `own()`. */
  readonly attributes: Readonly<Attributes>
  events: readonly { readonly name: string; readonly attributes?: Attributes }[]
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: SpanStatus
  readonly instrumentationScope: { readonly name: string }
  /** Usage of a span that only we wrote to; for other spans, it is in the attributes. */
  readonly counts: Usage | undefined
  /**
   * The call; `undefined` if the span is not about an LLM. Set once attributes have current names; pricing and deduplication write to it.
   */
  readonly call: Call | undefined
  /** Whether it is exported. A call that is not sampled is only counted. */
  readonly isSampled: boolean
  /** Set on agent runs. */
  run?: AgentRun | undefined
  /** The copy's own attributes, for writing; their number is not limited. */
  own(): Attributes
}

/** The actions of one agent run itself; those of agents below it are not included. */
export interface AgentRun {
  inferenceCalls: number
  toolCalls: number
}

/** A stage before export. It may change the span's own attributes and its name. */
export type Stage = (span: LlmSpan) => void

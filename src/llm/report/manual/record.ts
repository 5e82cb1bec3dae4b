// `recordLlmMetrics()`: a call that can't be seen becomes the span that it would have, and goes the way of all others: so
// it is priced and counted as they are, and the sum over spans stays the counter. Composed by the sdk.
import type { Tracer } from '@opentelemetry/api'
import { SpanKind } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_REQUEST_MODEL } from '../../../../semconv'
import { amount, toldAttributes } from './attributes'
import type { LlmMetrics } from './llm-metrics'

export interface ToldCallsOptions {
  readonly tracer: () => Tracer
  /** Told in words why a call is not recorded. */
  readonly onProblem: (problem: string) => void
}

/** @returns records one call; never throws */
export function createToldCalls({ tracer, onProblem }: ToldCallsOptions): (call: LlmMetrics) => void {
  return call => {
    try {
      const attributes = toldAttributes(call)
      const endTime = Date.now()
      const startTime = endTime - amount('duration', call.duration) * 1_000
      const name = `${attributes[ATTR_GEN_AI_OPERATION_NAME]} ${attributes[ATTR_GEN_AI_REQUEST_MODEL]}`
      tracer().startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }).end(endTime)
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error))
    }
  }
}

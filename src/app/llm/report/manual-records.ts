// Records LLM calls that an app reports itself: one chunk, loaded with the first report.
import { SpanKind, type Tracer } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_REQUEST_MODEL } from '../../../../semconv'
import { amount, type LlmMetrics, manualCallAttributes } from './manual-call'

export { createEvaluations } from './quality/record'

export interface ManualCallsOptions {
  readonly tracer: () => Tracer
  /** Receives the reason, as text, why a call is not recorded. */
  readonly onProblem: (problem: string) => void
}

/**
 * The call becomes a normal span and passes all stages, so it is priced and counted like other calls, and the sum over spans equals the
 * counter.
 * @returns a function that records one call; never throws
 */
export function createManualCalls({ tracer, onProblem }: ManualCallsOptions): (call: LlmMetrics) => void {
  return call => {
    try {
      const attributes = manualCallAttributes(call)
      const endTime = Date.now()
      const startTime = endTime - amount('duration', call.duration) * 1_000
      const name = `${attributes[ATTR_GEN_AI_OPERATION_NAME]} ${attributes[ATTR_GEN_AI_REQUEST_MODEL]}`
      tracer().startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }).end(endTime)
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error))
    }
  }
}

// What an app records about its LLM calls itself, behind `recordEvaluation()` and `recordLlmMetrics()` of `./api`.
import { metrics, trace } from '@opentelemetry/api'
import type { Settings } from '../config/settings'
import { report } from '../diag/report'
import type { LlmMetrics } from '../llm/report/manual-call'
import { createManualCalls } from '../llm/report/manual-call'
import type { Evaluation } from '../llm/report/quality/evaluation'
import { createEvaluations } from '../llm/report/quality/record'
import { LLM_SCOPE } from '../llm/spans/span'
import type { Redactor } from '../redact'
import type { Suppression } from '../suppress/suppression'
import { version } from '../version'
import { createScores } from './scores'
import type { SpanPipeline } from './span-pipeline'

export interface ManualRecording {
  /** Never throws. */
  recordEvaluation(evaluation: Evaluation): void
  /** Never throws. */
  recordLlmMetrics(call: LlmMetrics): void
  /** Sends the scores that wait for LangFuse. Never rejects. */
  flush(): Promise<void>
}

/** @param suppression absent where no subject can have objected */
export function createManualRecording(
  settings: Settings,
  redactor: Redactor,
  path: SpanPipeline,
  suppression?: Suppression,
): ManualRecording {
  const scores = createScores(settings, redactor, environmentOf(settings))
  return {
    recordEvaluation: createEvaluations({
      meter: () => metrics.getMeter('@afn/otel/evaluation', version),
      tracer: () => trace.getTracer('@afn/otel/evaluation', version),
      open: spanId => path.open(spanId),
      ended: spanId => path.ended(spanId),
      modelBelow: spanId => path.modelBelow(spanId),
      send(score) {
        if (!suppression?.isTheirs(score.traceId)) scores?.add(score)
      },
      onProblem: problem => report('AFN170', `recordEvaluation(): ${problem}`),
    }),
    recordLlmMetrics: createManualCalls({
      // that of the tap: inside of somebody's span of the same call the two are merged
      tracer: () => trace.getTracer(LLM_SCOPE, version),
      onProblem: problem => report('AFN172', `recordLlmMetrics(): ${problem}`),
    }),
    flush: async () => scores?.flush(),
  }
}

/** Its name, and the one that it had before. */
function environmentOf({ resourceAttributes }: Settings): string | undefined {
  return resourceAttributes['deployment.environment.name'] ?? resourceAttributes['deployment.environment']
}

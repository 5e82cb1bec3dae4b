// What an app records about its LLM calls itself, behind `recordEvaluation()` and `recordLlmMetrics()` of `./api`.
import { logs, metrics, trace } from '@opentelemetry/api'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import type { LlmMetrics } from '../llm/report/manual-call'
import type { Evaluation } from '../llm/report/quality/evaluation'
import { LLM_SCOPE } from '../llm/spans/span'
import type { Suppression } from '../suppress/suppression'
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
  const evaluations = () =>
    loadChunk('manual-records').createEvaluations({
      meter: () => metrics.getMeter('@afn/otel/evaluation', version),
      tracer: () => trace.getTracer('@afn/otel/evaluation', version),
      logger: () => logs.getLogger('@afn/otel/evaluation', version),
      open: spanId => path.open(spanId),
      ended: spanId => path.ended(spanId),
      modelBelow: spanId => path.modelBelow(spanId),
      send(score) {
        if (!suppression?.isTheirs(score.traceId)) scores?.add(score)
      },
      onProblem: evaluationProblem,
    })
  const calls = () =>
    loadChunk('manual-records').createManualCalls({
      // that of the tap: inside of somebody's span of the same call the two are merged
      tracer: () => trace.getTracer(LLM_SCOPE, version),
      onProblem: callProblem,
    })
  return {
    recordEvaluation: late(evaluations, evaluationProblem),
    recordLlmMetrics: late(calls, callProblem),
    flush: async () => scores?.flush(),
  }
}

const evaluationProblem = (problem: string) => report('AFN170', `recordEvaluation(): ${problem}`)
const callProblem = (problem: string) => report('AFN172', `recordLlmMetrics(): ${problem}`)

/** Records by what is loaded and made with the first record. Never throws, as what it makes. */
function late<T>(make: () => (record: T) => void, onProblem: (problem: string) => void): (record: T) => void {
  let made: ReturnType<typeof make> | undefined
  return record => {
    try {
      made ??= make()
    } catch (error) {
      return onProblem(reason(error))
    }
    made(record)
  }
}

/** Its name, and the one that it had before. */
export function environmentOf({ resourceAttributes }: Settings): string | undefined {
  return resourceAttributes['deployment.environment.name'] ?? resourceAttributes['deployment.environment']
}

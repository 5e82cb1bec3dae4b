// What `src/app/llm` does with a span on its way out, by the settings.
import { metrics } from '@opentelemetry/api'
import type { Settings } from '../../shared/config/settings'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import { costOfCallsOnly } from '../llm/report/cost/pricer'
import { forLangfuse } from '../llm/report/langfuse/attributes'
import { createRootContent } from '../llm/report/langfuse/root'
import { createCallMetrics } from '../llm/report/metrics/call-metrics'
import { createNormalise } from '../llm/spans/normalise'
import type { Stage } from '../llm/spans/span'
import { slot } from '../runtime'
import type { SpanCopy } from './span-copy'

/** What `src/app/llm` does with a span. A span goes on without one of these that fails. */
export interface LlmStages {
  /** Gives the span today's names. */
  readonly normalise: Stage
  /** Writes the content of a trace onto its root. Has to see spans in the order in which they end. */
  readonly rootContent?: Stage
  /** Counts a call, a run of an agent, a tool. Sees what is not sampled too. */
  readonly count: readonly Stage[]
  /** Writes what others need: LangFuse, who reads old names, who reads exceptions as log records. */
  readonly write: readonly ((span: SpanCopy) => void)[]
  /** Sees what the redactor has left of a span. */
  readonly redacted?: (span: SpanCopy) => void
  /** Whether a span, which has been counted, must not leave: its subject has objected. */
  readonly keepsBack?: (span: SpanCopy) => boolean
}

export function createLlmStages(settings: Settings): LlmStages {
  const { captureContent, dialectOriginals, semconvCompat, langfuseAttributes } = settings
  const normalising = { content: captureContent !== 'off', keepOriginals: dialectOriginals === 'keep' }
  const v1_41 = semconvCompat === 'v1.41' ? loadChunk('v1-41') : undefined
  const shared = slot()
  return {
    normalise: createNormalise(normalising, () => loadChunk('dialects')),
    ...(langfuseAttributes && captureContent !== 'off' && { rootContent: createRootContent() }),
    count: [
      costOfCallsOnly,
      createCallMetrics({ meter: () => metrics.getMeter('@afn/otel/llm', version), v1_41 }),
      // the health check of LLM providers counts how the app's own calls went
      ({ attributes, call }) => {
        if (shared.onCall && call?.isModelCall) shared.onCall(attributes)
      },
    ],
    write: [...(v1_41 ? [v1_41.writeOldNames] : []), ...(langfuseAttributes ? [forLangfuse] : [])],
  }
}

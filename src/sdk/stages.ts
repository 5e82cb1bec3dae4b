// The steps on a span's way out beside pricing and redaction.
import { metrics } from '@opentelemetry/api'
import { loadChunk } from '../chunks'
import type { Settings } from '../config/settings'
import { costOfCallsOnly } from '../llm/report/cost/pricer'
import { forLangfuse } from '../llm/report/langfuse/attributes'
import { createRootContent } from '../llm/report/langfuse/root'
import { createCallMetrics } from '../llm/report/metrics/call-metrics'
import { createNormalise } from '../llm/spans/normalise'
import { isModelCall } from '../llm/spans/operations'
import type { Stage } from '../llm/spans/span'
import { slot } from '../runtime'
import { version } from '../version'

export interface Stages {
  /** As soon as a span has ended: it gets today's names. */
  readonly first: readonly Stage[]
  /** In the order in which spans end, before any of them waits for its price. */
  readonly ended: readonly Stage[]
  /** After pricing. */
  readonly priced: readonly Stage[]
  /** Right before redaction, when it is known of an attempt that failed whether another one followed. */
  readonly sent: readonly Stage[]
  /** The same of calls that are not sampled: only what metrics need. */
  readonly unsampled: Pick<Stages, 'first' | 'priced'>
}

export function createStages({ captureContent, dialectOriginals, metricsCompat }: Settings): Stages {
  const recordCall = createCallMetrics({
    meter: () => metrics.getMeter('@afn/otel/llm', version),
    v1_41: metricsCompat === 'v1.41',
  })
  const normalise = (content: boolean) =>
    createNormalise({ content, keepOriginals: dialectOriginals === 'keep' }, () => loadChunk('dialects'))
  return {
    first: [normalise(captureContent !== 'off')],
    ended: captureContent === 'off' ? [] : [createRootContent()],
    priced: [costOfCallsOnly, recordCall, tellOfCall],
    sent: [forLangfuse],
    unsampled: { first: [normalise(false)], priced: [costOfCallsOnly, recordCall, tellOfCall] },
  }
}

/** The health check of LLM providers counts how the app's own calls went. */
const tellOfCall: Stage = ({ attributes }) => {
  if (isModelCall(attributes)) slot().onCall?.(attributes)
}

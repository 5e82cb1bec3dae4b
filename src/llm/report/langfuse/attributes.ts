// Writes onto the exported copy what LangFuse needs beyond the GenAI conventions, so that it shows and adds up what really
// happened. Called by the sdk's export path, after pricing and before redaction.
// Source: LangFuse v4.16, packages/shared/src/server/otel; each rule was tried on it. Always on: the Collector can't reckon
// buckets and costs, and no setting then has to agree with a leg somewhere else. What somebody wrote himself is kept.
import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_RETRIED,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'
import { pairContent, stringify } from './content'
import * as LANGFUSE from './names'
import { movePrompt } from './prompt'
import { isBillable, typeOf } from './type'
import { costDetails, NO_COST, NO_EMBEDDING_USAGE, NO_USAGE, usageDetails } from './usage'

export function forLangfuse(span: LlmSpan): void {
  const { attributes } = span
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  const isRoot = attributes[ATTR_AFN_LLM_LOCAL_ROOT] === true
  const isEvaluation = operation === undefined && attributes[ATTR_GEN_AI_EVALUATION_NAME] !== undefined
  // no other span is sent to LangFuse
  if (operation === undefined && !isRoot && !isEvaluation) return

  const add: Attributes = isModelCall(attributes) ? callDetails(span) : otherDetails(span)
  if (isRoot) add[LANGFUSE.TRACE_NAME] = span.name
  Object.assign(add, failure(span))
  const own = span.own()
  for (const [key, value] of Object.entries(add)) if (value !== undefined) own[key] ??= value
  movePrompt(own)
  stringify(own)
  pairContent(own)
  const tags = own[LANGFUSE.TRACE_TAGS]
  if (Array.isArray(tags) && tags.length === 0) delete own[LANGFUSE.TRACE_TAGS] // it would become a tag of its own
}

function callDetails(span: LlmSpan): Attributes {
  const { attributes } = span
  const isEmbedding = attributes[ATTR_GEN_AI_OPERATION_NAME] === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
  const usage = usageDetails(attributes)
  const cost = costDetails(attributes)
  return {
    // Without counts LangFuse tokenises the redacted text and bills it. No other store has such a number: a call that
    // nobody counted has no tokens and no cost anywhere, and afn.llm.usage.source says why.
    [LANGFUSE.OBSERVATION_USAGE_DETAILS]: usage ?? (isEmbedding ? NO_EMBEDDING_USAGE : NO_USAGE),
    [LANGFUSE.OBSERVATION_COST_DETAILS]: cost ?? (usage === undefined ? NO_COST : undefined),
    [LANGFUSE.OBSERVATION_COMPLETION_START_TIME]: firstChunkAt(span),
  }
}

/** A model's name or counts on what is no call of a model would be billed a second time. */
function otherDetails({ attributes }: LlmSpan): Attributes {
  const billable = isBillable(attributes)
  return {
    [LANGFUSE.OBSERVATION_TYPE]: typeOf(attributes),
    [LANGFUSE.OBSERVATION_USAGE_DETAILS]: billable ? NO_USAGE : undefined,
    [LANGFUSE.OBSERVATION_COST_DETAILS]: billable ? NO_COST : undefined,
  }
}

/** LangFuse reads the status alone, not `error.type`. */
function failure({ attributes, status }: LlmSpan): Attributes {
  const error = attributes[ATTR_ERROR_TYPE]
  const hasFailed = status.code === SpanStatusCode.ERROR || error !== undefined
  // what became of the call is on its last attempt: among errors there are only calls that failed
  const isRetried = hasFailed && attributes[ATTR_AFN_LLM_RETRIED] === true
  const isUntold = hasFailed && status.code !== SpanStatusCode.ERROR
  return {
    [LANGFUSE.OBSERVATION_LEVEL]: isRetried ? 'WARNING' : isUntold ? 'ERROR' : undefined,
    [LANGFUSE.OBSERVATION_STATUS_MESSAGE]: status.message || typeof error !== 'string' ? undefined : error,
  }
}

/** As ISO text: it takes a number unread, and its earlier version refuses one. */
function firstChunkAt({ attributes, startTime: [seconds, nanos] }: LlmSpan): string | undefined {
  const after = attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]
  if (typeof after !== 'number' || !(after >= 0 && after < 86_400)) return undefined
  return new Date(seconds * 1_000 + nanos / 1e6 + after * 1_000).toISOString()
}

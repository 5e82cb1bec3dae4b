// Writes to the exported copy what LangFuse needs beyond the GenAI conventions to show and aggregate calls correctly. Source: LangFuse
// v4.16, packages/shared/src/server/otel; each rule was tested with it. The Collector cannot compute buckets and costs, so this is on
// unless AFN_LANGFUSE_ATTRIBUTES is off. Attributes set by the user are kept.

import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_RETRIED,
  ATTR_AFN_LLM_USAGE_TOTAL_TOKENS,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME,
  ATTR_LANGFUSE_OBSERVATION_COST_DETAILS,
  ATTR_LANGFUSE_OBSERVATION_INPUT,
  ATTR_LANGFUSE_OBSERVATION_LEVEL,
  ATTR_LANGFUSE_OBSERVATION_OUTPUT,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION,
  ATTR_LANGFUSE_OBSERVATION_STATUS_MESSAGE,
  ATTR_LANGFUSE_OBSERVATION_TYPE,
  ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../../semconv'
import type { Call, Cost } from '../../call'
import type { LlmSpan } from '../../spans/span'
import type { Usage } from '../../usage'
import { isBillable, typeOf } from './observation-type'

export function forLangfuse(span: LlmSpan): void {
  const { attributes, call } = span
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  const isRoot = attributes[ATTR_AFN_LLM_LOCAL_ROOT] === true
  const isEvaluation = operation === undefined && attributes[ATTR_GEN_AI_EVALUATION_NAME] !== undefined
  // other spans are not sent to LangFuse
  if (operation === undefined && !isRoot && !isEvaluation) return

  const own = span.own()
  if (call?.isModelCall) writeCall(call, span, own)
  else writeOther(own)
  if (isRoot) own[ATTR_LANGFUSE_TRACE_NAME] ??= span.name
  if (attributes[ATTR_ERROR_TYPE] !== undefined || span.status.code === SpanStatusCode.ERROR) writeFailure(span, own)
  arrangeContent(own)
  const tags = own[ATTR_LANGFUSE_TRACE_TAGS]
  if (Array.isArray(tags) && tags.length === 0) delete own[ATTR_LANGFUSE_TRACE_TAGS] // it would become a tag of its own
}

function writeCall(
  { usage, operation, cost: known, timeToFirstChunk }: Call,
  { startTime }: LlmSpan,
  own: Attributes,
): void {
  const hasCounts = (usage.input ?? usage.output) !== undefined
  const total = own[ATTR_AFN_LLM_USAGE_TOTAL_TOKENS]
  let details: string | undefined
  if (hasCounts) details = usageDetails(usage)
  else if (typeof total === 'number') details = JSON.stringify({ total })
  const isEmbedding = operation === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS
  // Without usage, LangFuse tokenizes the redacted text and bills the result. No other store has such a number, so a call without usage
  // gets no tokens and no cost; afn.llm.usage.source says why.
  own[ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS] ??= details ?? (isEmbedding ? NO_EMBEDDING_USAGE : NO_USAGE)
  const cost = costDetails(known) ?? (details === undefined ? NO_COST : undefined)
  if (cost !== undefined) own[ATTR_LANGFUSE_OBSERVATION_COST_DETAILS] ??= cost
  // as ISO text: LangFuse ignores a number, and its previous version rejects one
  if (timeToFirstChunk !== undefined && timeToFirstChunk >= 0 && timeToFirstChunk < 86_400) {
    const startedAt = startTime[0] * 1_000 + startTime[1] / 1e6 + timeToFirstChunk * 1_000
    own[ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME] ??= new Date(startedAt).toISOString()
  }
}

/** LangFuse would bill a model name or usage on other spans a second time. */
function writeOther(own: Attributes): void {
  own[ATTR_LANGFUSE_OBSERVATION_TYPE] ??= typeOf(own)
  if (!isBillable(own)) return
  own[ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS] ??= NO_USAGE
  own[ATTR_LANGFUSE_OBSERVATION_COST_DETAILS] ??= NO_COST
}

/** LangFuse only reads the status, not `error.type`. */
function writeFailure({ status }: LlmSpan, own: Attributes): void {
  const error = own[ATTR_ERROR_TYPE]
  // a retried attempt is not an error, because the last attempt has the outcome of the call
  if (own[ATTR_AFN_LLM_RETRIED] === true) own[ATTR_LANGFUSE_OBSERVATION_LEVEL] ??= 'WARNING'
  else if (status.code !== SpanStatusCode.ERROR) own[ATTR_LANGFUSE_OBSERVATION_LEVEL] ??= 'ERROR'
  if (!status.message && typeof error === 'string') own[ATTR_LANGFUSE_OBSERVATION_STATUS_MESSAGE] ??= error
}

const RETRIEVAL_QUERY = 'gen_ai.retrieval.query.text'
const RETRIEVAL_DOCUMENTS = 'gen_ai.retrieval.documents'

/** Structured values of other libraries' spans would arrive as `{"kvlistValue":…}`. */
const structured: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  RETRIEVAL_DOCUMENTS,
])

/** LangFuse reads this prefix as the conversation itself: a prompt's name there would hide the messages. */
const PROMPT = 'gen_ai.prompt.'
const promptNames: ReadonlyMap<string, string> = new Map([
  ['gen_ai.prompt.name', ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME],
  ['gen_ai.prompt.version', ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION],
])
const VARIABLE = 'gen_ai.prompt.variable.'
/** Prompt variables are content. */
const OUR_VARIABLE = 'afn.llm.prompt.variable.'

/**
 * Moves content to the attributes that LangFuse reads; the redactor decides which content is exported. Most spans have neither content nor
 * a prompt, and are done after one check per key.
 */
function arrangeContent(own: Attributes): void {
  let hasContent = own[RETRIEVAL_QUERY] !== undefined || own[ATTR_GEN_AI_EVALUATION_NAME] !== undefined
  for (const key of Object.keys(own)) {
    if (key.startsWith(PROMPT)) movePrompt(own, key)
    else if (structured.has(key)) {
      hasContent = true
      const value: unknown = own[key]
      if (typeof value === 'object' && value !== null) own[key] = JSON.stringify(value)
    }
  }
  if (hasContent) pairContent(own)
}

function movePrompt(own: Attributes, key: string): void {
  const to = key.startsWith(VARIABLE) ? OUR_VARIABLE + key.slice(VARIABLE.length) : promptNames.get(key)
  if (to === undefined || own[key] === undefined) return
  own[to] ??= own[key]
  delete own[key]
}

/** LangFuse reads input and output as a pair: if one has its LangFuse name, the other is hidden under ours. */
function pairContent(own: Attributes): void {
  const pair = pairOf(own)
  const isPaired =
    own[ATTR_LANGFUSE_OBSERVATION_INPUT] !== undefined || own[ATTR_LANGFUSE_OBSERVATION_OUTPUT] !== undefined
  if (!pair || !(isPaired || pair.always)) return
  if (pair.input !== undefined) own[ATTR_LANGFUSE_OBSERVATION_INPUT] ??= pair.input
  if (pair.output !== undefined) own[ATTR_LANGFUSE_OBSERVATION_OUTPUT] ??= pair.output
}

interface Pair {
  readonly input: Attributes[string]
  readonly output: Attributes[string]
  /** LangFuse finds them under no other name. */
  readonly always: boolean
}

function pairOf(own: Attributes): Pair | undefined {
  if (own[RETRIEVAL_QUERY] !== undefined || own[RETRIEVAL_DOCUMENTS] !== undefined) {
    return { input: own[RETRIEVAL_QUERY], output: own[RETRIEVAL_DOCUMENTS], always: true }
  }
  if (own[ATTR_GEN_AI_EVALUATION_NAME] !== undefined) {
    const output = {
      score: own[ATTR_GEN_AI_EVALUATION_SCORE_VALUE],
      label: own[ATTR_GEN_AI_EVALUATION_SCORE_LABEL],
      outcome: own[ATTR_AFN_LLM_EVALUATION_OUTCOME] ?? AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
    }
    return { input: own[ATTR_GEN_AI_EVALUATION_NAME], output: JSON.stringify(output), always: true }
  }
  const [input, output] = [own[ATTR_GEN_AI_INPUT_MESSAGES], own[ATTR_GEN_AI_OUTPUT_MESSAGES]]
  return input === undefined && output === undefined ? undefined : { input, output, always: false }
}

export const NO_USAGE = JSON.stringify({ input: 0, output: 0, total: 0 })
export const NO_EMBEDDING_USAGE = JSON.stringify({ input: 0, total: 0 })
export const NO_COST = JSON.stringify({ total: 0 })

/**
 * Usage in LangFuse's format: buckets that exclude each other, and their total. LangFuse uses them as they are. It would count unknown
 * attributes in gen_ai.usage.* as further tokens, and without `total` a trace has no cost. The names are those for which LangFuse has
 * prices.
 */
function usageDetails(usage: Usage): string {
  const { input, output, cacheRead, reasoning, audioOutput } = usage
  const written = usage.cacheWrite ?? (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0)
  const audioIn = usage.audioInput && Math.max(0, usage.audioInput - (usage.audioCacheRead ?? 0))
  // never below 0: spans of other libraries may be inconsistent, and LangFuse drops negative values
  const plainIn = input && Math.max(0, input - (cacheRead ?? 0) - written - (audioIn ?? 0))
  const plainOut = output && Math.max(0, output - (reasoning ?? 0) - (audioOutput ?? 0))
  // empty buckets are omitted, except the two that every call has
  return JSON.stringify({
    input: plainIn,
    input_cached_tokens: cacheRead || undefined,
    input_cache_creation: written || undefined,
    input_audio_tokens: audioIn || undefined,
    output: plainOut,
    output_reasoning_tokens: reasoning || undefined,
    output_audio_tokens: audioOutput || undefined,
    total:
      (plainIn ?? 0) +
      (cacheRead ?? 0) +
      written +
      (audioIn ?? 0) +
      (plainOut ?? 0) +
      (reasoning ?? 0) +
      (audioOutput ?? 0),
  })
}

/** USD. Undefined if the cost is unknown; LangFuse may then use its own price. */
function costDetails(cost: Cost | undefined): string | undefined {
  if (typeof cost?.total !== 'number' || (cost.currency ?? 'USD') !== 'USD') return undefined
  return JSON.stringify({ input: cost.input, output: cost.output, total: cost.total })
}

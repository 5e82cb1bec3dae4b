// Chunk `v1-41`: attributes and metrics of v1.41, for dashboards and rules that still read them (AFN_SEMCONV_COMPAT), in addition to the
// current ones.
import type { Meter } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_GEN_AI_TOKEN_TYPE,
  ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_WORKFLOW_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_TOKEN_TYPE_VALUE_INPUT,
  GEN_AI_TOKEN_TYPE_VALUE_OUTPUT,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE,
} from '../../../../semconv'
import type { LlmSpan } from '../spans/span'
import type { Usage } from '../usage'
import type { CallSeries } from './metrics/series'

export function writeOldNames(span: LlmSpan): void {
  const { attributes } = span
  const [written, limit] = [
    attributes[ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS],
    attributes[ATTR_GEN_AI_RETRIEVAL_TOP_K],
  ]
  if (written !== undefined) span.own()[ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS] ??= written
  if (limit !== undefined) span.own()[ATTR_GEN_AI_REQUEST_TOP_K] ??= limit
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW) return
  const name = attributes[ATTR_GEN_AI_AGENT_NAME]
  if (name !== undefined) span.own()[ATTR_GEN_AI_WORKFLOW_NAME] ??= name
}

export function createTokenUsage(meter: Meter): (usage: Usage, call: CallSeries) => void {
  const tokens = meter.createHistogram(METRIC_GEN_AI_CLIENT_TOKEN_USAGE, METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE)
  return ({ input, output }, { full }) => {
    const record = (count: number, type: string) =>
      tokens.record(count, full.with(ATTR_GEN_AI_TOKEN_TYPE, type).attributes)
    if (input !== undefined) record(input, GEN_AI_TOKEN_TYPE_VALUE_INPUT)
    if (output !== undefined) record(output, GEN_AI_TOKEN_TYPE_VALUE_OUTPUT)
  }
}

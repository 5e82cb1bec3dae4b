// The trace's input and output. LangFuse reads them only from the observation without a parent, which is the local root, but question and
// answer are on the calls below it.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_LANGFUSE_OBSERVATION_INPUT,
  ATTR_LANGFUSE_OBSERVATION_OUTPUT,
} from '../../../../../semconv'
import type { LlmSpan, Stage } from '../../spans/span'

/** Maximum traces with an open root; each holds two attributes, so this is about 16 MB at most. */
const most = 128

/** Must see spans in the order in which they end, before any of them waits for its price. */
export function createRootContent(): Stage {
  const open = new Map<string, { input: Attributes[string]; output: Attributes[string] }>()

  function see({ context: { traceId }, attributes }: LlmSpan): void {
    const known = open.get(traceId)
    const input = known?.input ?? attributes[ATTR_GEN_AI_INPUT_MESSAGES]
    const output = attributes[ATTR_GEN_AI_OUTPUT_MESSAGES] ?? known?.output
    if (input === undefined && output === undefined) return
    if (!known && open.size >= most) open.delete(open.keys().next().value as string)
    open.set(traceId, { input, output })
  }

  return span => {
    const isCall = span.call?.isModelCall
    if (isCall) see(span)
    if (span.attributes[ATTR_AFN_LLM_LOCAL_ROOT] !== true) return
    const content = open.get(span.context.traceId)
    open.delete(span.context.traceId)
    // a call that is its own root already has the content
    if (!content || isCall) return
    const own = span.own()
    if (content.input !== undefined) own[ATTR_LANGFUSE_OBSERVATION_INPUT] ??= content.input
    if (content.output !== undefined) own[ATTR_LANGFUSE_OBSERVATION_OUTPUT] ??= content.output
  }
}

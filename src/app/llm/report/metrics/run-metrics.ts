// Records the metrics of operations other than model calls: runs of agents, workflows and tools, and searches. Uses the exported copy of
// the span, as for calls, so that spans and metrics agree.
import { type Meter, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  ERROR_TYPE_VALUE_OTHER,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  METRIC_GEN_AI_RETRIEVAL_DURATION,
  METRIC_OPTIONS_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  METRIC_OPTIONS_GEN_AI_RETRIEVAL_DURATION,
} from '../../../../../semconv'
import type { LlmSpan, Stage } from '../../spans/span'
import { CardinalityLimiter, SeriesNode, secondsOf } from './series'

/** @param meter called at the first such span, so that a process without one makes no instruments */
export function createRunMetrics(meter: () => Meter): Stage {
  let record: ReturnType<typeof createRecorders> | undefined
  return span => {
    const { attributes, kind } = span
    const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    switch (operation) {
      case GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT:
      case GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW:
        // a run on another host is a client call, and has that metric
        if (kind === SpanKind.CLIENT) return
        record ??= createRecorders(meter())
        return record.run(span, operation)
      case GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL:
        // a tool server has its own metric
        if (kind === SpanKind.SERVER) return
        record ??= createRecorders(meter())
        return record.tool(span)
      case GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL:
        record ??= createRecorders(meter())
        return record.search(span)
    }
  }
}

function createRecorders(meter: Meter) {
  const runs = meter.createHistogram(METRIC_GEN_AI_INVOKE_AGENT_DURATION, METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_DURATION)
  const inferenceCalls = meter.createHistogram(
    METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
    METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  )
  const toolCalls = meter.createHistogram(
    METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
    METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
  )
  const tools = meter.createHistogram(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, METRIC_OPTIONS_GEN_AI_EXECUTE_TOOL_DURATION)
  const searches = meter.createHistogram(METRIC_GEN_AI_RETRIEVAL_DURATION, METRIC_OPTIONS_GEN_AI_RETRIEVAL_DURATION)
  const root = SeriesNode.root()
  // a model may invent tool names, and an app may name agents after users
  const [agents, names, types] = [new CardinalityLimiter(), new CardinalityLimiter(), new CardinalityLimiter()]
  const [models, errors] = [new CardinalityLimiter(), new CardinalityLimiter(ERROR_TYPE_VALUE_OTHER)]

  const ofAgent = ({ attributes }: LlmSpan, series = root) =>
    series.with(ATTR_GEN_AI_AGENT_NAME, agents.limit(attributes[ATTR_GEN_AI_AGENT_NAME]))
  const withError = ({ attributes, status }: LlmSpan, series: SeriesNode) => {
    const failed = attributes[ATTR_ERROR_TYPE] !== undefined || status.code === SpanStatusCode.ERROR
    return failed
      ? series.with(ATTR_ERROR_TYPE, errors.limit(attributes[ATTR_ERROR_TYPE]) ?? ERROR_TYPE_VALUE_OTHER).attributes
      : series.attributes
  }
  return {
    run(span: LlmSpan, operation: string) {
      const model = models.limit(span.attributes[ATTR_GEN_AI_REQUEST_MODEL])
      const series = ofAgent(span, root.with(ATTR_GEN_AI_OPERATION_NAME, operation))
      runs.record(secondsOf(span), withError(span, series.with(ATTR_GEN_AI_REQUEST_MODEL, model)))
      const { run } = span
      if (!run) return
      const { attributes } = ofAgent(span)
      inferenceCalls.record(run.inferenceCalls, attributes)
      toolCalls.record(run.toolCalls, attributes)
    },
    tool(span: LlmSpan) {
      const { attributes } = span
      const series = root
        .with(ATTR_GEN_AI_TOOL_NAME, names.limit(attributes[ATTR_GEN_AI_TOOL_NAME]) ?? 'unknown')
        .with(ATTR_GEN_AI_TOOL_TYPE, types.limit(attributes[ATTR_GEN_AI_TOOL_TYPE]))
      tools.record(secondsOf(span), withError(span, ofAgent(span, series)))
    },
    search(span: LlmSpan) {
      const series = root.with(ATTR_GEN_AI_OPERATION_NAME, GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL)
      searches.record(secondsOf(span), withError(span, series))
    },
  }
}

// Maps operations of the AI SDK to spans, with one entry for each message type of its channel. Names match those of its own `@ai-sdk/otel`.
import { type Span, SpanKind } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { providerNamed } from '../../providers/providers'
import { agentSpan, type Begun, stepSpan, toolSpan } from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { usageAttributes } from '../../usage'
import { count, type Doc, doc, text } from '../../wire/json'

export interface Operation {
  begin(event: Doc, content: boolean): Begun
  /** Writes the result to the span; may throw only because of a failure of our own. */
  end?(span: Span, result: Doc, content: boolean): void
}

/** The span of an agent, which can contain all other operations. */
export const agent: Operation = {
  begin: ({ functionId }) => agentSpan(text(functionId)),
}

const step: Operation = {
  begin: ({ stepNumber }) => stepSpan((count(stepNumber) ?? 0) + 1),
}

const tool: Operation = {
  begin({ toolCall }, content) {
    const { toolName, toolCallId, input } = doc(toolCall) ?? {}
    return toolSpan({ name: text(toolName), id: text(toolCallId), arguments: content ? input : undefined })
  },
  end(span, result, content) {
    // the SDK catches a tool's error and passes it to the model
    const { type, output, error } = doc(result.output) ?? {}
    if (type === 'tool-error') fail(span, error)
    else if (content) span.setAttributes({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(output) })
  },
}

const call: Operation = {
  begin({ provider, modelId }) {
    const model = text(modelId)
    return {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_CHAT, model),
      kind: SpanKind.CLIENT,
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_CHAT,
        [ATTR_GEN_AI_PROVIDER_NAME]: providerNamed(text(provider) ?? 'unknown'),
        [ATTR_GEN_AI_REQUEST_MODEL]: model,
      },
    }
  },
  end(span, { usage, finishReason, response }) {
    const [input, output] = [doc(doc(usage)?.inputTokens), doc(doc(usage)?.outputTokens)]
    const reason = text(doc(finishReason)?.raw)
    span.setAttributes({
      ...usageAttributes({
        input: count(input?.total),
        output: count(output?.total),
        cacheRead: count(input?.cacheRead),
        cacheWrite: count(input?.cacheWrite),
        reasoning: count(output?.reasoning),
      }),
      [ATTR_GEN_AI_RESPONSE_ID]: text(doc(response)?.id),
      [ATTR_GEN_AI_RESPONSE_MODEL]: text(doc(response)?.modelId),
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: reason === undefined ? undefined : [reason],
    })
  },
}

/**
 * A model call is a span here too. If the tap also sees the request, the two spans are merged, with the usage from the response; if not
 * (for example with the app's own `fetch`), this span has what the SDK reports. Embeddings and similar operations are one request each,
 * which the tap sees.
 */
export const operations: Readonly<Record<string, Operation>> = {
  generateText: agent,
  streamText: agent,
  step,
  languageModelCall: call,
  executeTool: tool,
}

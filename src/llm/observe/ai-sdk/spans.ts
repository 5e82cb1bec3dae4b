// Chunk `ai-sdk`: spans of what the AI SDK publishes on `ai:telemetry`, from their start to their end.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../../semconv'
import { version } from '../../../version'
import { contentOf } from '../../content'
import { providerNamed } from '../../providers/providers'
import { fail, spanName, withScope } from '../../spans/structure'
import { usageAttributes } from '../../usage'
import { count, type Doc, doc, text } from '../wire/json'
import type { AiSdkOptions } from './channel'

/** One object from the start of an operation to its end. */
export interface Message {
  readonly type: string
  readonly event: Doc
  readonly result?: unknown
  readonly error?: unknown
}

interface Open {
  readonly span: Span
  readonly operation: Operation
  /** Whether arguments and results are recorded. */
  readonly content: boolean
  /** What ends with it at the latest: the SDK reports no end of a step whose stream is left, aborted or fails. */
  readonly inside: Set<Open>
  readonly agent: Open | undefined
  /** When the last message about it came, in milliseconds of the epoch. */
  lastAt: number
}

const AGENT = createContextKey('@afn/otel ai-sdk agent')

export function createAiSdkSpans({ captureContent }: AiSdkOptions) {
  const tracer = trace.getTracer('@afn/otel/ai-sdk', version)
  const open = new WeakMap<Message, Open>()
  // the SDK reports no end of a stream that is left after some parts: it ends when nobody can read on
  const left = new FinalizationRegistry<Open>(one => end(one, one.lastAt))

  function begin(message: Message, operation: Operation, outside: Context): Context {
    const { name, kind = SpanKind.INTERNAL, attributes, scope } = operation.begin(message.event, false)
    const span = tracer.startSpan(name, { kind, attributes }, outside)
    const content = captureContent !== 'off' && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    if (content) span.setAttributes(operation.begin(message.event, true).attributes)
    const outer = outside.getValue(AGENT) as Open | undefined
    const one: Open = { span, operation, content, inside: new Set(), agent: outer, lastAt: Date.now() }
    open.set(message, one)
    outer?.inside.add(one)
    const inside = trace.setSpan(scope ? withScope(outside, scope) : outside, span)
    if (operation !== agent) return inside
    left.register(message, one)
    return inside.setValue(AGENT, one)
  }

  function end(one: Open, at?: number): void {
    for (const inner of one.inside) end(inner, at)
    one.inside.clear()
    if (one.agent) one.agent.lastAt = Date.now()
    one.agent?.inside.delete(one)
    if (one.span.isRecording()) one.span.end(at)
  }

  return {
    /** @returns what is active inside; undefined where there is nothing to tell */
    began(message: Message): Context | undefined {
      const operation = operations[message.type]
      return operation && !tracesItself() ? begin(message, operation, context.active()) : undefined
    },
    ended(message: Message): void {
      const one = open.get(message)
      if (!one) return
      try {
        if (message.error === undefined) one.operation.end?.(one.span, doc(message.result) ?? {}, one.content)
        else if (doc(message.error)?.name !== 'AbortError') fail(one.span, message.error) // stopping is the app's right
      } finally {
        end(one)
      }
    },
  }
}

/** An integration with a tracer, such as `@ai-sdk/otel`, makes these spans. */
function tracesItself(): boolean {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: known } = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown }
  return Array.isArray(known) && known.some(one => doc(one)?.tracer !== undefined)
}

// What the AI SDK does, as spans: one entry for each type of message on its channel. Names are those of its own
// `@ai-sdk/otel`.

interface Begun {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes: Attributes
  readonly scope?: Attributes
}

export interface Operation {
  begin(event: Doc, content: boolean): Begun
  /** What the result tells; throws nothing that is no failure of ours. */
  end?(span: Span, result: Doc, content: boolean): void
}

/** What a span of an agent is, and what all others may be inside of. */
export const agent: Operation = {
  begin({ functionId }) {
    const name = text(functionId)
    return {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
        [ATTR_GEN_AI_AGENT_NAME]: name,
      },
      ...(name && { scope: { [ATTR_GEN_AI_AGENT_NAME]: name } }),
    }
  },
}

const step: Operation = {
  begin: ({ stepNumber }) => ({
    name: `step ${(count(stepNumber) ?? 0) + 1}`,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'agent_step' },
  }),
}

const tool: Operation = {
  begin({ toolCall }, content) {
    const { toolName, toolCallId, input } = doc(toolCall) ?? {}
    return {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, text(toolName)),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
        [ATTR_GEN_AI_TOOL_NAME]: text(toolName),
        [ATTR_GEN_AI_TOOL_CALL_ID]: text(toolCallId),
        [ATTR_GEN_AI_TOOL_TYPE]: 'function',
        [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: content ? contentOf(input) : undefined,
      },
    }
  },
  end(span, result, content) {
    // the SDK keeps a tool's error for the model
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
 * The call of a model is a span here too: where the tap sees it on the wire, the two leave as one, with the counts of the
 * wire; where it can't (a `fetch` of the app's own), this one has what the SDK reports. Embeddings and the like are one
 * request each, which the tap sees.
 */
export const operations: Readonly<Record<string, Operation>> = {
  generateText: agent,
  streamText: agent,
  step,
  languageModelCall: call,
  executeTool: tool,
}

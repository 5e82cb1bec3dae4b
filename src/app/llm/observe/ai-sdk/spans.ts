// Chunk `ai-sdk`: makes spans from what the AI SDK publishes on `ai:telemetry`.
import { type Context, context, createContextKey, type Span, TraceFlags, trace } from '@opentelemetry/api'
import { version } from '../../../../shared/version'
import { startWithin } from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { type Doc, doc } from '../../wire/json'
import type { LlmTapOptions } from '../options'
import { agent, type Operation, operations } from './operations'

/** The same object is published from the start of an operation to its end. */
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
  /**
   * Child operations, which end with this one at the latest: the SDK reports no end for steps whose stream is dropped, aborted or fails.
   */
  readonly inside: Set<Open>
  readonly agent: Open | undefined
  /** Time of the last message about it, in milliseconds since the epoch. */
  lastAt: number
}

const AGENT = createContextKey('@afn/otel ai-sdk agent')

export function createAiSdkSpans({ captureContent }: Pick<LlmTapOptions, 'captureContent'>) {
  const tracer = trace.getTracer('@afn/otel/ai-sdk', version)
  const open = new WeakMap<Message, Open>()
  // the SDK reports no end for a stream that is dropped half-way, so the operation ends when its reader is garbage collected
  const left = new FinalizationRegistry<Open>(one => end(one, one.lastAt))

  function begin(message: Message, operation: Operation, outside: Context): Context {
    const { span, context: inside } = startWithin(tracer, outside, operation.begin(message.event, false))
    const content = captureContent !== 'off' && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    if (content) span.setAttributes(operation.begin(message.event, true).attributes)
    const outer = outside.getValue(AGENT) as Open | undefined
    const one: Open = { span, operation, content, inside: new Set(), agent: outer, lastAt: Date.now() }
    open.set(message, one)
    outer?.inside.add(one)
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
    /** @returns the context for code within the operation; undefined if it has no span */
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

/** Whether an integration with a tracer, such as `@ai-sdk/otel`, already makes these spans. */
function tracesItself(): boolean {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: known } = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown }
  return Array.isArray(known) && known.some(one => doc(one)?.tracer !== undefined)
}

// What OpenAI's Agents SDK traces, as spans: workflows, agents, turns, tools, handoffs and guardrails. Calls of models have none here,
// since they are seen on the wire, nor has what the SDK only groups by.
import { type Attributes, type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { withScope } from '../../spans/scope'
import { count, type Doc, text } from '../../wire/json'

export interface SdkTrace {
  readonly traceId: string
  readonly name: string
}

export interface SdkSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | null
  readonly spanData: Doc & { readonly type: string }
  readonly error: { readonly message: string } | null
}

/** What the SDK keeps in its AsyncLocalStorage. */
export interface Store {
  readonly trace?: SdkTrace
  readonly span?: SdkSpan
  readonly active: boolean
}

export interface Runs {
  /** Somebody else makes these spans. */
  isOff: boolean
  traceStarted(one: SdkTrace): void
  traceEnded(one: SdkTrace): void
  spanStarted(one: SdkSpan): void
  spanEnded(one: SdkSpan): void
  contextOf(store: Store): Context | undefined
}

interface Run {
  readonly context: Context
  /** Undefined where it has none of its own. */
  readonly span?: Span
}

interface Begun {
  readonly name: string
  readonly attributes: Attributes
  readonly scope?: Attributes
}

/** Runs that never end must not fill the memory: the oldest are forgotten. */
const MOST_RUNS = 10_000

export function createRuns(tracer: Tracer, content: boolean, onFailure: (error: unknown) => void): Runs {
  /** By the id of a trace or a span. A copy of one has the same. */
  const known = new Map<string, Run>()

  function begin(id: string, outside: Context, begun: Begun | undefined): void {
    if (known.has(id)) return
    const oldest = known.size >= MOST_RUNS ? known.keys().next().value : undefined
    if (oldest !== undefined) end(oldest)
    if (!begun) return void known.set(id, { context: outside })
    const { name, attributes, scope } = begun
    const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, outside)
    known.set(id, { context: trace.setSpan(scope ? withScope(outside, scope) : outside, span), span })
  }

  function end(id: string): void {
    const span = known.get(id)?.span
    known.delete(id)
    span?.end()
  }

  /** The SDK's own work goes on, whatever becomes of ours. */
  const guarded =
    <One>(ours: (one: One) => void) =>
    (one: One): void => {
      try {
        ours(one)
      } catch (error) {
        onFailure(error)
      }
    }

  const runs: Runs = {
    isOff: false,
    traceStarted: guarded(({ traceId, name }) => {
      if (!runs.isOff) begin(traceId, context.active(), workflowOf(name))
    }),
    traceEnded: guarded(({ traceId }) => end(traceId)),
    spanStarted: guarded(({ spanId, parentId, traceId, spanData }) => {
      const above = known.get(parentId ?? traceId) ?? known.get(traceId)
      if (above) begin(spanId, above.context, begunOf(spanData))
    }),
    spanEnded: guarded(({ spanId, spanData, error }) => {
      const span = known.get(spanId)?.span
      if (span) tell(span, spanData, content)
      if (span && error) fail(span, new Error(error.message))
      end(spanId)
    }),
    contextOf({ trace, span, active }) {
      if (!active) return undefined
      return (known.get(span?.spanId ?? '') ?? known.get(span?.parentId ?? '') ?? known.get(trace?.traceId ?? ''))
        ?.context
    },
  }
  return runs
}

function workflowOf(name: string): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    },
  }
}

/** By the type of what the SDK traces; what stands nowhere here has no span of its own. */
const kinds: Readonly<Record<string, (data: Doc) => Begun>> = {
  agent: data => {
    const name = text(data.name)
    return {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
        [ATTR_GEN_AI_AGENT_NAME]: name,
      },
      ...(name && { scope: { [ATTR_GEN_AI_AGENT_NAME]: name } }),
    }
  },
  turn: ({ turn }) => ({
    name: `step ${count(turn) ?? 1}`,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'agent_step' },
  }),
  function: data => ({
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, text(data.name)),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: text(data.name),
      [ATTR_GEN_AI_TOOL_TYPE]: data.mcp_data === undefined ? 'function' : 'extension',
    },
  }),
  handoff: ({ from_agent }) => ({ name: 'handoff', attributes: { [ATTR_GEN_AI_AGENT_NAME]: text(from_agent) } }),
  guardrail: ({ name }) => ({
    name: spanName('guardrail', text(name)),
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'guardrail' },
  }),
  custom: ({ name }) => ({ name: text(name) ?? 'custom', attributes: {} }),
}

function begunOf(data: SdkSpan['spanData']): Begun | undefined {
  return Object.hasOwn(kinds, data.type) ? kinds[data.type]!(data) : undefined
}

/** What is known at the end alone. */
function tell(span: Span, { type, input, output, to_agent }: SdkSpan['spanData'], content: boolean): void {
  if (type === 'handoff') span.updateName(spanName('handoff', text(to_agent)))
  if (type === 'function' && content)
    span.setAttributes({
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(input),
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(output),
    })
}

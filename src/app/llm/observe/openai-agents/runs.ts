// Makes spans from what OpenAI's Agents SDK traces: workflows, agents, turns, tools, handoffs and guardrails. Model calls have no span
// here, because they are observed at the HTTP client; neither have spans that the SDK uses only for grouping.
import { type Context, context, type Span, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_GUARDRAIL_TRIGGERED,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { agentSpan, type Begun, inThread, stepSpan, toolSpan, workflowSpan } from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { count, type Doc, text } from '../../wire/json'
import { FrameworkRuns } from '../framework-runs'

export interface SdkTrace {
  readonly traceId: string
  readonly name: string
  /** The app's conversation id, if it sets one. */
  readonly groupId?: string | null
}

export interface SdkSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | null
  readonly spanData: Doc & { readonly type: string }
  readonly error: { readonly message: string } | null
}

/** The object that the SDK keeps in its AsyncLocalStorage. */
export interface Store {
  readonly trace?: SdkTrace
  readonly span?: SdkSpan
  readonly active: boolean
}

export interface Runs {
  /** Whether another instrumentation makes these spans. */
  isOff: boolean
  traceStarted(one: SdkTrace): void
  traceEnded(one: SdkTrace): void
  /**
   * Returns a function to be called with the error if the trace starts in here and its work fails, because the SDK does not end the trace
   * then.
   */
  owned(store: Store): ((error: unknown) => void) | undefined
  spanStarted(one: SdkSpan): void
  spanEnded(one: SdkSpan): void
  contextOf(store: Store): Context | undefined
}

export function createRuns(tracer: Tracer, content: boolean, onFailure: (error: unknown) => void): Runs {
  /** Runs by the id of a trace or a span. Copies have the same id. */
  const known = new FrameworkRuns(tracer, onFailure)

  function begin(id: string, outside: Context, begun: Begun | undefined): void {
    if (!known.contextOf(id)) known.begin(id, outside, begun)
  }

  const runs: Runs = {
    isOff: false,
    traceStarted: known.guarded(({ traceId, name, groupId }) => {
      const outside = context.active()
      if (!runs.isOff) begin(traceId, outside, inThread(workflowSpan(name), outside, text(groupId)))
    }),
    traceEnded: known.guarded(({ traceId }) => known.end(traceId)),
    owned({ trace }) {
      const id = trace?.traceId
      if (id === undefined || known.contextOf(id)) return undefined
      return known.guarded((error: unknown) => {
        const span = known.spanOf(id)
        if (span) failWithoutWords(span, error)
        known.end(id)
      })
    },
    spanStarted: known.guarded(({ spanId, parentId, traceId, spanData }) => {
      const above = known.contextOf(parentId ?? traceId) ?? known.contextOf(traceId)
      if (above) begin(spanId, above, begunOf(spanData))
    }),
    spanEnded: known.guarded(({ spanId, spanData, error }) => {
      const span = known.spanOf(spanId)
      if (span) tell(span, spanData, content)
      if (span && error) fail(span, new Error(error.message))
      known.end(spanId)
    }),
    contextOf({ trace, span, active }) {
      if (!active) return undefined
      return (
        known.contextOf(span?.spanId) ?? known.contextOf(span?.parentId ?? undefined) ?? known.contextOf(trace?.traceId)
      )
    },
  }
  return runs
}

/** Span data by the SDK's type; types that are not listed have no span. */
const kinds: Readonly<Record<string, (data: Doc) => Begun>> = {
  agent: ({ name }) => agentSpan(text(name)),
  turn: ({ turn }) => stepSpan(count(turn) ?? 1),
  function: ({ name, mcp_data }) =>
    toolSpan({ name: text(name), type: mcp_data === undefined ? 'function' : 'extension' }),
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

/** Error messages of the SDK may quote a guardrail or a model, so they are not recorded. */
function failWithoutWords(span: Span, error: unknown): void {
  const { name } = (error as { constructor?: { name?: string } } | undefined)?.constructor ?? {}
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute(ATTR_ERROR_TYPE, name || ERROR_TYPE_VALUE_OTHER)
}

/** Sets attributes that are only known at the end. */
function tell(span: Span, { type, input, output, to_agent, triggered }: SdkSpan['spanData'], content: boolean): void {
  if (type === 'guardrail') span.setAttribute(ATTR_AFN_LLM_GUARDRAIL_TRIGGERED, triggered === true)
  if (type === 'handoff') span.updateName(spanName('handoff', text(to_agent)))
  if (type === 'function' && content)
    span.setAttributes({
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(input),
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(output),
    })
}

// A run of LlamaIndex' agents as spans: the workflow, its agents, their steps, and the tools and handoffs in them. Calls of models are seen
// on the wire, and stand where the step is active.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
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
import { type Doc, text } from '../../wire/json'

/** The tool that LlamaIndex gives to agents that may hand off. */
const HANDOFF = 'handOff'
/** All that a run does is within the context of its beginning, so that runs at once don't mix. */
const key = createContextKey('@afn/otel/llamaindex')

interface Open {
  readonly span: Span
  readonly context: Context
}

export interface Tool {
  readonly context: Context
  ended(result: unknown): void
  failed(error: unknown): void
}

/** Of `AgentWorkflow.run` or `runStream`. */
export class Run {
  readonly #top: Open
  readonly #isWorkflow: boolean
  #agent: (Open & { readonly name: string }) | undefined
  #step: Open | undefined
  #steps = 0
  #isOver = false

  /** @param agents names of all that may take part */
  constructor(
    private readonly tracer: Tracer,
    private readonly content: boolean,
    agents: readonly string[],
  ) {
    this.#isWorkflow = agents.length !== 1
    this.#top = this.#isWorkflow
      ? this.#open(context.active(), GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, {
          [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
        })
      : this.#openAgent(context.active(), agents[0]!)
  }

  static get active(): Run | undefined {
    return context.active().getValue(key) as Run | undefined
  }

  get context(): Context {
    return (this.#step ?? this.#agent ?? this.#top).context.setValue(key, this)
  }

  /** An agent is about to ask its model. */
  steps(agent: string): void {
    if (this.#isOver) return
    this.#step?.span.end()
    if (this.#isWorkflow && this.#agent?.name !== agent) {
      this.#agent?.span.end()
      this.#agent = { ...this.#openAgent(this.#top.context, agent), name: agent }
    }
    this.#steps++
    this.#step = this.#open((this.#agent ?? this.#top).context, `step ${this.#steps}`, {
      [ATTR_GEN_AI_OPERATION_NAME]: 'agent_step',
    })
  }

  /** A tool is called, or the one that hands off. */
  tool(call: Doc): Tool {
    const { span, context: inside } = this.#openTool(call)
    const isContent = this.content && text(call.toolName) !== HANDOFF
    return {
      context: inside,
      ended(result) {
        if (isContent) span.setAttribute(ATTR_GEN_AI_TOOL_CALL_RESULT, contentOf(result))
        span.end()
      },
      failed(error) {
        fail(span, error)
        span.end()
      },
    }
  }

  end(error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#step?.span.end()
    this.#agent?.span.end()
    if (error !== undefined) fail(this.#top.span, error)
    this.#top.span.end()
  }

  #openTool(call: Doc): Open {
    const name = text(call.toolName)
    const { toAgent } = (call.toolKwargs ?? {}) as Doc
    if (name === HANDOFF)
      return this.#open(this.context, spanName('handoff', text(toAgent)), {
        [ATTR_GEN_AI_AGENT_NAME]: text(call.agentName),
      })
    return this.#open(this.context, spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, name), {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: name,
      [ATTR_GEN_AI_TOOL_CALL_ID]: text(call.toolId),
      [ATTR_GEN_AI_TOOL_TYPE]: 'function',
      ...(this.content && { [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(call.toolKwargs) }),
    })
  }

  #openAgent(outside: Context, name: string): Open {
    const opened = this.#open(outside, spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name), {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    })
    return { ...opened, context: withScope(opened.context, { [ATTR_GEN_AI_AGENT_NAME]: name }) }
  }

  #open(outside: Context, name: string, attributes: Attributes): Open {
    const span = this.tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, outside)
    return { span, context: trace.setSpan(outside, span) }
  }
}

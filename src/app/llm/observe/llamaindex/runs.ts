// Makes spans of a run of LlamaIndex agents: the workflow, its agents, their steps, and the tools and handoffs in them. Model calls are
// observed at the HTTP client, and become children of the active step.
import { type Context, context, createContextKey, type Tracer } from '@opentelemetry/api'
import { ATTR_GEN_AI_AGENT_NAME, ATTR_GEN_AI_TOOL_CALL_RESULT } from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import {
  agentSpan,
  type Begun,
  type OpenSpan,
  startWithin,
  stepSpan,
  toolSpan,
  workflowSpan,
} from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { type Doc, text } from '../../wire/json'

/** The tool that LlamaIndex adds to agents that may hand off. */
const HANDOFF = 'handOff'
/** The run is kept in the context in which it starts, so that concurrent runs don't mix. */
const key = createContextKey('@afn/otel/llamaindex')

export interface Tool {
  readonly context: Context
  ended(result: unknown): void
  failed(error: unknown): void
}

/** A run of `AgentWorkflow.run` or `runStream`. */
export class Run {
  readonly #top: OpenSpan
  readonly #isWorkflow: boolean
  #agent: (OpenSpan & { readonly name: string }) | undefined
  #step: OpenSpan | undefined
  #steps = 0
  #isOver = false

  /** @param agents names of all possible participants */
  constructor(
    private readonly tracer: Tracer,
    private readonly content: boolean,
    agents: readonly string[],
  ) {
    this.#isWorkflow = agents.length !== 1
    const begun = this.#isWorkflow ? workflowSpan(undefined) : agentSpan(agents[0])
    this.#top = startWithin(tracer, context.active(), begun)
  }

  static get active(): Run | undefined {
    return context.active().getValue(key) as Run | undefined
  }

  get context(): Context {
    return (this.#step ?? this.#agent ?? this.#top).context.setValue(key, this)
  }

  /** Called when an agent is about to call its model. */
  steps(agent: string): void {
    if (this.#isOver) return
    this.#step?.span.end()
    if (this.#isWorkflow && this.#agent?.name !== agent) {
      this.#agent?.span.end()
      this.#agent = { ...startWithin(this.tracer, this.#top.context, agentSpan(agent)), name: agent }
    }
    this.#steps++
    this.#step = startWithin(this.tracer, (this.#agent ?? this.#top).context, stepSpan(this.#steps))
  }

  /** Called for each tool call, including handoffs. */
  tool(call: Doc): Tool {
    const { span, context: inside } = startWithin(this.tracer, this.context, this.#begunBy(call))
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

  #begunBy({ toolName, toolKwargs, toolId, agentName }: Doc): Begun {
    const name = text(toolName)
    if (name !== HANDOFF) return toolSpan({ name, id: text(toolId), arguments: this.content ? toolKwargs : undefined })
    const { toAgent } = (toolKwargs ?? {}) as Doc
    return { name: spanName('handoff', text(toAgent)), attributes: { [ATTR_GEN_AI_AGENT_NAME]: text(agentName) } }
  }
}

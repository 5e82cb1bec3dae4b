// Chunk `instrument-llamaindex`: LlamaIndex.TS has no spans, and its events don't name their run. Its agents run in one class, whose
// handlers are identified by the events that they accept; each handler is called within the context of its run.
import { context } from '@opentelemetry/api'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import type { Doc } from '../../wire/json'
import { Run } from './runs'

const WORKFLOW = '@llamaindex/workflow'
const versions = ['>=1 <2']

interface LlamaIndexConfig extends InstrumentationConfig {
  content?: boolean
  onFailure?: (error: unknown) => void
}

interface Event {
  readonly data?: { readonly currentAgentName?: unknown }
}

type Handler = (context: unknown, event: Event) => Promise<unknown>

/** Handlers are members of each instance, and `setupWorkflowSteps` registers them. */
interface Workflow extends Partial<Record<(typeof handlers)[number], Handler>> {
  readonly agents: ReadonlyMap<string, unknown>
  setupWorkflowSteps(): void
  runStream(...given: unknown[]): unknown
  callTool(call: Doc): Promise<unknown>
}

interface Exports {
  readonly AgentWorkflow?: { readonly prototype: Workflow }
  readonly stopAgentEvent?: { include(event: unknown): boolean }
}

const handlers = [
  'handleInputStep',
  'setupAgent',
  'runAgentStep',
  'parseAgentOutput',
  'executeToolCalls',
  'processToolResults',
] as const

export class LlamaIndexInstrumentation extends InstrumentationBase<LlamaIndexConfig> {
  constructor(config: LlamaIndexConfig) {
    super('@afn/otel/llamaindex', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    return [
      new InstrumentationNodeModuleDefinition(WORKFLOW, versions, (exports: Exports) => {
        this.#patch(exports)
        return exports
      }),
    ]
  }

  readonly #patched = new WeakSet<object>()

  #patch({ AgentWorkflow, stopAgentEvent }: Exports): void {
    if (!AgentWorkflow || !stopAgentEvent || this.#patched.has(AgentWorkflow)) return
    this.#patched.add(AgentWorkflow)
    const { content = false, onFailure = () => {} } = this.getConfig()
    const { tracer } = this
    const guarded = <Result>(work: () => Result): Result | undefined => {
      try {
        return work()
      } catch (error) {
        onFailure(error)
        return undefined
      }
    }
    const within = (handle: Handler, name: (typeof handlers)[number]): Handler =>
      function (this: unknown, inside, event) {
        const run = guarded(() => Run.active)
        if (!run) return Reflect.apply(handle, this, [inside, event])
        if (name === 'runAgentStep') guarded(() => run.steps(String(event?.data?.currentAgentName)))
        const handled = context.with(
          run.context,
          () => Reflect.apply(handle, this, [inside, event]) as Promise<unknown>,
        )
        const told = (result: unknown) => guarded(() => stopAgentEvent.include(result) && run.end())
        // runs before the awaiting code continues; the workflow handles the rejection
        handled.then(told, error => guarded(() => run.end(error ?? new Error('rejected without a reason'))))
        return handled
      }
    this._wrap(AgentWorkflow.prototype, 'setupWorkflowSteps', setUp => {
      return function (this: Workflow) {
        for (const name of handlers) {
          const handle = this[name]
          if (typeof handle === 'function') this[name] = within(handle, name)
        }
        return Reflect.apply(setUp, this, [])
      }
    })
    this._wrap(AgentWorkflow.prototype, 'runStream', runStream => {
      return function (this: Workflow, ...given) {
        const run = guarded(() => new Run(tracer, content, [...this.agents.keys()]))
        if (!run) return Reflect.apply(runStream, this, given)
        try {
          return context.with(run.context, () => Reflect.apply(runStream, this, given))
        } catch (error) {
          run.end(error)
          throw error
        }
      }
    })
    this._wrap(AgentWorkflow.prototype, 'callTool', callTool => {
      return function (this: Workflow, call) {
        const tool = guarded(() => Run.active?.tool(call))
        const plainly = () => Reflect.apply(callTool, this, [call]) as Promise<unknown>
        if (!tool) return plainly()
        const called = context.with(tool.context, plainly)
        called.then(
          result => guarded(() => tool.ended(result)),
          error => guarded(() => tool.failed(error)),
        )
        return called
      }
    })
  }
}

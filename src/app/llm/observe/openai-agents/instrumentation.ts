// Chunk `instrument-openai-agents`: OpenAI's Agents SDK traces itself with its own objects. Each of them becomes a span when it starts. The
// SDK keeps its current span in an AsyncLocalStorage, and our span is active as long as that one is.
import { AsyncLocalStorage } from 'node:async_hooks'
import { context } from '@opentelemetry/api'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import { LiveContext } from './live-context'
import { createRuns, type Runs, type SdkSpan, type SdkTrace, type Store } from './runs'

const CORE = '@openai/agents-core'
const versions = ['>=0.1 <1']
/** The symbol under which all copies of the SDK share the storage that the first one creates. */
const STORAGE = Symbol.for('openai.agents.core.asyncLocalStorage')

interface AgentsConfig extends InstrumentationConfig {
  content?: boolean
  onFailure?: (error: unknown) => void
}

interface Class<Instance> {
  readonly prototype: Instance
}

interface Exports {
  readonly Span?: Class<SdkSpan & { start(): void; end(): void }>
  readonly Trace?: Class<SdkTrace & { start(): Promise<void>; end(): Promise<void> }>
  readonly TraceProvider?: Class<{ registerProcessor(one: object): void; setProcessors(all: object[]): void }>
}

export class OpenAiAgentsInstrumentation extends InstrumentationBase<AgentsConfig> {
  constructor(config: AgentsConfig) {
    super('@afn/otel/openai-agents', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    return [
      new InstrumentationNodeModuleDefinition(CORE, versions, (exports: Exports) => {
        this.#patch(exports)
        return exports
      }),
    ]
  }

  readonly #patched = new WeakSet<object>()
  #runs: Runs | undefined

  #patch({ Span, Trace, TraceProvider }: Exports): void {
    if (!Span || !Trace || this.#patched.has(Span)) return
    this.#patched.add(Span)
    const { content = false, onFailure = () => {} } = this.getConfig()
    this.#runs ??= createRuns(this.tracer, content, onFailure)
    const runs = this.#runs
    const told = (tell: (one: SdkSpan & SdkTrace) => void) => (original: () => unknown) =>
      function (this: SdkSpan & SdkTrace) {
        tell(this)
        return Reflect.apply(original, this, [])
      }
    this._wrap(Span.prototype, 'start', told(runs.spanStarted) as never)
    this._wrap(Span.prototype, 'end', told(runs.spanEnded) as never)
    this._wrap(Trace.prototype, 'start', told(runs.traceStarted) as never)
    this._wrap(Trace.prototype, 'end', told(runs.traceEnded) as never)
    this.#stepAside(TraceProvider, runs)
    keepActive(runs)
  }

  /** Makes no spans if a processor with a tracer, such as that of OpenInference, already makes them. */
  #stepAside(TraceProvider: Exports['TraceProvider'], runs: Runs): void {
    if (!TraceProvider) return
    this._wrap(TraceProvider.prototype, 'registerProcessor', register => {
      return function (this: object, one) {
        if (hasTracer(one)) runs.isOff = true
        return Reflect.apply(register, this, [one])
      }
    })
    this._wrap(TraceProvider.prototype, 'setProcessors', set => {
      return function (this: object, all) {
        runs.isOff = Array.isArray(all) && all.some(hasTracer)
        return Reflect.apply(set, this, [all])
      }
    })
  }
}

function hasTracer(processor: object): boolean {
  return Object.values(processor).some(
    value => typeof (value as { startSpan?: unknown } | null)?.startSpan === 'function',
  )
}

/** The SDK mutates the stored object when its span changes, so the active span is looked up on each access. */
function keepActive(runs: Runs): void {
  const holder = globalThis as { [STORAGE]?: AsyncLocalStorage<Store | undefined> }
  const storage = holder[STORAGE] ?? new AsyncLocalStorage<Store | undefined>()
  const run = storage.run.bind(storage)
  Object.defineProperty(storage, 'run', {
    configurable: true,
    writable: true,
    value: (store: Store | undefined, callback: (...given: unknown[]) => unknown, ...given: unknown[]) => {
      if (!store) return run(store, callback as () => unknown, ...(given as []))
      const failed = runs.owned(store)
      const result = run(store, () =>
        context.with(new LiveContext(context.active(), () => runs.contextOf(store)), callback, undefined, ...given),
      )
      if (failed && result instanceof Promise) result.catch(failed)
      return result
    },
  })
  Object.defineProperty(holder, STORAGE, { configurable: true, writable: true, value: storage })
}

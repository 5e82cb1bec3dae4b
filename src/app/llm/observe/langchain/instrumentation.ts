// Chunk `instrument-langchain`: LangChain and LangGraph tell callbacks what they do. Every run gets its callbacks from one function,
// where ours is added, and keeps its place in an AsyncLocalStorage of its own, beside which the span of the run is made active.
import { context } from '@opentelemetry/api'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import { createRuns, type Runs } from './runs'

const CORE = '@langchain/core'
const versions = ['>=0.3.58 <2']

interface LangChainConfig extends InstrumentationConfig {
  content?: boolean
  onFailure?: (error: unknown) => void
}

interface Manager {
  readonly handlers: unknown[]
  readonly _parentRunId?: string
  addHandler(handler: object, inherit: boolean): void
}

interface ManagerClass {
  _configureSync(inheritable: unknown, ...given: unknown[]): Manager | undefined
}

interface Storage {
  runWithConfig(config: { callbacks?: Partial<Manager> } | undefined, callback: () => unknown, avoid?: boolean): unknown
}

interface Exports {
  readonly CallbackManager?: ManagerClass
  readonly AsyncLocalStorageProviderSingleton?: Storage
}

export class LangChainInstrumentation extends InstrumentationBase<LangChainConfig> {
  constructor(config: LangChainConfig) {
    super('@afn/otel/langchain', version, config)
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    const patch = (exports: Exports) => {
      this.#patch(exports)
      return exports
    }
    // a require finds the files, an import the names that the package exports
    const files = ['callbacks/manager', 'singletons/async_local_storage/index'].map(
      file => new InstrumentationNodeModuleFile(`${CORE}/dist/${file}.cjs`, versions, patch, () => {}),
    )
    return [
      new InstrumentationNodeModuleDefinition(CORE, versions, undefined, undefined, files),
      ...['callbacks/manager', 'singletons'].map(
        entry => new InstrumentationNodeModuleDefinition(`${CORE}/${entry}`, versions, patch),
      ),
    ]
  }

  readonly #patched = new WeakSet<object>()
  #runs: Runs | undefined

  #patch({ CallbackManager, AsyncLocalStorageProviderSingleton: storage }: Exports): void {
    if (CallbackManager && !this.#patched.has(CallbackManager)) {
      this.#patched.add(CallbackManager)
      const runs = this.#runsOf()
      this._wrap(CallbackManager, '_configureSync', configure => {
        return function (this: ManagerClass, inheritable, ...rest) {
          // whoever put a function of theirs around this one makes these spans
          const isOurs = CallbackManager._configureSync === own
          // without a handler there is no manager, and what the run is called is lost
          const handlers = inheritable === undefined && isOurs ? [runs.handler] : inheritable
          const manager = Reflect.apply(configure, this, [handlers, ...rest])
          if (isOurs && manager && !manager.handlers.includes(runs.handler)) manager.addHandler(runs.handler, true)
          return manager
        }
      })
      const own = CallbackManager._configureSync
    }
    if (storage && !this.#patched.has(storage)) {
      this.#patched.add(storage)
      const runs = this.#runsOf()
      this._wrap(storage, 'runWithConfig', run => {
        return function (this: Storage, config, callback, ...rest) {
          const inside = runs.contextOf(config?.callbacks?._parentRunId)
          const within = inside ? () => context.with(inside, callback) : callback
          return Reflect.apply(run, this, [config, within, ...rest])
        }
      })
    }
  }

  #runsOf(): Runs {
    const { content = false, onFailure = () => {} } = this.getConfig()
    this.#runs ??= createRuns(this.tracer, content, onFailure)
    return this.#runs
  }
}

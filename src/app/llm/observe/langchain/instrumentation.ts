// Chunk `instrument-langchain`: LangChain and LangGraph report their runs to callbacks. One function configures the callbacks of every run,
// and we add ours there. The SDK keeps the current run in its own AsyncLocalStorage, so we make the run's span active next to it. Events
// that have no callback are patched at LangGraph: streams that the app drops, and the memory store.
import { context } from '@opentelemetry/api'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { version } from '../../../../shared/version'
import { endedWhenLeft, type Iterate } from './left-streams'
import { type Act, type MemoryMethod, memoryMethods, remembered } from './memories'
import { createRuns, type Runs } from './runs'

const CORE = '@langchain/core'
const versions = ['>=0.3.58 <2']
const GRAPH = '@langchain/langgraph'
const graphVersions = ['>=0.2.74 <2']
/** The package with the stores. */
const CHECKPOINT = '@langchain/langgraph-checkpoint'
const checkpointVersions = ['>=0.0.16 <2']

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

/** A graph; all exported graph classes inherit from this one. */
interface Graph {
  _streamIterator: Iterate
}

interface Store extends Record<MemoryMethod, Act> {}

interface Class<Instance> {
  readonly prototype: Instance
}

interface GraphExports {
  readonly CompiledStateGraph?: Class<object>
}

interface StoreExports {
  readonly BaseStore?: Class<Store>
  readonly AsyncBatchedStore?: Class<Store>
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
    // a require loads the files, an import the names that the package exports
    const files = ['callbacks/manager', 'singletons/async_local_storage/index'].map(
      file => new InstrumentationNodeModuleFile(`${CORE}/dist/${file}.cjs`, versions, patch, () => {}),
    )
    return [
      new InstrumentationNodeModuleDefinition(CORE, versions, undefined, undefined, files),
      ...['callbacks/manager', 'singletons'].map(
        entry => new InstrumentationNodeModuleDefinition(`${CORE}/${entry}`, versions, patch),
      ),
      new InstrumentationNodeModuleDefinition(GRAPH, graphVersions, (exports: GraphExports) => {
        this.#patchGraph(exports)
        return exports
      }),
      new InstrumentationNodeModuleDefinition(CHECKPOINT, checkpointVersions, (exports: StoreExports) => {
        this.#patchStores(exports)
        return exports
      }),
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
          // if another function wraps this one, another instrumentation already makes these spans
          const isOurs = CallbackManager._configureSync === own
          // without a handler there is no manager, and the name of the run is lost
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

  #patchGraph({ CompiledStateGraph }: GraphExports): void {
    const graph = CompiledStateGraph && ownerOf(CompiledStateGraph.prototype, '_streamIterator')
    if (!graph || this.#patched.has(graph)) return
    this.#patched.add(graph)
    const runs = this.#runsOf()
    this._wrap(graph as Graph, '_streamIterator', iterate => endedWhenLeft(iterate, runs.left))
  }

  /** The second class overrides the methods of the first, and is the one that nodes receive. */
  #patchStores({ BaseStore, AsyncBatchedStore }: StoreExports): void {
    for (const store of [BaseStore, AsyncBatchedStore]) {
      if (!store || this.#patched.has(store)) continue
      this.#patched.add(store)
      const observer = { tracer: this.tracer, ...this.#reporting() }
      for (const method of Object.keys(memoryMethods) as MemoryMethod[])
        if (Object.hasOwn(store.prototype, method))
          this._wrap(store.prototype, method, act => remembered(act, method, observer))
    }
  }

  #runsOf(): Runs {
    const { content, onFailure } = this.#reporting()
    this.#runs ??= createRuns(this.tracer, content, onFailure)
    return this.#runs
  }

  #reporting() {
    const { content = false, onFailure = () => {} } = this.getConfig()
    return { content, onFailure }
  }
}

/** Returns the prototype of an object that has the method. */
function ownerOf(prototype: object, method: string): object | undefined {
  let owner: object | null = prototype
  while (owner && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner)
  return owner ?? undefined
}

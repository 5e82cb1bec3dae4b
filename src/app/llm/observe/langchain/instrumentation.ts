// Chunk `instrument-langchain`: LangChain and LangGraph tell callbacks what they do. Every run gets its callbacks from one function,
// where ours is added, and keeps its place in an AsyncLocalStorage of its own, beside which the span of the run is made active. What its
// callbacks are not told is patched at LangGraph: streams that are left, and the store of memories.
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
/** Has the stores. */
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

/** A graph, of which each class that is exported inherits. */
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
    // a require finds the files, an import the names that the package exports
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

  #patchGraph({ CompiledStateGraph }: GraphExports): void {
    const graph = CompiledStateGraph && ownerOf(CompiledStateGraph.prototype, '_streamIterator')
    if (!graph || this.#patched.has(graph)) return
    this.#patched.add(graph)
    const runs = this.#runsOf()
    this._wrap(graph as Graph, '_streamIterator', iterate => endedWhenLeft(iterate, runs.left))
  }

  /** The second overrides what the first has: it is the one that nodes are given. */
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

/** Which of an object's prototypes has a method. */
function ownerOf(prototype: object, method: string): object | undefined {
  let owner: object | null = prototype
  while (owner && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner)
  return owner ?? undefined
}

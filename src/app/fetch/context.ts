// The active context where there is no `@opentelemetry/context-async-hooks`: by AsyncLocalStorage, where the runtime has it.
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'
import type { AsyncStorageClass } from './options'

type AsyncStorage = InstanceType<AsyncStorageClass>

/**
 * Edge runtimes have it as a global. Workers (compatibility flag `nodejs_compat`), Deno and Bun have it as a built-in module, of which nothing
 * is imported here: it is asked for.
 */
function storageOfRuntime(): AsyncStorageClass | undefined {
  const { AsyncLocalStorage, process } = globalThis as {
    AsyncLocalStorage?: AsyncStorageClass
    process?: { getBuiltinModule?: (name: string) => { AsyncLocalStorage?: AsyncStorageClass } | undefined }
  }
  return AsyncLocalStorage ?? process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage
}

/** Without AsyncLocalStorage: within one turn, as between two lines of code. */
class TurnStorage implements AsyncStorage {
  #active: unknown

  getStore(): unknown {
    return this.#active
  }

  run<Result>(store: unknown, work: () => Result): Result {
    const before = this.#active
    this.#active = store
    try {
      return work()
    } finally {
      this.#active = before
    }
  }
}

export class FetchContextManager implements ContextManager {
  readonly #storage: AsyncStorage
  /** Whether a context holds over an `await`. */
  readonly isAsync: boolean

  constructor(given: AsyncStorageClass | undefined) {
    const Storage = given ?? storageOfRuntime()
    this.isAsync = Storage !== undefined
    this.#storage = Storage ? new Storage() : new TurnStorage()
  }

  active(): Context {
    return (this.#storage.getStore() as Context | undefined) ?? ROOT_CONTEXT
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => Reflect.apply(work, self, args) as ReturnType<F>)
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target !== 'function') return target
    const manager = this
    return function bound(this: unknown, ...args: unknown[]) {
      return manager.with(context, () => Reflect.apply(target, this, args) as unknown)
    } as T
  }

  enable(): this {
    return this
  }

  disable(): this {
    return this
  }
}

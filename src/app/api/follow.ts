// Follows what the app's function gives back until it is over: a promise, an async iterable, a generator. The app gets what
// it would get without us.
import { type Context, context } from '@opentelemetry/api'

export interface Watch {
  /** The code that still runs when the app reads on runs in here too. */
  readonly inside: Context
  /** @param result of the function or its promise; of an iterable there is none */
  ended(result?: unknown): void
  failed(error: unknown): void
  /** Nobody will ever read on. `at` is when somebody last did, in milliseconds of the epoch. */
  forgotten(at: number): void
}

/** Calls `run` and returns or throws what it does. */
export function follow<T>(run: () => T, watch: Watch): T {
  let result: T
  try {
    result = context.with(watch.inside, run)
  } catch (error) {
    watch.failed(error)
    throw error
  }
  return followed(result, watch)
}

function followed<T>(result: T, watch: Watch): T {
  if (isPlainPromise(result)) {
    // The derived promise takes its place: a handler on the side would hide a rejection that the app doesn't handle.
    return result.then(
      value => followed(value, watch),
      error => {
        watch.failed(error)
        throw error
      },
    ) as T
  }
  if (!hooked(result, watch)) watch.ended(result)
  return result
}

/** A promise of a class of its own has more methods, and some work only when they are awaited: those are hooked. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return isObject(value) && Object.getPrototypeOf(value) === Promise.prototype && !Object.hasOwn(value, 'then')
}

type Methods = Record<PropertyKey, unknown>
type Handler = (value: unknown) => unknown

function isObject(value: unknown): value is Methods {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Whether the result goes on, and is followed on its own methods. */
function hooked(result: unknown, watch: Watch): boolean {
  if (!isObject(result)) return false
  try {
    const known = followersOf.get(result)
    const hook = known ? undefined : hookOf(result)
    if (!known && !hook) return false
    const followers = known ?? new Followers()
    hook?.(result, followers)
    followers.follow(result, watch)
    return true
  } catch {
    return false // frozen: over as far as can be seen
  }
}

function hookOf(result: Methods): ((result: Methods, followers: Followers) => void) | undefined {
  if (typeof result.then === 'function') return hookThen
  if (isIterator(result)) return hookIterator
  return typeof result[Symbol.asyncIterator] === 'function' ? hookIterable : undefined
}

function isIterator(value: Methods): boolean {
  if (typeof value.next !== 'function') return false
  return (
    typeof value[Symbol.asyncIterator] === 'function' || Object.prototype.toString.call(value) === '[object Generator]'
  )
}

function hookThen(promise: Methods, followers: Followers): void {
  const original = promise.then as (...handlers: Handler[]) => Promise<unknown>
  const then = (onValue?: Handler, onError?: Handler) => {
    followers.at = Date.now()
    const value: Handler = result => {
      const seen = followers.take().reduce(followed, result)
      return typeof onValue === 'function' ? onValue(seen) : seen
    }
    const failure: Handler = error => {
      for (const watch of followers.take()) watch.failed(error)
      if (typeof onError === 'function') return onError(error)
      throw error
    }
    return followers.inside(() => Reflect.apply(original, promise, [value, failure]))
  }
  own(promise, 'then', then)
  if (promise.catch) own(promise, 'catch', (onError: Handler) => then(undefined, onError))
  if (promise.finally) own(promise, 'finally', (onEnd: () => void) => then().finally(onEnd))
}

/** Whoever follows the iterable follows the next iterator that it makes. */
function hookIterable(iterable: Methods, followers: Followers): void {
  const original = iterable[Symbol.asyncIterator] as () => Methods
  own(iterable, Symbol.asyncIterator, () => {
    const iterator = followers.inside(() => Reflect.apply(original, iterable, []))
    for (const watch of followers.take()) if (!hooked(iterator, watch)) watch.ended()
    return iterator
  })
}

/** The body of a generator runs in the context of whoever asks for the next value, so each step is taken inside. */
function hookIterator(iterator: Methods, followers: Followers): void {
  const step = {
    ended(outcome?: unknown) {
      followers.at = Date.now()
      if ((outcome as IteratorResult<unknown> | undefined)?.done) for (const watch of followers.take()) watch.ended()
    },
    failed(error: unknown) {
      for (const watch of followers.take()) watch.failed(error)
    },
    forgotten(at: number) {
      for (const watch of followers.take()) watch.forgotten(at)
    },
  }
  for (const name of ['next', 'return', 'throw']) {
    const original = iterator[name]
    if (typeof original !== 'function') continue
    own(iterator, name, (...args: unknown[]) => {
      const run = () => Reflect.apply(original, iterator, args)
      const inside = followers.first?.inside
      return inside ? follow(run, { ...step, inside }) : run()
    })
  }
}

function own(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, writable: true, enumerable: false })
}

/**
 * Everybody who follows one object: it is hooked once, however many calls return it. What is read no further and thrown
 * away must not take its spans with it.
 */
class Followers {
  /** When somebody last read, in milliseconds of the epoch. */
  at = Date.now()
  readonly #open = new Set<Watch>()

  follow(object: object, watch: Watch): void {
    if (!followersOf.has(object)) collected.register(object, this)
    followersOf.set(object, this)
    this.#open.add(watch)
  }

  /** Of calls inside of each other the innermost: its function returns first. */
  get first(): Watch | undefined {
    return this.#open.values().next().value
  }

  inside<T>(run: () => T): T {
    return this.first ? context.with(this.first.inside, run) : run()
  }

  /** What happens next ends them, or somebody else follows for them. */
  take(): Watch[] {
    const all = [...this.#open]
    this.#open.clear()
    return all
  }
}

const followersOf = new WeakMap<object, Followers>()

const collected = new FinalizationRegistry<Followers>(followers => {
  for (const watch of followers.take()) watch.forgotten(followers.at)
})

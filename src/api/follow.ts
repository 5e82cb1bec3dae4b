// Follows what the app's function gives back until it is over: a promise, an async iterable, a generator. The app gets what
// it would get without us. Called by `span.ts` and `conversation.ts`.
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
    if (typeof result.then === 'function') hookThen(result, watch)
    else if (isIterator(result)) hookIterator(result, watch)
    else if (typeof result[Symbol.asyncIterator] === 'function') hookIterable(result, watch)
    else return false
    return true
  } catch {
    return false // frozen: over as far as can be seen
  }
}

function isIterator(value: Methods): boolean {
  if (typeof value.next !== 'function') return false
  return (
    typeof value[Symbol.asyncIterator] === 'function' || Object.prototype.toString.call(value) === '[object Generator]'
  )
}

function hookThen(promise: Methods, watch: Watch): void {
  const original = promise.then as (...handlers: Handler[]) => Promise<unknown>
  const touched = lastTouch(promise, watch)
  const then = (onValue?: Handler, onError?: Handler) => {
    touched.at = Date.now()
    const value: Handler = result => {
      const seen = followed(result, watch)
      return typeof onValue === 'function' ? onValue(seen) : seen
    }
    const failure: Handler = error => {
      watch.failed(error)
      if (typeof onError === 'function') return onError(error)
      throw error
    }
    return context.with(watch.inside, () => Reflect.apply(original, promise, [value, failure]))
  }
  own(promise, 'then', then)
  if (promise.catch) own(promise, 'catch', (onError: Handler) => then(undefined, onError))
  if (promise.finally) own(promise, 'finally', (onEnd: () => void) => then().finally(onEnd))
}

function hookIterable(iterable: Methods, watch: Watch): void {
  const original = iterable[Symbol.asyncIterator] as () => Methods
  lastTouch(iterable, watch)
  own(iterable, Symbol.asyncIterator, () => {
    const iterator = context.with(watch.inside, () => Reflect.apply(original, iterable, []))
    hookIterator(iterator, watch)
    return iterator
  })
}

/** The body of a generator runs in the context of whoever asks for the next value, so each step is taken inside. */
function hookIterator(iterator: Methods, watch: Watch): void {
  const touched = lastTouch(iterator, watch)
  const step: Watch = {
    ...watch,
    ended(outcome) {
      touched.at = Date.now()
      if ((outcome as IteratorResult<unknown> | undefined)?.done) watch.ended()
    },
  }
  for (const name of ['next', 'return', 'throw']) {
    const original = iterator[name]
    if (typeof original !== 'function') continue
    own(iterator, name, (...args: unknown[]) => follow(() => Reflect.apply(original, iterator, args), step))
  }
}

function own(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, writable: true, enumerable: false })
}

interface Touch {
  at: number
}

const collected = new FinalizationRegistry<{ touched: Touch; watch: Watch }>(({ touched, watch }) =>
  watch.forgotten(touched.at),
)

/** What is read no further and thrown away must not take its span with it. */
function lastTouch(object: object, watch: Watch): Touch {
  const touched = { at: Date.now() }
  collected.register(object, { touched, watch })
  return touched
}

// Observes what an emitter emits, and has its listeners run in a context. OpenTelemetry's context manager does the second by
// functions of its own in the place of seven methods of each emitter, and its instrumentation the first by listeners, which
// the app can count. Here `emit` of a prototype is replaced once, and nothing that can be seen is put on the emitters.
import type { EventEmitter } from 'node:events'
import { EventEmitter as Emitter } from 'node:events'
import { type Context, context as contextApi } from '@opentelemetry/api'

export interface Observer {
  /** In which listeners run, wherever the event comes from. */
  readonly context: Context
  /** Is called before the listeners. Must not throw. */
  emitted(emitter: EventEmitter, event: unknown, argument: unknown): void
}

/** A constructor that returns another object lets a class put its private field on that object. */
export class ReturnedObject {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what it is for
    return object
  }
}

/** A private field is read as fast as a property, and no code outside of this class can see it, as it could a symbol. */
class ObservedEmitter extends ReturnedObject {
  readonly #observer: Observer

  constructor(emitter: EventEmitter, observer: Observer) {
    super(emitter)
    this.#observer = observer
  }

  static observerOf(emitter: object): Observer | undefined {
    return #observer in emitter ? emitter.#observer : undefined
  }
}

/** @returns the observer that the emitter has had before, which stays, if there is one */
export function observe(emitter: EventEmitter, observer: Observer): Observer | undefined {
  const before = ObservedEmitter.observerOf(emitter)
  if (!before) new ObservedEmitter(emitter, observer)
  return before
}

export type Emit = (this: EventEmitter, event: unknown, ...rest: unknown[]) => boolean

export const observerOf = (emitter: EventEmitter): Observer | undefined => ObservedEmitter.observerOf(emitter)

/**
 * Puts a function in the place of the `emit` that a prototype inherits. What it inherits is looked up at each call, since
 * others may replace it.
 * @param create gets a function that returns what is inherited
 * @returns takes the function away again; where somebody has put one on top, ours stays and has to do nothing
 */
export function replaceEmit(prototype: object, create: (inherited: () => Emit) => Emit): () => void {
  const own = Object.getOwnPropertyDescriptor(prototype, 'emit')
  const parent = Object.getPrototypeOf(prototype) as { emit: Emit }
  const emit = create(own ? () => own.value as Emit : () => parent.emit)
  const { name, length } = Object.getOwnPropertyDescriptors((prototype as { emit: Emit }).emit)
  Object.defineProperties(emit, { name, length } as PropertyDescriptorMap)
  Object.defineProperty(prototype, 'emit', { configurable: true, enumerable: true, writable: true, value: emit })
  return () => {
    if ((prototype as { emit: unknown }).emit !== emit) return
    if (own) Object.defineProperty(prototype, 'emit', own)
    else delete (prototype as { emit?: unknown }).emit
  }
}

const { listenerCount } = Emitter.prototype
const context = contextApi

/** Not in the functions that call it: where one holds a closure, each call of it makes an object for what that refers to. */
export function emitIn(of: Context, emit: Emit, emitter: EventEmitter, args: IArguments): boolean {
  return context.with(of, () => Reflect.apply(emit, emitter, args as unknown as Parameters<Emit>))
}

interface Watch {
  users: number
  readonly stop: () => void
}

/** Both sides of `http` and of `https` watch the same classes. */
const watched = new Map<object, Watch>()

/** Has emitters with this prototype call their observer, where they have one. @returns as of `replaceEmit` */
export function watchEmitters(prototype: object): () => void {
  const watch = watched.get(prototype) ?? { users: 0, stop: startWatching(prototype) }
  watched.set(prototype, watch)
  watch.users++
  return () => {
    if (--watch.users > 0) return
    watched.delete(prototype)
    watch.stop()
  }
}

/** Watches classes when the first emitter of theirs comes: whoever replaces a function of Node's may give emitters of another one. */
export class Watcher {
  readonly #stops = new Map<object, () => void>()

  watch(emitter: EventEmitter): void {
    const prototype = Object.getPrototypeOf(emitter)
    for (let above = prototype; above; above = Object.getPrototypeOf(above)) if (this.#stops.has(above)) return
    this.#stops.set(prototype, watchEmitters(prototype))
  }

  stop(): void {
    for (const stop of this.#stops.values()) stop()
  }
}

function startWatching(prototype: object): () => void {
  let isOn = true
  const takeAway = replaceEmit(prototype, inherited => {
    return function emit(this: EventEmitter, event: unknown, argument?: unknown) {
      const observer = ObservedEmitter.observerOf(this)
      if (observer === undefined || !isOn) return Reflect.apply(inherited(), this, arguments)
      observer.emitted(this, event, argument)
      // most events have no listener, and most of the others come from within the context
      if (listenerCount.call(this, event as string) === 0 || context.active() === observer.context)
        return Reflect.apply(inherited(), this, arguments)
      return emitIn(observer.context, inherited(), this, arguments)
    }
  })
  return () => {
    isOn = false
    takeAway()
  }
}

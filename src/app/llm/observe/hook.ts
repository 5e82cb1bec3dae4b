// Puts functions of ours in front of the methods of single objects. Called for the Response and the streams of an LLM call:
// own properties of the instance, never a prototype, so nothing else in the process is touched. The functions are shared and
// find their object's record by `this`: closures for each object took twice as long to make.

type Method = (...args: unknown[]) => unknown

/** Has to call `native` exactly once and give back its result, and to guard what it does besides. */
type Around<Context, Target> = (context: Context, native: () => unknown, args: unknown[], target: Target) => unknown

export interface Hooks<Context, Target extends object> {
  /** An object that is hooked already keeps its first context. */
  hook(target: Target, context: Context): void
  /** The context that an object was hooked with. */
  context(target: Target): Context | undefined
}

/** A constructor that returns its argument: a subclass's private field ends up on that object, where only it can see it. */
class Returned {
  constructor(target: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is the point
    return target
  }
}

export function hooks<Context, Target extends object>(around: Record<PropertyKey, Around<Context, Target>>) {
  type Natives = Record<PropertyKey, Method>
  class Hooked extends Returned {
    #context: Context
    #natives: Natives
    constructor(target: Target, context: Context, natives: Natives) {
      super(target)
      this.#context = context
      this.#natives = natives
    }
    static context(target: object): Context | undefined {
      return #context in target ? target.#context : undefined
    }
    static hook(target: Target, context: Context): void {
      if (#context in target) return
      const natives = nativesOf(target)
      new Hooked(target, context, natives)
      for (const [name, descriptor] of descriptors) if (natives[name]) Object.defineProperty(target, name, descriptor)
    }
    /** What stands in the place of a method, under its name. */
    static wrapper(name: PropertyKey): Method {
      const before = around[name] as Around<Context, Target>
      const wrapper = {
        [name](this: Target, ...args: unknown[]): unknown {
          if (typeof this !== 'object' || this === null || !(#context in this))
            return Reflect.apply(fallbacks[name] as Method, this, args)
          const record = this as unknown as Hooked
          const method = record.#natives[name] as Method
          return before(record.#context, () => Reflect.apply(method, this, args), args, this)
        },
      }
      return (wrapper as Natives)[name] as Method
    }
  }

  const names = Reflect.ownKeys(around)
  /** Inherited methods, for one that was taken off its object and is called on another. */
  const fallbacks: Partial<Natives> = {}
  const descriptors = names.map((name): [PropertyKey, PropertyDescriptor] => {
    return [name, { value: Hooked.wrapper(name), enumerable: false, configurable: true, writable: true }]
  })

  /** Of the object before, for those that have the same: almost all do. */
  let shared: Natives | undefined

  function nativesOf(target: Target): Natives {
    let isShared = shared !== undefined
    for (const name of names) if ((target as Natives)[name] !== shared?.[name]) isShared = false
    if (shared && isShared) return shared
    const natives: Natives = {}
    isShared = true
    for (const name of names) {
      const method = (target as Natives)[name]
      if (!method) continue
      natives[name] = method
      // An object's own method (an iterator's `next`) holds on to its object, and nothing here may.
      if (Object.hasOwn(target, name)) isShared = false
      else fallbacks[name] = method
    }
    if (isShared) shared = natives
    return natives
  }

  const { hook, context } = Hooked
  return { hook, context } satisfies Hooks<Context, Target>
}

// Wraps methods of single objects. Called for the Response and the streams of an LLM call: the wrappers are own properties of the instance,
// never of a prototype, so nothing else in the process is touched. The functions are shared and find their object's record by `this`,
// because closures per object took twice as long to create.

type Method = (...args: unknown[]) => unknown

/** Must call `native` exactly once, return its result, and guard its own code. */
type Around<Context, Target> = (context: Context, native: () => unknown, args: unknown[], target: Target) => unknown

export interface Hooks<Context, Target extends object> {
  /** An object that is already hooked keeps its first context. */
  hook(target: Target, context: Context): void
  /** The context that an object was hooked with. */
  context(target: Target): Context | undefined
}

/**
 * A constructor that returns its argument, so that a subclass's private field is added to that object, where only the subclass can see it.
 */
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
    /** Returns the function that replaces a method, with the same name. */
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
  /** Inherited methods, for a wrapper that was taken from its object and is called on another. */
  const fallbacks: Partial<Natives> = {}
  const descriptors = names.map((name): [PropertyKey, PropertyDescriptor] => {
    return [name, { value: Hooked.wrapper(name), enumerable: false, configurable: true, writable: true }]
  })

  /** The original methods of the previous object, reused if they are the same, which is almost always true. */
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
      // An object's own method (an iterator's `next`) references its object, which must not be kept alive here.
      if (Object.hasOwn(target, name)) isShared = false
      else fallbacks[name] = method
    }
    if (isShared) shared = natives
    return natives
  }

  const { hook, context } = Hooked
  return { hook, context } satisfies Hooks<Context, Target>
}

// Stands in for the shimmer of @opentelemetry/instrumentation inside the chunk `instrumentation` (a substitution of the build):
// puts the function of an instrumentation in the place of a library's. Theirs writes what it can't do to stderr, and what
// an instrumentation throws when the function is called reaches the app. Ours calls `onTrouble`, and the call goes on as if
// nothing had been put there.

type Fn = (this: unknown, ...args: unknown[]) => unknown
type Holder = Record<PropertyKey, unknown>
type Wrapper = (original: Fn, name: PropertyKey) => unknown

let onTrouble: (message: string) => void = () => {}

export function tellTrouble(listener: (message: string) => void): void {
  onTrouble = listener
}

let released = false

/** From now on every function that stands in a library's place calls the library's own, and nothing else. */
export function release(): void {
  released = true
}

export function wrap(holder: Holder | undefined, name: PropertyKey, wrapper: Wrapper): unknown {
  const original = holder?.[name]
  if (!holder || typeof original !== 'function') {
    onTrouble(`there is no function ${String(name)} to instrument`)
    return undefined
  }
  const wrapped = guarded(original as Fn, wrapper, name)
  if (!wrapped) return undefined
  define(wrapped, '__original', original)
  define(wrapped, '__unwrap', () => {
    if (holder[name] === wrapped) define(holder, name, original)
  })
  define(wrapped, '__wrapped', true)
  define(holder, name, wrapped)
  return wrapped
}

export function massWrap(holders: Holder | Holder[], names: readonly PropertyKey[], wrapper: Wrapper): void {
  for (const holder of [holders].flat()) for (const name of names) wrap(holder, name, wrapper)
}

export function unwrap(holder: Holder | undefined, name: PropertyKey): void {
  ;(holder?.[name] as { __unwrap?: () => void } | undefined)?.__unwrap?.()
}

export function massUnwrap(holders: Holder | Holder[], names: readonly PropertyKey[]): void {
  for (const holder of [holders].flat()) for (const name of names) unwrap(holder, name)
}

/** How far a call came. */
interface Call {
  original: 'not called' | 'threw' | 'returned'
  result: unknown
}

/**
 * The wrapper's function, which can't fail: what it throws before it has called the original makes us call it, and what
 * it throws after that gives the app the original's result. Only what the original threw goes through, and that without
 * being caught on the way: a `throw` of ours would be the line that Node prints for an exception that ends the process.
 */
function guarded(original: Fn, wrapper: Wrapper, name: PropertyKey): Fn | undefined {
  let current: Call | undefined
  const observed = new Proxy(original, {
    apply(target, self, args) {
      const call = current ?? { original: 'not called', result: undefined }
      call.original = 'threw'
      call.result = Reflect.apply(target, self, args)
      call.original = 'returned'
      return call.result
    },
  })
  const patched = wrapper(observed, name)
  if (typeof patched !== 'function') return undefined

  function call(this: unknown, ...args: unknown[]): unknown {
    if (released) {
      if (!new.target) return Reflect.apply(original, this, args)
      return Reflect.construct(original, args, new.target === call ? original : new.target)
    }
    if (new.target) return Reflect.construct(patched as Fn, args, new.target === call ? (patched as Fn) : new.target)
    const outer = current
    const mine: Call = { original: 'not called', result: undefined }
    current = mine
    let done = false
    try {
      const result = Reflect.apply(patched as Fn, this, args)
      done = true
      return result
    } finally {
      current = outer
      if (!done && mine.original !== 'threw') {
        onTrouble(`the instrumentation of ${String(name)} failed on a call`)
        // biome-ignore lint/correctness/noUnsafeFinally: in place of what it threw
        return mine.original === 'returned' ? mine.result : Reflect.apply(original, this, args)
      }
    }
  }
  return likeness(call, patched as Fn, original)
}

/**
 * With the properties that the wrapper gave its function, and all others of the original: its name and number of
 * parameters, and what `util.promisify()` and the like look for.
 */
function likeness(call: Fn, patched: Fn, original: Fn): Fn {
  const { length: _, name: __, ...properties } = ownOf(patched)
  const { prototype: ___, ...own } = ownOf(original)
  Object.setPrototypeOf(call, Object.getPrototypeOf(patched))
  Object.defineProperties(call, { ...own, ...properties } as PropertyDescriptorMap)
  return call
}

function ownOf(fn: Fn): Partial<PropertyDescriptorMap> {
  const { arguments: _, caller: __, ...own } = Object.getOwnPropertyDescriptors(fn)
  return own
}

function define(holder: object, name: PropertyKey, value: unknown): void {
  const enumerable = Object.prototype.propertyIsEnumerable.call(holder, name)
  Object.defineProperty(holder, name, { configurable: true, enumerable, writable: true, value })
}

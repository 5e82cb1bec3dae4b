// Puts a function of ours in front of one method of one object. Called for the Response and the streams of an LLM call:
// an own property of the instance, never a prototype, so nothing else in the process is touched.

type Method = (...args: unknown[]) => unknown

/** @param around has to call `native` exactly once, give back its result, and guard what it does besides */
export function hook(
  target: object,
  name: PropertyKey,
  around: (native: () => unknown, args: unknown[]) => unknown,
): void {
  const method = (target as Record<PropertyKey, unknown>)[name]
  if (typeof method !== 'function') return
  const wrapper = {
    [name](this: unknown, ...args: unknown[]): unknown {
      const native = () => Reflect.apply(method as Method, this, args)
      return this === target ? around(native, args) : native()
    },
  }
  Object.defineProperty(target, name, {
    value: (wrapper as Record<PropertyKey, unknown>)[name],
    enumerable: false,
    configurable: true,
    writable: true,
  })
}

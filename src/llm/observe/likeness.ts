// A function that takes another's place has all that others can ask the other one for: `util.promisify()` looks for a
// property of `http2.connect`, and Next.js for its mark on `fetch`.

/** Gives `ours` name, length and every further property of `original`. */
export function withPropertiesOf<F extends object>(original: F, ours: F): F {
  for (const key of Reflect.ownKeys(original)) {
    const known = Object.getOwnPropertyDescriptor(ours, key)
    if (!known || known.configurable) {
      Object.defineProperty(ours, key, Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor)
    }
  }
  return ours
}

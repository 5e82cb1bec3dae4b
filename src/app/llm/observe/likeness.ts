// A wrapper must have all properties of the function that it replaces: `util.promisify()` looks for a property of `http2.connect`, and
// Next.js for its mark on `fetch`.
import { sameText } from './same-text'

/** Copies name, length and all other properties of `original` to `ours`. */
export function withPropertiesOf<F extends object>(original: F, ours: F): F {
  for (const key of Reflect.ownKeys(original)) {
    const known = Object.getOwnPropertyDescriptor(ours, key)
    if (!known || known.configurable) {
      Object.defineProperty(ours, key, Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor)
    }
  }
  return ours
}

type Fetch = typeof globalThis.fetch

/**
 * Makes our function look like the original `fetch`. The AI SDK searches the function's source text for words of Node's implementation. If
 * they are missing, it assumes a custom `fetch` and skips its protection against private addresses.
 * @returns a function that calls `ours`, with the source text, name, length and other properties of `original`
 */
export function likeOriginal(original: Fetch, ours: Fetch): Fetch {
  return withPropertiesOf(original, sameText(original, ours) ?? ours)
}

// A function that takes another's place has all that others can ask the other one for: `util.promisify()` looks for a
// property of `http2.connect`, and Next.js for its mark on `fetch`.
import { sameText } from './same-text'

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

type Fetch = typeof globalThis.fetch

/**
 * What others read of `fetch` is as without us. The AI SDK looks for words of Node's source in the function's text: where they are missing
 * it takes `fetch` for somebody else's, and does without its guard against private addresses.
 * @returns a function that calls `ours`, with the source text, name, length and further properties of `original`.
 */
export function likeOriginal(original: Fetch, ours: Fetch): Fetch {
  return withPropertiesOf(original, sameText(original, ours) ?? ours)
}

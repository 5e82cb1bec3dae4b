// What others read of `fetch` is as without us. The AI SDK looks for words of Node's source in the function's text: where
// they are missing it takes `fetch` for somebody else's, and does without its guard against private addresses.
import { compileFunction } from 'node:vm'

type Fetch = typeof globalThis.fetch

/** Node's own function does nothing but call `fetchImpl`, which it loads when there is none yet. */
const nodesOwn = /^function fetch\(input, init = undefined\) \{[\s\S]*\n\s*return fetchImpl\(input, init\);\s*\}$/

/** A function that calls `ours`, with the source text, name, length and further properties of `original`. */
export function likeOriginal(original: Fetch, ours: Fetch): Fetch {
  const fetch = sameText(original, ours) ?? ours
  // whatever others hung on the function stays visible, such as the mark by which Next.js knows its own wrapper
  for (const key of Reflect.ownKeys(original)) {
    const known = Object.getOwnPropertyDescriptor(fetch, key)
    if (!known || known.configurable) {
      Object.defineProperty(fetch, key, Object.getOwnPropertyDescriptor(original, key) as PropertyDescriptor)
    }
  }
  return fetch
}

/** Compiles Node's text again, with our function as its `fetchImpl`; undefined for what is not Node's own function. */
function sameText(original: Fetch, ours: Fetch): Fetch | undefined {
  const textOf = (fetch: Fetch): string => Reflect.apply(Function.prototype.toString, fetch, [])
  try {
    const text = textOf(original)
    if (!nodesOwn.test(text)) return undefined
    const fetch: Fetch = compileFunction(`'use strict'\nreturn ${text}`, ['fetchImpl'])(ours)
    return textOf(fetch) === text ? fetch : undefined
  } catch {
    return undefined
  }
}

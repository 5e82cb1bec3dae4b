// What others read of `fetch` is as without us. The AI SDK looks for words of Node's source in the function's text: where
// they are missing it takes `fetch` for somebody else's, and does without its guard against private addresses.
import { compileFunction } from 'node:vm'
import { withPropertiesOf } from '../likeness'

type Fetch = typeof globalThis.fetch

/** Node's own function does nothing but call `fetchImpl`, which it loads when there is none yet. */
const nodesOwn = /^function fetch\(input, init = undefined\) \{[\s\S]*\n\s*return fetchImpl\(input, init\);\s*\}$/

/** A function that calls `ours`, with the source text, name, length and further properties of `original`. */
export function likeOriginal(original: Fetch, ours: Fetch): Fetch {
  return withPropertiesOf(original, sameText(original, ours) ?? ours)
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

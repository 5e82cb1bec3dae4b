// Gives a function of ours the source text of Node's `fetch`, because some code reads it.
import { compileFunction } from 'node:vm'

type Fetch = typeof globalThis.fetch

/** Node's own function only calls `fetchImpl`, which it loads on the first call. */
const nodesOwn = /^function fetch\(input, init = undefined\) \{[\s\S]*\n\s*return fetchImpl\(input, init\);\s*\}$/

/** Compiles Node's source text with our function as its `fetchImpl`; undefined if the original is not Node's own function. */
export function sameText(original: Fetch, ours: Fetch): Fetch | undefined {
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

// A function of ours with the source text of Node's `fetch`, which others read.
import { compileFunction } from 'node:vm'

type Fetch = typeof globalThis.fetch

/** Node's own function does nothing but call `fetchImpl`, which it loads when there is none yet. */
const nodesOwn = /^function fetch\(input, init = undefined\) \{[\s\S]*\n\s*return fetchImpl\(input, init\);\s*\}$/

/** Compiles Node's text again, with our function as its `fetchImpl`; undefined for what is not Node's own function. */
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

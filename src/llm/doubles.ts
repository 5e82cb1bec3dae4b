// A call that somebody else traces too, such as Anthropic's SDK, which does so as soon as a tracer provider is there, is one
// span in the end: theirs and ours united. Called by `one-call.ts`, which finds the span of theirs above ours.
import { ATTR_AFN_LLM_USAGE_ROLLUP } from '../../semconv'
import { isModelCall } from './operations'
import type { LlmSpan } from './span'
import { tellsUsage, type Unite } from './united'

/** Calls that are under way at once; beyond it the oldest pair is taken apart, so that memory stays bounded. */
const most = 4_096

/** One call as somebody else sees it, and our attempts at it: an SDK's span covers its retries, ours are one a request. */
interface Pair<T> {
  readonly theirId: string
  /** Of the attempts, as they began. */
  readonly ids: string[]
  /** Whatever of the call has not ended. */
  readonly open: Set<string>
  theirs?: T
  readonly attempts: T[]
}

export class Doubles<T extends LlmSpan> {
  readonly #byTheirs = new Map<string, Pair<T>>()
  readonly #byAttempt = new Map<string, Pair<T>>()
  readonly #unite: Unite<T>

  constructor(unite: Unite<T>) {
    this.#unite = unite
  }

  /** Ours has just begun below theirs. A span of an HTTP client may come between a pair and be ours' nearest. */
  pair(theirId: string, ourId: string): void {
    const outer = this.#byAttempt.get(ourId)
    if (outer && outer.theirId === theirId) return
    if (outer) {
      outer.open.delete(ourId)
      this.#attempt(outer, theirId)
    }
    const pair = this.#byTheirs.get(theirId) ?? { theirId, ids: [], open: new Set([theirId]), attempts: [] }
    this.#byTheirs.set(theirId, pair)
    this.#attempt(pair, ourId)
    if (this.#byTheirs.size > most) this.#forget(this.#byTheirs.values().next().value as Pair<T>)
  }

  #attempt(pair: Pair<T>, id: string): void {
    pair.ids.push(id)
    pair.open.add(id)
    this.#byAttempt.set(id, pair)
  }

  /**
   * What can go on now that `ended` has: itself, a whole call, or nothing while the other half is open.
   * @param callBelow another model call began right below it
   */
  take(ended: T, callBelow: boolean): T[] {
    const { spanId } = ended.context
    const pair = this.#byTheirs.get(spanId)
    if (pair) {
      pair.theirs = ended
      return this.#ended(pair, spanId)
    }
    const outer = this.#byAttempt.get(spanId)
    if (outer) {
      outer.attempts.push(ended)
      return this.#ended(outer, spanId)
    }
    if (callBelow && isModelCall(ended.attributes)) rolledUp(ended)
    return [ended]
  }

  #ended(pair: Pair<T>, spanId: string): T[] {
    pair.open.delete(spanId)
    return pair.open.size > 0 ? [] : this.#close(pair)
  }

  /** Takes every pair apart whose other half is still open. */
  release(): T[] {
    const held = [...this.#byTheirs.values()].filter(pair => pair.theirs || pair.attempts.length > 0)
    return held.flatMap(pair => this.#close(pair))
  }

  #close(pair: Pair<T>): T[] {
    this.#forget(pair)
    const { theirs, attempts } = pair
    if (!theirs) return attempts
    const answered = attempts.filter(attempt => tellsUsage(attempt.attributes))
    if (attempts.length === 0 || answered.length > 1) {
      rolledUp(theirs)
      return [...attempts, theirs]
    }
    // the attempt that was answered is the call, else the last; the others stay as its children
    const call = answered[0] ?? (attempts.at(-1) as T)
    // which may be an attempt at another one's call
    return [...attempts.filter(attempt => attempt !== call), ...this.take(this.#unite(theirs, call), false)]
  }

  #forget(pair: Pair<T>): void {
    this.#byTheirs.delete(pair.theirId)
    for (const id of pair.ids) if (this.#byAttempt.get(id) === pair) this.#byAttempt.delete(id)
  }
}

/** It repeats what spans below it tell: neither priced nor counted. */
export function rolledUp(span: LlmSpan): void {
  if (tellsUsage(span.attributes)) span.own()[ATTR_AFN_LLM_USAGE_ROLLUP] = true
}

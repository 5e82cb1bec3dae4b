// A call that somebody else traces too, such as Anthropic's SDK, which does so as soon as a tracer provider is there, is one
// span in the end: theirs and ours united. Called by the tap, which pairs them, and by the export path, which both reach.
import type { Attributes, Span } from '@opentelemetry/api'
import { isModelCall } from './operations'

/** Calls that are under way at once; beyond it the oldest pair is taken apart, so that memory stays bounded. */
const most = 4_096

/** One call as somebody else sees it, and our attempts at it: an SDK's span covers its retries, ours are one a request. */
interface Pair<T> {
  readonly theirId: string
  readonly ids: string[]
  readonly open: Set<string>
  theirs?: T
  readonly attempts: T[]
}

interface Ended {
  readonly context: { readonly spanId: string }
}

export class Doubles<T extends Ended> {
  /** By the ids of all their spans, in the order in which the calls began. */
  readonly #pairs = new Map<string, Pair<T>>()
  readonly #unite: (theirs: T, ours: T) => T

  /** @param unite makes one span of two, under the identity of theirs: what was logged meanwhile names that one */
  constructor(unite: (theirs: T, ours: T) => T) {
    this.#unite = unite
  }

  /** Ours has just begun; `active` is the span that was active then. */
  pair(active: Span | undefined, ours: Span): void {
    if (!active?.isRecording() || !isModelCall((active as { attributes?: Attributes }).attributes)) return
    const theirId = active.spanContext().spanId
    const ourId = ours.spanContext().spanId
    const pair = this.#pairs.get(theirId) ?? { theirId, ids: [theirId], open: new Set([theirId]), attempts: [] }
    pair.ids.push(ourId)
    pair.open.add(ourId)
    this.#pairs.set(theirId, pair)
    this.#pairs.set(ourId, pair)
    if (this.#pairs.size > most) this.#forget(this.#pairs.values().next().value as Pair<T>)
  }

  /** What can go on now that `ended` has: itself, a whole call, or nothing while the other half is open. */
  take(ended: T): T[] {
    const { spanId } = ended.context
    const pair = this.#pairs.get(spanId)
    if (!pair) return [ended]
    if (spanId === pair.theirId) pair.theirs = ended
    else pair.attempts.push(ended)
    pair.open.delete(spanId)
    return pair.open.size > 0 ? [] : this.#close(pair)
  }

  /** Takes every pair apart whose other half is still open. */
  release(): T[] {
    const held = [...new Set(this.#pairs.values())].filter(pair => pair.theirs || pair.attempts.length > 0)
    return held.flatMap(pair => this.#close(pair))
  }

  #close(pair: Pair<T>): T[] {
    this.#forget(pair)
    const { theirs, attempts } = pair
    const last = attempts.at(-1)
    if (!theirs || !last) return theirs ? [theirs] : attempts
    // the last attempt is the call; those before it stay as its children
    return [...attempts.slice(0, -1), this.#unite(theirs, last)]
  }

  #forget(pair: Pair<T>): void {
    for (const id of pair.ids) this.#pairs.delete(id)
  }
}

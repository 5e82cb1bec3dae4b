// A call that somebody else tells in a span beside ours: LangChain's callbacks, OpenAI's Agents and Langfuse's wrapper make
// spans that are never active, so ours has no way to be their child, and in a script not even their trace. They are open
// when ours ends, and tell the same numbers. Called by `one-call.ts` with every span that leaves.
import {
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../semconv'
import { rolledUp } from './doubles'
import { kindOf, type Lineage, type Open } from './lineage'
import { isModelCall } from './operations'
import type { LlmSpan } from './span'
import { tellsUsage, type Unite } from './united'

/** Calls that wait at once; beyond it the oldest goes on alone. */
const most = 1_024

interface Waiting<T> {
  readonly call: T
  /** The spans that may tell it again. */
  readonly for: Set<string>
  /** It had to go on before they ended. */
  gone: boolean
}

export class Echoes<T extends LlmSpan> {
  readonly #lineage: Lineage
  readonly #unite: Unite<T>
  readonly #waiting = new Set<Waiting<T>>()

  constructor(lineage: Lineage, unite: Unite<T>) {
    this.#lineage = lineage
    this.#unite = unite
  }

  /** What can go on now: the span, the calls that waited for it in vain, or nothing while one may be told again. */
  take(ended: T): T[] {
    const { call, inVain } = this.#answered(ended)
    if (!isModelCall(call.attributes)) return [...inVain, call]
    const above = this.#lineage.upwards(call.parentSpanContext?.spanId)
    const others = this.#lineage.calls(open => mayTell(open, call) && !above.has(open))
    if (others.length === 0) return [...inVain, call]
    this.#waiting.add({ call, for: new Set(others.map(open => open.span.spanContext().spanId)), gone: false })
    return [...inVain, ...this.#oldest()]
  }

  /** Lets everything go on that waits. */
  release(): T[] {
    const all = [...this.#waiting].filter(waiting => !waiting.gone)
    for (const waiting of all) waiting.gone = true
    return all.map(waiting => waiting.call)
  }

  #answered(ended: T): { call: T; inVain: T[] } {
    const { spanId } = ended.context
    const waiting = [...this.#waiting].filter(one => one.for.has(spanId))
    const only = waiting.length === 1 && waiting[0]?.for.size === 1
    const same = waiting.find(({ call }) => isSameCall(ended, call, only))
    const inVain: T[] = []
    for (const one of waiting) {
      one.for.delete(spanId)
      if (one !== same && one.for.size > 0) continue
      this.#waiting.delete(one)
      if (one !== same && !one.gone) inVain.push(one.call)
    }
    if (same?.gone) rolledUp(ended)
    return { call: same && !same.gone ? this.#unite(ended, same.call) : ended, inVain }
  }

  #oldest(): T[] {
    if (this.#waiting.size <= most) return []
    const oldest = this.#waiting.values().next().value as Waiting<T>
    this.#waiting.delete(oldest)
    return oldest.gone ? [] : [oldest.call]
  }
}

/** In the same trace; or both began where no span was active, and theirs is below a root of its own kind. */
function mayTell(open: Open, call: LlmSpan): boolean {
  const { name } = open.span.instrumentationScope
  if (open.callBelow || name === call.instrumentationScope.name) return false
  if (kindOf(open.span.attributes) !== kindOf(call.attributes)) return false
  if (open.traceId === call.context.traceId) return true
  const { root } = open
  return !call.parentSpanContext && !root.span.parentSpanContext && root.span.instrumentationScope.name === name
}

/** @param only neither of them could be another's: then models and outcome have to be the same, and no counts told twice */
function isSameCall(theirs: LlmSpan, ours: LlmSpan, only: boolean): boolean {
  const [a, b] = [theirs.attributes, ours.attributes]
  const id = a[ATTR_GEN_AI_RESPONSE_ID]
  if (id !== undefined && b[ATTR_GEN_AI_RESPONSE_ID] !== undefined) return id === b[ATTR_GEN_AI_RESPONSE_ID]
  if (!sameModel(a, b)) return false
  if (!tellsUsage(a) || !tellsUsage(b)) return only && theirs.status.code === ours.status.code
  const input = a[ATTR_GEN_AI_USAGE_INPUT_TOKENS]
  const whole = b[ATTR_GEN_AI_USAGE_INPUT_TOKENS] as number
  return (
    a[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] === b[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] &&
    (input === whole || input === whole - cachedOf(b))
  )
}

function sameModel(a: LlmSpan['attributes'], b: LlmSpan['attributes']): boolean {
  const names = (attributes: LlmSpan['attributes']) =>
    [attributes[ATTR_GEN_AI_REQUEST_MODEL], attributes[ATTR_GEN_AI_RESPONSE_MODEL]].filter(name => name !== undefined)
  const known = names(a)
  return known.length === 0 || names(b).some(name => known.includes(name))
}

/** Writers that don't know better leave the cached tokens out. */
function cachedOf(attributes: LlmSpan['attributes']): number {
  const told = [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]
  return told.reduce((sum, key) => sum + ((attributes[key] as number | undefined) ?? 0), 0)
}

// Exports a model call as one priced span, however many libraries trace it.
import { type Attributes, type Context, SpanKind } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_AFN_LLM_PARENT_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../../../semconv'
import { report } from '../../../../shared/diag/report'
import type { Status } from '../../../../shared/diag/status'
import { isCall } from '../read-call'
import { scopeOf } from '../scope'
import { LLM_SCOPE, type LlmSpan } from '../span'
import type { WaitingRoom } from '../waiting-room'
import { CallJoiner } from './call-joiner'
import { markRollup } from './merged-attributes'
import { type LiveSpan, maxDepth, OpenSpans } from './open-spans'
import { type CallSpan, HeldSpan, WaitingCalls } from './waiting-calls'

const heldTooLong =
  'LLM calls went on before another span of the same call had ended, since it never ends or the calls take too much memory; each call is exported and counted once all the same. Look for a span around LLM calls that is not ended'

export interface DeduplicatorOptions<T> {
  readonly room: WaitingRoom
  /** Merges two spans of the same call. The result keeps the ids of `theirs`, because logs written during the call refer to them. */
  readonly merge: (theirs: T, ours: T) => T
  /** Approximate encoded size of a span in bytes. */
  readonly sizeOf: (copy: T) => number
  /** Receives each ended span at once, after attributes of its place and scope are set. */
  readonly onPlaced: (copy: T) => void
  /** Receives each ended span that had to wait, once no span of the same call is open; or the merged span. */
  readonly next: (copy: T) => void
  /** Called if `next` throws. */
  readonly onFailure: (error: unknown) => void
}

export class SpanDeduplicator<T extends LlmSpan> {
  readonly #options: DeduplicatorOptions<T>
  readonly #open = new OpenSpans((span: CallSpan<T>) => this.#lose(span))
  readonly #waiting: WaitingCalls<T>
  readonly #joiner: CallJoiner<T>
  #merged = 0
  #evicted = 0
  readonly #libraries = new Set<string>()

  constructor(options: DeduplicatorOptions<T>) {
    this.#options = options
    this.#waiting = new WaitingCalls({
      room: options.room,
      sizeOf: options.sizeOf,
      goOn: held => this.#joiner.expire(held),
      onEvicted: () => {
        this.#evicted++
        report('AFN152', heldTooLong)
      },
    })
    this.#joiner = new CallJoiner({
      waiting: this.#waiting,
      merge: this.#merge.bind(this),
      next: this.#next.bind(this),
    })
  }

  /** Number of merged and repeated spans so far. */
  get counts(): NonNullable<Status['duplicates']> {
    return { merged: this.#merged, evicted: this.#evicted, libraries: [...this.#libraries] }
  }

  started(live: LiveSpan, context: Context): void {
    const span = this.#open.start(live, context)
    const above = this.#place(span)
    this.#waiting.start(span)
    // the span of an SDK that traces itself is an ancestor of ours
    if (above && !above.ended && span.instrumentation === LLM_SCOPE) this.#joiner.pair(above, span)
  }

  /** Called when a span of ours starts while another one is active. If that one is a call, both are the same call. */
  pair(activeId: string, oursId: string): void {
    const [active, ours] = [this.#open.get(activeId), this.#open.get(oursId)]
    if (active && ours && isCall(active.kind)) this.#joiner.pair(active, ours)
  }

  /** The span id with which an open call will be exported, as far as known: that of the outermost span of the same call. */
  idOf(spanId: string): string {
    let span = this.#open.get(spanId)
    for (let n = 0; span?.attemptOf && n < maxDepth; n++) span = span.attemptOf.span
    return span?.id ?? spanId
  }

  /**
   * Receives the copy of an ended span.
   * @returns whether it is exported at once and unchanged, because no open or waiting span may be the same call
   */
  ended(copy: T): boolean {
    const span = this.#open.end(copy.context.spanId)
    if (!span) {
      this.#options.onPlaced(copy)
      this.#joiner.add(new HeldSpan(copy, [], this.#options.room.now))
      return false
    }
    const { call } = copy
    const kind = call?.kind
    if (kind === 'other') copy.run = span.run
    span.end(kind, call?.hasTokens === true)
    this.#place(span)
    if (kind !== undefined && span.parent) countInAgent(span, copy)
    if (span.above?.length) span.tellAbove()
    this.#waiting.end(span)
    writePlace(copy, span)
    this.#options.onPlaced(copy)
    if (!span.nested && !span.attemptOf) {
      if (!call?.isModelCall) {
        this.#joiner.removeCandidate(span)
        return true
      }
      if (span.hasCallBelow && (span.repeatsUsage() || !call.hasTokens)) markRollup(copy)
      if (this.#waiting.isAlone(span)) {
        this.#waiting.remove(span)
        return true
      }
    }
    this.#joiner.end(span, new HeldSpan(copy, [span], this.#options.room.now))
    return false
  }

  /** For a span that has ended and is not exported. */
  forget(spanId: string): void {
    const span = this.#open.end(spanId)
    if (span) this.#lose(span)
  }

  /** Returns a live span by its id. */
  open(spanId: string): LiveSpan | undefined {
    return this.#open.get(spanId)?.live
  }

  /**
   * Exports calls without waiting for their other spans.
   * @returns whether more are waiting
   */
  release(most = Number.POSITIVE_INFINITY): boolean {
    return this.#waiting.release(most)
  }

  /**
   * Sets attributes on all spans that end from now on in the scope of `context`, and in the tree of the span. Attributes of a scope take
   * precedence, so that several scopes in one tree keep theirs.
   * @returns false if there is neither a scope nor a tree
   */
  identify(context: Context, spanId: string | undefined, attributes: Attributes): boolean {
    const scope = scopeOf(context)
    const root = this.#open.get(spanId)?.root
    if (scope) Object.assign(scope.set, attributes)
    if (root) root.user = { ...root.user, ...attributes }
    return scope !== undefined || root !== undefined
  }

  /** @returns the call that is the nearest ancestor, if that becomes known now */
  #place(span: CallSpan<T>): CallSpan<T> | undefined {
    if (span.above) return undefined
    const above = span.place()
    // a call with another one below it cannot duplicate an unrelated call
    for (const one of span.above ?? []) this.#joiner.removeCandidate(one)
    return above
  }

  /** Called if the span never reaches `ended`. */
  #lose(span: CallSpan<T>): void {
    span.end(span.kind, false)
    span.tellAbove()
    this.#waiting.end(span)
    this.#joiner.lose(span)
  }

  #merge(theirs: HeldSpan<T>, ours: HeldSpan<T>, spans: readonly CallSpan<T>[]): HeldSpan<T> {
    this.#merged++
    this.#libraries.add(theirs.instrumentation)
    const copy = this.#options.merge(theirs.copy as T, ours.copy as T)
    return new HeldSpan(copy, spans, Math.min(theirs.since, ours.since))
  }

  /** An error for one span must not stop the others. */
  #next(copy: T): void {
    try {
      this.#options.next(copy)
    } catch (error) {
      this.#options.onFailure(error)
    }
  }
}

function countInAgent<T extends LlmSpan>(span: CallSpan<T>, { call, kind }: T): void {
  // of nested spans of one call, the innermost is counted
  if (span.kind === 'answer' && !span.hasCallBelow && call?.isModelCall) span.countInAgent('inferenceCalls')
  const isTool = call?.operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL
  if (isTool && kind !== SpanKind.SERVER) span.countInAgent('toolCalls')
}

/**
 * Sets attributes of a span's place on the copy, because the live span may already have its maximum of attributes. LLM spans get the name
 * and the tags of their trace, as far as known, because LangFuse 4 has no table of traces and filters by attributes of observations. The
 * local root gets the conversation id of the LLM spans below it if they share one: the root has the question and the answer of a turn, and
 * is needed in the session.
 */
function writePlace<T extends LlmSpan>(copy: T, span: CallSpan<T>): void {
  const { root, parent } = span
  if (root === span && root.hasLlmSpan) copy.own()[ATTR_AFN_LLM_LOCAL_ROOT] = true
  const above = parent && span.kind !== undefined ? span.llmParent() : parent
  if (above !== parent) copy.own()[ATTR_AFN_LLM_PARENT_ID] = above?.id
  for (let { scope } = span; scope; scope = scope.outer) addMissing(copy, scope.set)
  if (root.user) addMissing(copy, root.user)
  if (root === span) {
    if (root.conversations?.size === 1) add(copy, ATTR_GEN_AI_CONVERSATION_ID, [...root.conversations][0])
    return
  }
  if (span.kind === undefined) return
  const conversation = copy.attributes[ATTR_GEN_AI_CONVERSATION_ID]
  if (typeof conversation === 'string') {
    root.conversations ??= new Set()
    // two are enough to know that there are several
    if (root.conversations.size < 2) root.conversations.add(conversation)
  }
  add(copy, ATTR_LANGFUSE_TRACE_NAME, fromAbove(span, ATTR_LANGFUSE_TRACE_NAME) ?? nameOf(root))
  add(copy, ATTR_LANGFUSE_TRACE_TAGS, fromAbove(span, ATTR_LANGFUSE_TRACE_TAGS))
}

function addMissing(copy: LlmSpan, attributes: Attributes): void {
  for (const key of Object.keys(attributes)) {
    if (copy.attributes[key] === undefined) copy.own()[key] = attributes[key]
  }
}

/** An attribute that the app has set on an ancestor. */
function fromAbove<T extends LlmSpan>(span: CallSpan<T>, key: string): Attributes[string] {
  let at = span.parent
  for (let n = 0; at && n < maxDepth; n++, at = at.parent) {
    const value = at.live?.attributes[key]
    if (value !== undefined) return value
  }
  return undefined
}

/** The name of a server span gets its route at its end; spans below it need the same name before. */
function nameOf<T extends LlmSpan>({ name, request }: CallSpan<T>): string | undefined {
  const route = request?.deref()?.route
  return name === undefined || !route || name.endsWith(route) ? name : `${name.split(' ', 1)[0]} ${route}`
}

function add(copy: LlmSpan, key: string, value: Attributes[string]): void {
  if (value !== undefined && copy.attributes[key] === undefined) copy.own()[key] = value
}

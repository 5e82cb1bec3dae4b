// One call of a model goes on as one span that is priced, however many libraries trace it.
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
  /** Makes one span of two that are the same call, under the identity of `theirs`: what was logged meanwhile names that one. */
  readonly merge: (theirs: T, ours: T) => T
  /** Bytes of a span when it is encoded, roughly. */
  readonly sizeOf: (copy: T) => number
  /** Gets each ended span at once, when it says where it stands and whose it is. */
  readonly onPlaced: (copy: T) => void
  /** Gets each ended span that did not go on at once, when nothing of the same call is open any more; or what it became a part of. */
  readonly next: (copy: T) => void
  /** `next` has thrown. */
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

  /** What was done so far. */
  get counts(): NonNullable<Status['duplicates']> {
    return { merged: this.#merged, evicted: this.#evicted, libraries: [...this.#libraries] }
  }

  started(live: LiveSpan, context: Context): void {
    const span = this.#open.start(live, context)
    const above = this.#place(span)
    this.#waiting.start(span)
    // an SDK that traces itself is above ours
    if (above && !above.ended && span.instrumentation === LLM_SCOPE) this.#joiner.pair(above, span)
  }

  /** One of ours began while another span was active. Where that one is a call, it is the same call. */
  pair(activeId: string, oursId: string): void {
    const [active, ours] = [this.#open.get(activeId), this.#open.get(oursId)]
    if (active && ours && isCall(active.kind)) this.#joiner.pair(active, ours)
  }

  /** The id under which an open call will leave, as far as is known now: that of the outermost span of the same call. */
  idOf(spanId: string): string {
    let span = this.#open.get(spanId)
    for (let n = 0; span?.attemptOf && n < maxDepth; n++) span = span.attemptOf.span
    return span?.id ?? spanId
  }

  /**
   * Takes the copy of a span that has ended.
   * @returns whether it goes on at once, as itself: nothing else that is open or waits may be the same call
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

  /** For a span that has ended and does not go on. */
  forget(spanId: string): void {
    const span = this.#open.end(spanId)
    if (span) this.#lose(span)
  }

  /** A live span by its id. */
  open(spanId: string): LiveSpan | undefined {
    return this.#open.get(spanId)?.live
  }

  /**
   * Lets calls go on without waiting for their other spans.
   * @returns whether more are held
   */
  release(most = Number.POSITIVE_INFINITY): boolean {
    return this.#waiting.release(most)
  }

  /**
   * Writes attributes on all spans that end from now on in the scope that `context` is in, and in the tree of the span. The
   * scope's own are preferred, so that several scopes in one tree keep theirs.
   * @returns false where there is neither
   */
  identify(context: Context, spanId: string | undefined, attributes: Attributes): boolean {
    const scope = scopeOf(context)
    const root = this.#open.get(spanId)?.root
    if (scope) Object.assign(scope.set, attributes)
    if (root) root.user = { ...root.user, ...attributes }
    return scope !== undefined || root !== undefined
  }

  /** @returns the call that this one is directly below, if that becomes known now */
  #place(span: CallSpan<T>): CallSpan<T> | undefined {
    if (span.above) return undefined
    const above = span.place()
    // a call with another one below it is no double of a third one
    for (const one of span.above ?? []) this.#joiner.removeCandidate(one)
    return above
  }

  /** The span never reaches `ended`. */
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

  /** A span that fails must not keep others from going on. */
  #next(copy: T): void {
    try {
      this.#options.next(copy)
    } catch (error) {
      this.#options.onFailure(error)
    }
  }
}

function countInAgent<T extends LlmSpan>(span: CallSpan<T>, { call, kind }: T): void {
  // of several spans of one call, one below the other, the lowest is counted
  if (span.kind === 'answer' && !span.hasCallBelow && call?.isModelCall) span.countInAgent('inferenceCalls')
  const isTool = call?.operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL
  if (isTool && kind !== SpanKind.SERVER) span.countInAgent('toolCalls')
}

/**
 * Writes what is known of a span's place when it ends onto the copy: the live span may have its maximum of attributes.
 *
 * LLM spans get the name and the tags of their trace, as far as they are known by then, since LangFuse 4 has no table of
 * traces: it filters and adds up by what the observations themselves say. The local root gets the conversation of the LLM
 * spans below it where that is one: a session is found by its turns, and the root has the question and the answer of the turn.
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
    // two say already that there are several
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

/** What the app has written onto a span above. */
function fromAbove<T extends LlmSpan>(span: CallSpan<T>, key: string): Attributes[string] {
  let at = span.parent
  for (let n = 0; at && n < maxDepth; n++, at = at.parent) {
    const value = at.live?.attributes[key]
    if (value !== undefined) return value
  }
  return undefined
}

/** A server span gets its route into its name when it ends: the spans below it have to have the same name before. */
function nameOf<T extends LlmSpan>({ name, request }: CallSpan<T>): string | undefined {
  const route = request?.deref()?.route
  return name === undefined || !route || name.endsWith(route) ? name : `${name.split(' ', 1)[0]} ${route}`
}

function add(copy: LlmSpan, key: string, value: Attributes[string]): void {
  if (value !== undefined && copy.attributes[key] === undefined) copy.own()[key] = value
}

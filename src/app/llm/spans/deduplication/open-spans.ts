// The spans of this process that have not ended, by id: instrumentations wrap spans, so what is active in a context need
// not be the object that the SDK made.
import { type Attributes, type Context, trace } from '@opentelemetry/api'
import { getRPCMetadata, type RPCMetadata } from '@opentelemetry/core'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL as EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../../../semconv'
import type { Kind } from '../../call'
import { isCall, kindOf } from '../read-call'
import { operationOf } from '../recognise'
import { type Scope, scopeKey } from '../scope'
import type { AgentRun } from '../span'

/** A live span as far as it is read. */
export interface LiveSpan {
  readonly name: string
  spanContext(): { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly isRemote?: boolean } | undefined
  readonly attributes: Readonly<Attributes>
  readonly instrumentationScope: { readonly name: string }
}

/** A walk towards the root ends here, so that its cost is bounded. */
export const maxDepth = 128

/**
 * What is known of a span from its start on. Spans below it keep the record when it has ended. Those who compare calls keep
 * on it what it is compared with, in types of theirs.
 */
export class OpenSpan<Group, Call> {
  readonly id: string
  readonly traceId: string
  readonly instrumentation: string
  /** It has no parent, in no process. */
  readonly parentless: boolean
  /** The highest span of this process above it, or itself. */
  readonly root: OpenSpan<Group, Call>
  /** What the context said about whose work this is. */
  readonly scope: Scope | undefined
  /** Grows from span to span. */
  readonly order: number
  groups: readonly Group[] = []
  ended = false
  /** On roots: an LLM span began below, or is this one. */
  hasLlmSpan = false
  /** On roots: what holds for the whole tree. */
  user: Attributes | undefined
  /** On roots: the conversations of the LLM spans below. */
  conversations: Set<string> | undefined
  /** On roots that serve a request: where frameworks write its route. It refers to the live span, so it is not kept alive. */
  request: WeakRef<RPCMetadata> | undefined
  /** A model call began below it, with no agent and no tool between. */
  hasCallBelow = false
  /** Such calls that have not ended, or have one below them that has not. */
  openCallsBelow = 0
  /** One of them has reported its usage. */
  hasUsageBelow = false
  /** It has ended, and has reported its usage. */
  hasUsage = false
  /** The spans that have this call below them, in the sense of `hasCallBelow`; known once it is known as an LLM span. */
  above: OpenSpan<Group, Call>[] | undefined
  /** Attempts of ours below it are the same call. */
  nested: Call | undefined
  #run: AgentRun | undefined
  #countedIn: AgentRun | undefined
  /** It is an attempt at the call of a span above it. */
  attemptOf: Call | undefined
  /** The live span, until it is old. */
  #young: LiveSpan | undefined
  #old: WeakRef<LiveSpan> | undefined
  #kind: Kind | undefined
  /** Its name when it ended. */
  #lastName: string | undefined

  constructor(
    span: LiveSpan,
    readonly parent: OpenSpan<Group, Call> | undefined,
    context: Context,
    order: number,
  ) {
    const { spanId, traceId } = span.spanContext()
    this.id = spanId
    this.traceId = traceId
    this.instrumentation = span.instrumentationScope.name
    this.parentless = span.parentSpanContext === undefined
    this.root = parent?.root ?? this
    this.scope = context.getValue(scopeKey) as Scope | undefined
    this.order = order
    this.#young = span
    if (this.root.request) return
    const metadata = getRPCMetadata(context)
    if (metadata?.span.spanContext().spanId === this.root.id) this.root.request = new WeakRef(metadata)
  }

  /** `undefined` when the app has dropped the span, so that it can't end any more. */
  get live(): LiveSpan | undefined {
    return this.#young ?? this.#old?.deref()
  }

  /** Some instrumentations tell only later what a span is. */
  get kind(): Kind | undefined {
    const live = this.ended ? undefined : (this.#young ?? this.#old?.deref())
    if (live) this.#kind = kindOf(live.attributes)
    return this.#kind
  }

  /** What it did itself so far, where it is an agent's. */
  get run(): AgentRun | undefined {
    if (!this.#run && this.kind === 'other') {
      const { live } = this
      const isAgent = live && operationOf(live.attributes) === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT
      if (isAgent) this.#run = { inferenceCalls: 0, toolCalls: 0 }
    }
    return this.#run
  }

  /** Counts it for the agent whose work it is. A tool that another one runs is not the agent's. */
  countInAgent(as: keyof AgentRun): void {
    let at = this.parent
    for (let n = 0; at && n < maxDepth; n++, at = at.parent) {
      if (as === 'toolCalls' && at.live?.attributes[ATTR_GEN_AI_OPERATION_NAME] === EXECUTE_TOOL) return
      this.#countedIn = at.run
      if (!this.#countedIn) continue
      this.#countedIn[as]++
      return
    }
  }

  /** It turned out to be a call that is counted already. */
  uncountInAgent(): void {
    if (this.#countedIn) this.#countedIn.inferenceCalls--
    this.#countedIn = undefined
  }

  get name(): string | undefined {
    return this.live?.name ?? this.#lastName
  }

  end(kind: Kind | undefined, hasUsage: boolean): void {
    this.#lastName = this.live?.name
    this.ended = true
    this.hasUsage = hasUsage
    this.#kind = kind
    this.#young = undefined
    this.#old = undefined
  }

  /** It has ended and its place is known: tells the spans above, at the latest when no call below it is open. */
  tellAbove(): void {
    if (!this.ended || this.openCallsBelow > 0) return
    for (const above of this.above ?? []) {
      if (this.hasUsage || this.hasUsageBelow) above.hasUsageBelow = true
      above.openCallsBelow--
      above.tellAbove()
    }
  }

  /** From now on this record does not keep the live span, and what stands on it, in memory. */
  weaken(): void {
    if (!this.#young) return
    this.#old = new WeakRef(this.#young)
    this.#young = undefined
  }

  isBelow(other: OpenSpan<Group, Call>): boolean {
    if (other.traceId !== this.traceId) return false
    let at = this.parent
    for (let n = 0; at && n < maxDepth; n++, at = at.parent) if (at === other) return true
    return false
  }

  /**
   * Tells the spans above that this is an LLM span.
   * @returns the call that it is directly below
   */
  place(): OpenSpan<Group, Call> | undefined {
    const { kind } = this
    if (kind === undefined || this.above) return undefined
    this.above = []
    this.root.hasLlmSpan = true
    if (!isCall(kind)) return undefined
    let at = this.parent
    for (let n = 0; at && n < maxDepth; n++, at = at.parent) {
      const its = at.kind
      if (its !== undefined && its !== kind) return undefined
      at.hasCallBelow = true
      at.openCallsBelow++
      this.above.push(at)
      if (its !== undefined) return at
    }
    return undefined
  }

  /** The nearest span above that LangFuse gets too: an LLM span, or the local root. */
  llmParent(): OpenSpan<Group, Call> | undefined {
    let at = this.parent
    for (let n = 0; at && n < maxDepth; n++, at = at.parent) if (at === this.root || at.kind !== undefined) return at
    return this.parent
  }

  /** The calls below it have usage of their own, or may still report it: its own usage repeats theirs. */
  repeatsUsage(): boolean {
    return this.hasUsageBelow || this.openCallsBelow > 0
  }
}

/** From so many open spans on, live spans are no longer kept in memory: some of them may never end. */
const keptAlive = 256
/** Open spans that are known at most. */
const maxOpen = 65_536

export class OpenSpans<Group, Call> {
  readonly #spans = new Map<string, OpenSpan<Group, Call>>()
  readonly #onLost: (span: OpenSpan<Group, Call>) => void
  #sweepAt = keptAlive
  /** Spans started so far. */
  #count = 0

  /** @param onLost gets each span that can't end any more, or is not followed any longer */
  constructor(onLost: (span: OpenSpan<Group, Call>) => void) {
    this.#onLost = onLost
  }

  start(span: LiveSpan, context: Context): OpenSpan<Group, Call> {
    if (this.#spans.size >= this.#sweepAt) this.#sweep()
    const { spanId, traceId } = span.spanContext()
    const parentContext = trace.getSpanContext(context)
    const parent = parentContext?.isRemote ? undefined : this.#spans.get(parentContext?.spanId ?? '')
    const open = new OpenSpan(span, parent?.traceId === traceId ? parent : undefined, context, this.#count++)
    this.#spans.set(spanId, open)
    return open
  }

  get(spanId: string | undefined): OpenSpan<Group, Call> | undefined {
    return spanId === undefined ? undefined : this.#spans.get(spanId)
  }

  /** @returns what is known of the span, which is not open from now on */
  end(spanId: string): OpenSpan<Group, Call> | undefined {
    const open = this.#spans.get(spanId)
    this.#spans.delete(spanId)
    return open
  }

  /** Runs when the number of open spans has doubled, so a span costs the same however many are open. */
  #sweep(): void {
    let excess = this.#spans.size - maxOpen
    for (const span of this.#spans.values()) {
      span.weaken()
      if (span.live && excess-- <= 0) continue
      this.#spans.delete(span.id)
      this.#onLost(span)
    }
    this.#sweepAt = Math.max(keptAlive, Math.min(2 * this.#spans.size, maxOpen + keptAlive))
  }
}

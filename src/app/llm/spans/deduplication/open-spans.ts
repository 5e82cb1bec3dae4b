// Open spans of this process by id. Instrumentations wrap spans, so the span in a context may not be the object that the SDK created.
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

/** The properties of a live span that are read. */
export interface LiveSpan {
  readonly name: string
  spanContext(): { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly isRemote?: boolean } | undefined
  readonly attributes: Readonly<Attributes>
  readonly instrumentationScope: { readonly name: string }
}

/** Limits the cost of a walk towards the root. */
export const maxDepth = 128

/**
 * The record of a span, kept from its start. Spans below it keep the record after its end. Code that compares calls stores its own data
 * here, in types of its own.
 */
export class OpenSpan<Group, Call> {
  readonly id: string
  readonly traceId: string
  readonly instrumentation: string
  /** Whether it has no parent, also not in another process. */
  readonly parentless: boolean
  /** Its highest ancestor in this process, or itself. */
  readonly root: OpenSpan<Group, Call>
  /** The scope of the context in which it started. */
  readonly scope: Scope | undefined
  /** Increases from span to span. */
  readonly order: number
  groups: readonly Group[] = []
  ended = false
  /** On roots: whether an LLM span started below, or the root is one. */
  hasLlmSpan = false
  /** On roots: attributes for the whole tree. */
  user: Attributes | undefined
  /** On roots: the conversation ids of the LLM spans below. */
  conversations: Set<string> | undefined
  /** On roots that serve a request: the metadata to which frameworks write the route. It references the live span, so it is held weakly. */
  request: WeakRef<RPCMetadata> | undefined
  /** Whether a model call started below it, with no agent or tool in between. */
  hasCallBelow = false
  /** Number of such calls that are open, or have an open one below. */
  openCallsBelow = 0
  /** Whether one of them has reported its usage. */
  hasUsageBelow = false
  /** Whether it has ended and reported its usage. */
  hasUsage = false
  /** The ancestors that have this call below them, in the sense of `hasCallBelow`; set once it is known to be an LLM span. */
  above: OpenSpan<Group, Call>[] | undefined
  /** The call of this span together with our attempts below it. */
  nested: Call | undefined
  #run: AgentRun | undefined
  #countedIn: AgentRun | undefined
  /** The call of which this span is an attempt; its outer span is an ancestor. */
  attemptOf: Call | undefined
  /** The live span, held strongly until it is old. */
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

  /** `undefined` if the app has dropped the span, so that it can no longer end. */
  get live(): LiveSpan | undefined {
    return this.#young ?? this.#old?.deref()
  }

  /** Some instrumentations set the attributes that identify a span only later. */
  get kind(): Kind | undefined {
    const live = this.ended ? undefined : (this.#young ?? this.#old?.deref())
    if (live) this.#kind = kindOf(live.attributes)
    return this.#kind
  }

  /** The agent's own actions so far, if this is an agent. */
  get run(): AgentRun | undefined {
    if (!this.#run && this.kind === 'other') {
      const { live } = this
      const isAgent = live && operationOf(live.attributes) === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT
      if (isAgent) this.#run = { inferenceCalls: 0, toolCalls: 0 }
    }
    return this.#run
  }

  /** Counts it for its agent. A tool that another agent runs does not count. */
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

  /** Reverts the count, because the call turned out to be already counted. */
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

  /** Called when it has ended and its place is known: updates its ancestors once no call below it is open. */
  tellAbove(): void {
    if (!this.ended || this.openCallsBelow > 0) return
    for (const above of this.above ?? []) {
      if (this.hasUsage || this.hasUsageBelow) above.hasUsageBelow = true
      above.openCallsBelow--
      above.tellAbove()
    }
  }

  /** Makes this record hold the live span and its attributes weakly. */
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
   * Marks its ancestors as having an LLM span below.
   * @returns the call that is its nearest ancestor
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

  /** The nearest ancestor that is also sent to LangFuse: an LLM span, or the local root. */
  llmParent(): OpenSpan<Group, Call> | undefined {
    let at = this.parent
    for (let n = 0; at && n < maxDepth; n++, at = at.parent) if (at === this.root || at.kind !== undefined) return at
    return this.parent
  }

  /** Whether the calls below it have reported usage, or still may, so that its own usage repeats theirs. */
  repeatsUsage(): boolean {
    return this.hasUsageBelow || this.openCallsBelow > 0
  }
}

/** If more spans than this are open, live spans are held weakly, because some may never end. */
const keptAlive = 256
/** Maximum open spans that are tracked. */
const maxOpen = 65_536

export class OpenSpans<Group, Call> {
  readonly #spans = new Map<string, OpenSpan<Group, Call>>()
  readonly #onLost: (span: OpenSpan<Group, Call>) => void
  #sweepAt = keptAlive
  /** Number of spans started so far. */
  #count = 0

  /** @param onLost receives each span that can no longer end, or is no longer tracked */
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

  /** @returns the record of the span, which is then no longer open */
  end(spanId: string): OpenSpan<Group, Call> | undefined {
    const open = this.#spans.get(spanId)
    this.#spans.delete(spanId)
    return open
  }

  /** Runs when the number of open spans has doubled, so that the cost per span does not depend on the number of open ones. */
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

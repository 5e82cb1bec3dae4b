// Which spans are open and who is whose parent. Called by the sdk when a span starts and ends; asked by `one-call.ts`.
// By ids: instrumentations wrap spans, and what is active need not be the object that the SDK made.
import { type Attributes, type Context, trace } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME, GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS } from '../../semconv'
import { operationOf } from './dialects/kinds'
import { isModelCall } from './operations'
import { type Scope, scopeOf } from './structure/scope'

/** A live span as far as it is looked at. */
export interface LiveSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly isRemote?: boolean } | undefined
  readonly attributes: Readonly<Attributes>
  readonly instrumentationScope: { readonly name: string }
}

export interface Open {
  readonly span: LiveSpan
  readonly traceId: string
  readonly parent: Open | undefined
  /** The span of this process that has no parent in it. */
  readonly root: Open
  /** What the context said when the span began. */
  readonly scope: Scope | undefined
  /** A model call began right below: no agent, no tool between. */
  callBelow: boolean
  /** An LLM span began below, or is this one; kept on roots. */
  llmBelow: boolean
  /** What holds for the whole tree from now on; kept on roots. */
  user: Attributes | undefined
  /** Its place in the tree has been told to those above. */
  placed: boolean
}

/** Spans that never end must not fill the memory; the oldest are forgotten. */
const most = 16_384
/** Higher trees than this are circles. */
export const highest = 128

export class Lineage {
  readonly #open = new Map<string, Open>()

  started(span: LiveSpan, context: Context): Open {
    const parentContext = trace.getSpanContext(context)
    const parent = parentContext?.isRemote ? undefined : this.#open.get(parentContext?.spanId ?? '')
    const { spanId, traceId } = span.spanContext()
    const open = {
      span,
      traceId,
      parent: parent?.traceId === traceId ? parent : undefined,
      scope: scopeOf(context),
      callBelow: false,
      llmBelow: false,
      user: undefined,
      placed: false,
    } as Omit<Open, 'root'> & { root: Open }
    open.root = open.parent?.root ?? open
    this.#open.set(spanId, open)
    if (this.#open.size > most) this.#open.delete(this.#open.keys().next().value as string)
    return open
  }

  /** Forgets the span. Undefined when it is forgotten already. */
  ended(spanId: string): Open | undefined {
    const open = this.#open.get(spanId)
    this.#open.delete(spanId)
    return open
  }

  get(spanId: string): Open | undefined {
    return this.#open.get(spanId)
  }

  /**
   * Tells the spans above that this is an LLM span. Some instrumentations say only at the end what a span is.
   * @returns the call that this one is right below
   */
  place(open: Open, attributes: Readonly<Attributes>): Open | undefined {
    const kind = kindOf(attributes)
    if (kind === undefined || open.placed) return undefined
    open.placed = true
    open.root.llmBelow = true
    if (!isCall(kind)) return undefined
    let above = open.parent
    for (let n = 0; above && n < highest; n++, above = above.parent) {
      const its = kindOf(above.span.attributes)
      if (its !== undefined && its !== kind) return undefined
      above.callBelow = true
      if (its !== undefined) return above
    }
    return undefined
  }

  /** The open span and those above it. */
  upwards(spanId: string | undefined): Set<Open> {
    const found = new Set<Open>()
    for (let at = this.#open.get(spanId ?? ''); at && found.size < highest; at = at.parent) found.add(at)
    return found
  }

  /** The open model calls that fit. */
  calls(fits: (open: Open) => boolean): Open[] {
    const found: Open[] = []
    for (const open of this.#open.values()) {
      if (fits(open) && isCall(kindOf(open.span.attributes))) found.push(open)
    }
    return found
  }
}

export type Kind = 'answer' | 'embeddings' | 'other'

/** Undefined for what is no LLM span. Calls that are different in kind are never the same call. */
export function kindOf(attributes: Readonly<Attributes>): Kind | undefined {
  const operation = operationOf(attributes)
  if (operation === undefined) return undefined
  if (operation === GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS) return 'embeddings'
  return isModelCall({ [ATTR_GEN_AI_OPERATION_NAME]: operation }) ? 'answer' : 'other'
}

export function isCall(kind: Kind | undefined): boolean {
  return kind === 'answer' || kind === 'embeddings'
}

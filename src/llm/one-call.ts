// One call of a model leaves as one span that is priced, however many libraries trace it. Called by the sdk when a span
// starts, and with the normalised copy of each span that has ended.
import type { Attributes, Context } from '@opentelemetry/api'
import { ATTR_AFN_LLM_LOCAL_ROOT, ATTR_AFN_LLM_PARENT_ID } from '../../semconv'
import { Doubles } from './doubles'
import { Echoes } from './echoes'
import { highest, isCall, kindOf, Lineage, type LiveSpan, type Open } from './lineage'
import type { LlmSpan } from './span'
import { scopeOf } from './structure/scope'
import type { Unite } from './united'

/** The instrumentation scope of the tap's own spans. */
export const LLM_SCOPE = '@afn/otel/llm'

export class OneCall<T extends LlmSpan> {
  readonly #lineage = new Lineage()
  readonly #doubles: Doubles<T>
  readonly #echoes: Echoes<T>

  /** @param onDouble told the instrumentation scope of each span that was united with another */
  constructor(unite: Unite<T>, onDouble: (scope: string) => void) {
    const told: Unite<T> = (theirs, ours) => {
      onDouble(theirs.instrumentationScope.name)
      return unite(theirs, ours)
    }
    this.#doubles = new Doubles(told)
    this.#echoes = new Echoes(this.#lineage, told)
  }

  started(span: LiveSpan, context: Context): void {
    const open = this.#lineage.started(span, context)
    const above = this.#lineage.place(open, span.attributes)
    if (above && span.instrumentationScope.name === LLM_SCOPE) {
      this.#doubles.pair(above.span.spanContext().spanId, span.spanContext().spanId)
    }
  }

  /** Ours began while `theirs` was at work on the same call, if that is a call. */
  pair(theirs: string | undefined, ours: string): void {
    const open = this.#lineage.get(theirs ?? '')
    if (open && isCall(kindOf(open.span.attributes))) this.#doubles.pair(open.span.spanContext().spanId, ours)
  }

  /** What can go on now that this one has ended. */
  ended(copy: T): T[] {
    const open = this.#lineage.ended(copy.context.spanId)
    if (open) {
      this.#lineage.place(open, copy.attributes)
      stamp(copy, open)
    }
    return this.#doubles.take(copy, open?.callBelow === true).flatMap(one => this.#echoes.take(one))
  }

  /** A span by its id, while it is open. */
  open(spanId: string): LiveSpan | undefined {
    return this.#lineage.get(spanId)?.span
  }

  /** For a span that is not exported. */
  forget(spanId: string): void {
    this.#lineage.ended(spanId)
  }

  /** Lets everything go on that waits for another span. */
  release(): T[] {
    return [...this.#doubles.release().flatMap(one => this.#echoes.take(one)), ...this.#echoes.release()]
  }

  /**
   * From now on these hold for the scope and for the tree of spans that `context` is in. The scope's are looked at first,
   * so that several at work in one tree keep their own.
   * @returns false where there is neither
   */
  identify(context: Context, spanId: string | undefined, attributes: Attributes): boolean {
    const scope = scopeOf(context)
    const root = this.#lineage.get(spanId ?? '')?.root
    if (scope) Object.assign(scope.set, attributes)
    if (root) root.user = { ...root.user, ...attributes }
    return scope !== undefined || root !== undefined
  }
}

/** What is known of a span's place when it ends. On the copy: the live span may be full. */
function stamp(copy: LlmSpan, open: Open): void {
  if (open.root === open && open.llmBelow) copy.own()[ATTR_AFN_LLM_LOCAL_ROOT] = true
  const above = aboveInLlm(open)
  if (above !== open.parent && kindOf(copy.attributes) !== undefined) {
    copy.own()[ATTR_AFN_LLM_PARENT_ID] = above?.span.spanContext().spanId
  }
  for (let scope = open.scope; scope; scope = scope.outer) fill(copy, scope.set)
  if (open.root.user) fill(copy, open.root.user)
}

/** The nearest span above that goes to LangFuse too: an LLM span, or the local root. */
function aboveInLlm({ parent, root }: Open): Open | undefined {
  for (let n = 0, above = parent; above && n < highest; n++, above = above.parent) {
    if (above === root || kindOf(above.span.attributes) !== undefined) return above
  }
  return parent
}

function fill(copy: LlmSpan, known: Attributes): void {
  for (const key of Object.keys(known)) if (copy.attributes[key] === undefined) copy.own()[key] = known[key]
}

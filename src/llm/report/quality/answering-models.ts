// Which model answered below a span. An app judges an answer where it has it, in a request or an agent: the span that is active there
// is not the one of the call.
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../semconv'
import { isModelCall } from '../../spans/operations'
import type { LlmSpan } from '../../spans/span'
import { text } from './recent'

/** Several models answered. */
const SEVERAL = Symbol('several')
const ERROR = 2

/** Of so many spans at least it is known, and of twice as many at most. */
const most = 2_048

export class AnsweringModels {
  // the older half goes whole, as in `recent.ts`
  #newer = new Map<string, string | typeof SEVERAL>()
  #older = new Map<string, string | typeof SEVERAL>()

  /** Takes each span at its end, those below it before. */
  ended(span: Pick<LlmSpan, 'attributes' | 'context' | 'parentSpanContext' | 'status'>): void {
    const model = answerer(span) ?? this.#get(span.context.spanId)
    const parent = span.parentSpanContext?.spanId
    if (model === undefined || parent === undefined) return
    const known = this.#get(parent)
    if (known === model) return
    if (this.#newer.size >= most) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(parent, known === undefined ? model : SEVERAL)
  }

  /** The model of all calls below the span that have ended and were answered; undefined where there is none, or several. */
  below(spanId: string): string | undefined {
    const model = this.#get(spanId)
    return model === SEVERAL ? undefined : model
  }

  #get(spanId: string): string | typeof SEVERAL | undefined {
    return this.#newer.get(spanId) ?? this.#older.get(spanId)
  }
}

function answerer({ attributes, status }: Pick<LlmSpan, 'attributes' | 'status'>): string | undefined {
  const isAnswer =
    isModelCall(attributes) &&
    attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS &&
    status.code !== ERROR
  return isAnswer ? text(attributes[ATTR_GEN_AI_REQUEST_MODEL]) : undefined
}

// Remembers a little of spans that have ended, since judges take their time.
import type { Attributes, HrTime } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOCAL_ROOT,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../../../../semconv'
import type { LlmSpan } from '../../spans/span'
import { text } from '../../wire/json'

export interface RecentSpan {
  readonly endTime: HrTime
  readonly model: string | undefined
  readonly responseId: string | undefined
  /** Whose it is and what trace it is of, as LangFuse wants it on each observation. */
  readonly belongsTo: Attributes
}

const belongings = [
  ATTR_USER_ID,
  ATTR_SESSION_ID,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_LANGFUSE_TRACE_NAME,
  ATTR_LANGFUSE_TRACE_TAGS,
]
const nothing: Attributes = {}

/** At least so many are known, at most twice as many: some hundred kilobytes. */
const most = 2_048

/**
 * In two halves, the older of which goes whole. Out of one map the oldest would go one by one, and to find it V8 walks over
 * the places of all that went before: 10 µs a span once the map is full.
 */
export class RecentSpans {
  #newer = new Map<string, RecentSpan>()
  #older = new Map<string, RecentSpan>()

  readonly add = (span: LlmSpan): void => {
    const { context, endTime, attributes } = span
    if (this.#newer.size >= most) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(context.spanId, {
      endTime,
      model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]),
      responseId: text(attributes[ATTR_GEN_AI_RESPONSE_ID]),
      belongsTo: belongingsOf(span),
    })
  }

  get(spanId: string): RecentSpan | undefined {
    return this.#newer.get(spanId) ?? this.#older.get(spanId)
  }
}

function belongingsOf({ name, attributes }: LlmSpan): Attributes {
  let known: Attributes | undefined
  for (const key of belongings) {
    const value = attributes[key]
    if (value === undefined) continue
    known ??= {}
    known[key] = value
  }
  // a local root names its trace
  if (attributes[ATTR_AFN_LLM_LOCAL_ROOT] === true) return { [ATTR_LANGFUSE_TRACE_NAME]: name, ...known }
  return known ?? nothing
}

/** Several models answered. */
const SEVERAL = Symbol('several')
const ERROR = 2

/** Of so many spans at least it is known, and of twice as many at mostParents. */
const mostParents = 2_048

/**
 * Which model answered below a span. An app judges an answer where it has it, in a request or an agent: the span that is active there
 * is not the one of the call.
 */
export class AnsweringModels {
  // the older half goes whole, as in `RecentSpans`
  #newer = new Map<string, string | typeof SEVERAL>()
  #older = new Map<string, string | typeof SEVERAL>()

  /** Takes each span at its end, those below it before. */
  readonly ended = (span: Pick<LlmSpan, 'call' | 'context' | 'parentSpanContext' | 'status'>): void => {
    const parent = span.parentSpanContext?.spanId
    if (parent === undefined) return
    const { call, status } = span
    const isAnswer =
      call?.isModelCall && call.operation !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS && status.code !== ERROR
    const model = (isAnswer && call.requestModel) || this.#get(span.context.spanId)
    if (model === undefined) return
    const known = this.#get(parent)
    if (known === model) return
    if (this.#newer.size >= mostParents) {
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
